"""A project: how it is doing, its settings, and what sends its leads."""
