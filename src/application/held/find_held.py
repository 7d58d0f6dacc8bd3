"""One held call that somebody names by its id."""

from collections.abc import Sequence
from dataclasses import replace

from application.ports.held_archive import HeldArchive
from domain.errors import Advice, AdviceCode, NotFound
from domain.held import LINES, HeldCall, HeldQuery

PAGE = 100
"""So many are read together; each may be some megabytes."""


class FindHeld:
    """Find what a project holds by its ids, or say that it holds no such thing."""

    def __init__(self, archive: HeldArchive) -> None:
        self._archive = archive

    async def __call__(self, project_id: str, held_id: str) -> HeldCall:
        """
        The held call, or the line, of this id.

        Raises:
            NotFound: The project holds none.
            StorageUnavailable: Nothing is known.
        """
        _refuse_odd(held_id)
        query = HeldQuery(project_id=project_id, held_ids=[held_id])
        for call in await self._archive.page(query, after=None, limit=1):
            return call
        raise _unknown(held_id)

    async def refuse_unknown(self, query: HeldQuery) -> None:
        """
        Make sure that all ids of *query* are of calls that can be released, and of its code.

        Raises:
            NotFound: One is not; the text says which, and why.
            StorageUnavailable: Nothing is known.
        """
        if query.held_ids is None:
            return
        for held_id in query.held_ids:
            _refuse_odd(held_id)
        codes = await self._codes(replace(query, code=None))
        for held_id in query.held_ids:
            if held_id not in codes:
                raise _unknown(held_id)
            if codes[held_id] in LINES:
                raise _holds_nothing(held_id, codes[held_id])
            if query.code not in (None, codes[held_id]):
                raise NotFound(f"{held_id} is held as {codes[held_id]}, not as {query.code}.")

    async def _codes(self, query: HeldQuery) -> dict[str, str]:
        codes: dict[str, str] = {}
        page: Sequence[HeldCall]
        after = None
        while page := await self._archive.page(query, after=after, limit=PAGE):
            codes |= {call.held_id: call.code for call in page}
            after = page[-1].held_id
        return codes


def _refuse_odd(held_id: str) -> None:
    """No store is asked for what is no text, as a shell may pass it on."""
    if not held_id.isascii():
        raise _unknown(held_id)


def _unknown(held_id: str) -> NotFound:
    return NotFound(f"No such item is held: {held_id!r}.", Advice(AdviceCode.LIST_HELD))


def _holds_nothing(held_id: str, code: str) -> NotFound:
    return NotFound(
        f"{held_id} is a line ({code}): it says that calls were refused, and holds nothing that"
        " could be released."
    )
