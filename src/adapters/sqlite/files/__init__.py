"""The files of the store: who has them open, what happens when one is lost, and disk space."""
