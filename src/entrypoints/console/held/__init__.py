"""What the page of held calls says: why each waits, what mends it, and who it is from."""
