"""The lead path: which address it has, what a call to it says, and how it is answered."""
