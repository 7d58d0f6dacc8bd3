"""Leads in MongoDB are read and counted."""
