"""What operators set, in SQLite: projects, keys, channels."""
