"""Who signs in to the console: users, their sessions, and the links that let them in."""
