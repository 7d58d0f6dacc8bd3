"""The connection to the file: its transactions, its schema, its errors, room on its disk."""
