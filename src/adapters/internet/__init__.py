"""
The Internet: its rules for names, by the libraries that keep them up to date, and calls to it.

`adapters.internet.delivery_sender` is imported where it is needed: its client takes time to load.
"""

from adapters.internet.address_syntax import PublishedAddressSyntax

__all__ = ["PublishedAddressSyntax"]
