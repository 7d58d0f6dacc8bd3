"""Users of the console: invited, signed in and out, changed, removed."""
