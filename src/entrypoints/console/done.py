"""What the next page says, once, of what was done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """
    A sentence, and where to see what came of it.

    Attributes:
        is_good: What was asked for was done; else somebody needs to look.
        link, room: The words of a link, and its path below the project; empty if there is none.
    """

    sentence: str
    is_good: bool = True
    link: str = ""
    room: str = ""
