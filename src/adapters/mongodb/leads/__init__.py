"""Captures become leads in MongoDB."""
