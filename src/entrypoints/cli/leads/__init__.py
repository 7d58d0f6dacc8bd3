"""`swiftcrm lead …`: its commands, which leads they are about, and what they print."""
