"""The console: what the command does, as pages for who never opens a terminal."""
