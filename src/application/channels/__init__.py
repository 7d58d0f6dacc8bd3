"""The channels of a project: their settings, what came in, and which project gets an item."""
