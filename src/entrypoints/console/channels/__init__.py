"""What the page of a channel says: its settings, how far it is connected, and what to mend."""
