"""
What is left of a store whose main file is gone.

SQLite would throw its log away with the first look at a new file of that name, and an empty
store would answer as if nothing had ever been in it.
"""

import glob
from pathlib import Path

from adapters.sqlite.files.copies import beside
from application.ports.errors import StoreUnusable

_ANEW = "To begin anew with an empty store, move {left} to another folder."
_SAVED = "{store} is gone, but what was in it was saved: run `swiftcrm restore {left}`. " + _ANEW
_LOG = (
    "{store} is gone, but its log {left} is not, and has what was acknowledged last. If the store"
    " was moved, move it back to its log; if it was deleted, run `swiftcrm restore` with a"
    " backup. " + _ANEW
)


def refuse_to_begin_anew(store: Path) -> None:
    """
    See that no new store takes the place of one that is gone; there is nobody who has it open.

    Raises:
        StoreUnusable: There is something left of it; the text says what, and what to do.
    """
    if store.exists() and store.stat().st_size:
        return
    saved = sorted(store.parent.glob(f"{glob.escape(store.name)}.saved-*"))
    if saved:
        raise StoreUnusable(_SAVED.format(store=store, left=saved[-1]))
    log = beside(store, "-wal")
    if log.exists() and log.stat().st_size:
        raise StoreUnusable(_LOG.format(store=store, left=log))
