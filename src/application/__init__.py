"""What the service does, a use case per file, and the ports it does it through."""
