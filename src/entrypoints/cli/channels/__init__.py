"""`swiftcrm channel …`: its commands, what they print, and what to mend where a sample fails."""
