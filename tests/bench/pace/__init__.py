"""How many leads a second, beside what Sanic alone can do, and what each of them costs."""
