"""The pages of the console: a module for each, with a template of the same name."""
