"""Save the store, and put a saved one in its place."""
