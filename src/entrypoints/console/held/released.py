"""What is said after a release: how many became leads, how many still wait, and why."""

from collections.abc import Iterator

from application.held.release import ReleaseCount
from entrypoints.console.done import Done

WAITS_SECONDS = 4.0
"""So long a page waits for a release; what takes longer goes on without it."""
RELEASED = "released"
_GOES_ON = (
    "The release goes on by itself, since there is much to release. Open this page again to see how"
    " many still wait."
)
_NOTHING = "Nothing was released: nothing of it is held now."


def word_for(count: ReleaseCount | None) -> str:
    """What the cookie `done` carries of *count*; None of a release that goes on."""
    if count is None:
        return RELEASED
    numbers = (count.released, count.still_held, count.without_place, count.arrived)
    return ".".join([RELEASED, *map(str, numbers)])


def done(word: str) -> Done | None:
    """What such a word says; None for any other, which no page of ours has set."""
    name, *texts = word.split(".")
    if name != RELEASED or not all(text.isascii() and text.isdigit() for text in texts):
        return None
    match [int(text[:9]) for text in texts]:
        case []:
            return Done(_GOES_ON)
        case [0, 0, 0, 0]:
            return Done(_NOTHING, is_good=False)
        case [released, still_held, without_place, arrived]:
            said = " ".join(_sentences(released, still_held, without_place, arrived))
            return Done(said, True, "See the leads", "/leads") if released else Done(said, False)
    return None


def _sentences(released: int, still_held: int, without_place: int, arrived: int) -> Iterator[str]:
    if released:
        yield f"Released: {released:,}."
    if without_place:
        yield f"No place in this month: {without_place:,}."
        yield "Once there is one, release what still waits."
    if still_held > without_place:
        yield f"Still held, for the reason that is said there: {still_held - without_place:,}."
    if arrived:
        yield (
            f"Not released, since their people tried again and are leads by now: {arrived:,}."
            " If one is somebody else all the same, release it by itself."
        )
