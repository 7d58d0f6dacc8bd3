"""Captures become leads in SQLite."""
