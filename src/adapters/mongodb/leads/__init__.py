"""Leads in MongoDB: captures are written, leads are read."""
