"""The leads of a project, and what waits."""
