"""The command line: `swiftcrm`."""
