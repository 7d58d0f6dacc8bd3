"""How often, and on what, a fault is tried: some by `make test`, all by `make faults`."""

import os

from tests.support.stores import SQLITE

FULL = os.environ.get("SWIFTCRM_TEST_FAULTS") == "full"
DRIVERS_TRIED = ("motor", "pymongo") if FULL else ("motor",)
"""
What the whole program is tried with. What it does with MongoDB is the same through both, and
the adapters' own tests hold each of them to it, outages included.
"""
KINDS_TRIED = (SQLITE, *DRIVERS_TRIED)


def times(full: int, quick: int) -> int:
    """*full* where everything is to be tried, else *quick*."""
    return full if FULL else quick
