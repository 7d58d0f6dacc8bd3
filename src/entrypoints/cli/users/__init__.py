"""`swiftcrm user …`: its commands, and what they print."""
