"""What a serving process does beside its calls: it says whether it is ready, remembers settings, writes down moments."""
