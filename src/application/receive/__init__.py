"""A webhook is called: who sent the delivery, and what becomes of its items."""
