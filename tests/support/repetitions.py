"""How often a fault is tried: a few times by `make test`, at full count by `make faults`."""

import os

FULL = os.environ.get("SWIFTCRM_TEST_FAULTS") == "full"


def times(full: int, quick: int) -> int:
    """*full* where everything is to be tried, else *quick*."""
    return full if FULL else quick
