"""What every `LeadArchive` does."""
