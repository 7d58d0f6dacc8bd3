"""Connections: bytes become requests, in bounded time and memory, until the last answer."""
