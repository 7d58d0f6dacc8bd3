"""A store that is closed or copied while it is open: saved, and put back."""
