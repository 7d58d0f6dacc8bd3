"""What a lead, a project, a key and a plan are, and why a call is refused."""
