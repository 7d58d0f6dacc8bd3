"""What is held, in SQLite."""
