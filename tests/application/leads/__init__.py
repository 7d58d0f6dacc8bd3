"""Kept leads are looked for and counted."""
