"""How many leads a second; run with `make bench`."""
