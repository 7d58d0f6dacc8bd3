"""What a body is: of which kind, and as an object."""
