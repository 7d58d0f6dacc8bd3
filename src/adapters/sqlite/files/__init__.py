"""The files of the store: who has them open, and what happens when one is lost."""
