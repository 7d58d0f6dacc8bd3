"""Authenticated encryption by the Fernet recipe of `cryptography`."""

from adapters.fernet.secret_box import FernetSecretBox

__all__ = ["FernetSecretBox"]
