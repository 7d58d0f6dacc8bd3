"""How many leads a second, and through how many files each walks; run with `make bench`."""
