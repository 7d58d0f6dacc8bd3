"""Where the processor time of a lead goes."""
