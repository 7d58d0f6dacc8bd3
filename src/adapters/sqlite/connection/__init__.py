"""The connection to the file: its transactions, its schema, what its errors mean."""
