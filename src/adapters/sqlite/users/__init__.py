"""Users of the console, in SQLite: with their sessions, and the tries to sign in."""
