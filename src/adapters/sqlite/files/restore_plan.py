"""
The last steps of a restore, which the next process that opens the store ends if it was killed.

A restore replaces several files, and no file system does that in one step. So it makes the new
ones beside the store under other names, and then writes a plan that says what is to be done with
them. Killed before the plan is there, it leaves the old store. Killed after it, it leaves a plan,
and nobody opens the store before the steps of the plan are done; each of them may be done again.
So a process finds the old store or the new one with its key, never a mixture.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from adapters.sqlite.files.copies import beside, draft, read_own, sync, unused_name, write_new
from domain.errors import Advice, AdviceCode, StoreUnusable

PLAN_ENDING = ".restoring"
_LOG, _INDEX = "-wal", "-shm"


@dataclass(frozen=True)
class RestorePlan:
    """
    The names of files in the folder of the store.

    Attributes:
        draft: What becomes the store.
        key_draft: What becomes the key of its secrets; empty where the key stays.
        key: The name of that key.
        aside: What the old store is called from then on; its log and its key with their endings.
    """

    draft: str
    key_draft: str
    key: str
    aside: str

    def write(self, store: Path) -> None:
        """
        Decide that it will be done; it is decided when this returns.

        Raises:
            StoreUnusable: It could not be done, so it is not decided.
        """
        # A plan with a step that can never be done would keep everybody out for good. So the one
        # step that a file system may refuse is tried first.
        if any(_is_to_link(old) for old, _ in _to_put_aside(store, self)):
            _try_a_link(store)
        # Written under another name and then renamed: a plan that is there is whole.
        draft = beside(store, f"{PLAN_ENDING}.draft")
        draft.unlink(missing_ok=True)
        write_new(draft, json.dumps(asdict(self)).encode(), store)
        draft.rename(plan_file(store))
        sync(store.parent)


def plan_file(store: Path) -> Path:
    """Where the plan is while a restore is under way."""
    return beside(store, PLAN_ENDING)


def is_there(store: Path) -> bool:
    """Whether there is a store, or will be as soon as a restore is ended."""
    return store.exists() or plan_file(store).exists()


def finish_restoring(store: Path) -> bool:
    """
    Do what the plan says, if there is one; the caller holds the store's lock alone.

    Raises:
        StoreUnusable: It cannot be done now.
    """
    file = plan_file(store)
    try:
        plan = RestorePlan(**json.loads(read_own(file)))
        _finish(store, plan)
        file.unlink()
        sync(store.parent)
    except FileNotFoundError:
        return False
    except (OSError, ValueError, TypeError) as error:
        raise StoreUnusable(
            f"A restore of {store} was interrupted, and cannot be finished: {error}.",
            Advice(AdviceCode.FINISH_RESTORE),
        ) from error
    return True


def _finish(store: Path, plan: RestorePlan) -> None:
    """
    Do the steps of *plan* that are not done yet.

    The old files get second names first, so that nothing of the old store is lost whatever comes.
    Then its log goes, then the key comes, and the new store comes last: as long as its draft is
    there, the steps before it may not be done, and are done again.
    """
    draft = store.with_name(plan.draft)
    if not draft.exists():  # it is the store already
        return
    for old, aside in _to_put_aside(store, plan):
        if _is_to_link(old) and not aside.exists():
            os.link(old, aside)
    sync(store.parent)
    # The old log must never be beside the new file: SQLite would copy its pages into that.
    for ending in (_LOG, _INDEX):
        beside(store, ending).unlink(missing_ok=True)
    sync(store.parent)
    if plan.key_draft and (key_draft := store.with_name(plan.key_draft)).exists():
        key_draft.replace(store.with_name(plan.key))
    draft.replace(store)
    sync(store.parent)


def _is_to_link(old: Path) -> bool:
    return old.exists() and old.stat().st_size > 0


def _try_a_link(store: Path) -> None:
    with draft(unused_name(store, ".restore")) as file:
        link = unused_name(store, ".restore")
        try:
            os.link(file, link)
        except OSError as error:
            raise StoreUnusable(
                f"The old store cannot be put aside: the file system of {store.parent} takes no"
                f" links ({error.strerror}). Nothing was changed.",
                Advice(AdviceCode.MOVE_STORE_YOURSELF, {"store": store.name}),
            ) from error
        link.unlink()


def _to_put_aside(store: Path, plan: RestorePlan) -> Iterator[tuple[Path, Path]]:
    """The files of the old store, each with the name that it gets."""
    aside = store.with_name(plan.aside)
    yield store, aside
    yield beside(store, _LOG), beside(aside, _LOG)
    if plan.key_draft:
        yield store.with_name(plan.key), beside(aside, ".key")
