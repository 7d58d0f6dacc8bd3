"""Leads in SQLite are read and counted."""
