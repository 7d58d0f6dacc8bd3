"""What operators set, in MongoDB: projects, keys, channels."""
