"""Projects: made, changed, found, shown."""
