"""Who comes in, and who may: signing in, accounts, users."""
