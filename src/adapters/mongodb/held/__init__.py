"""What is held, in MongoDB."""
