"""The service over HTTP, on Sanic."""
