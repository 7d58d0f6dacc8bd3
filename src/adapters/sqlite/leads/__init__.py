"""Leads in SQLite: captures are written, leads are read."""
