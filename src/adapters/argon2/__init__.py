"""Passwords hashed with Argon2id, by `argon2-cffi`."""

from adapters.argon2.password_hash import Argon2PasswordHash

__all__ = ["Argon2PasswordHash"]
