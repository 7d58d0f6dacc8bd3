"""A call becomes a lead: who may call, what is written, and in which batch."""
