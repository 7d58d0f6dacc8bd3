"""The Internet's rules for names, by the libraries that keep them up to date."""

from adapters.internet.names import PublishedInternetNames

__all__ = ["PublishedInternetNames"]
