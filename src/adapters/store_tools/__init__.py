"""What every store needs."""
