"""What a serving process does beside its calls: it answers probes, caches settings, notes times."""
