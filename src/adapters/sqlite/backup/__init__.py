"""Backups: a store is copied while it serves, and put back while nobody has it open."""
