"""
What the application needs from outside, a role per file.

Adapters inherit their port, so that a forgotten method fails at construction.
Every port has one contract test class, and every adapter of it subclasses that.
All datetimes are timezone-aware UTC, going in and coming out, to the millisecond.
"""
