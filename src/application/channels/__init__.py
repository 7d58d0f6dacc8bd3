"""The channels of a project: their settings, what came through them, whose an item is."""
