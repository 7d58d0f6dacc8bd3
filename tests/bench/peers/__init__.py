"""Other servers that take a lead by HTTP and write it to MongoDB; `make bench-peers`."""
