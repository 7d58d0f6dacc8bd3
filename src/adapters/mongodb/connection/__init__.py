"""The connection to MongoDB: its client, what its errors mean, whether it answers, its schema."""
