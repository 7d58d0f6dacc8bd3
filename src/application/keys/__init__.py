"""The keys of projects: made, checked, revoked, last used."""
