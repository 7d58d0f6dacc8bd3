"""Which lead channels are switched on, and what a channel must be."""
