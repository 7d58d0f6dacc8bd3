"""A webhook is called: is it ours, who sent it, and what becomes of its items."""
