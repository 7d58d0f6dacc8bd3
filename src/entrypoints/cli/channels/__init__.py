"""`swiftcrm channel …`: its commands, their help, what they print, and what to mend."""
