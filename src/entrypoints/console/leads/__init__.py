"""What the pages of leads say: which are looked for, how a lead is reached, and its story."""
