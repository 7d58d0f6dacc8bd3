"""Whose call it was that failed: an operator will be asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import PortError
from domain.refusals import Refusal


@contextmanager
def calls_of(project_id: str) -> Iterator[None]:
    """Note on every refusal inside, and on every failure of the store's, whose call it was."""
    try:
        yield
    except (Refusal, PortError) as failure:
        failure.project_id = project_id
        raise
