"""Users of the console, in MongoDB: with their sessions, and the tries to sign in."""
