"""Secrets that a sender and a project share."""

import hmac
from collections.abc import Iterable


def is_one_of(given: bytes, secrets: Iterable[str]) -> bool:
    """
    Whether *given* is one of *secrets*: a project has two while it changes from one to the other.

    Each is compared in constant time, so that nobody finds one out by measuring answers.
    """
    return any(hmac.compare_digest(given, secret.encode()) for secret in secrets)
