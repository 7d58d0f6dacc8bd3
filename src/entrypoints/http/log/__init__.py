"""What the log may say of what a stranger sent."""
