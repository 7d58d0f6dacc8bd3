"""Kept leads: how they are filled, found and counted, and where they came from."""
