"""A copy of the store: what is in it, and where it went."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[float], None]
"""Called now and then with how much is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class StoredSetting:
    """The values of one setting of a channel as they are stored: secret ones are locked."""

    channel: str
    name: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class StoreContent:
    """What a whole and readable copy has."""

    size_bytes: int
    projects: int
    leads: int
    held: int
    settings: Sequence[StoredSetting]


@dataclass(frozen=True, slots=True)
class Saved:
    """
    A copy that was made.

    Attributes:
        key_file: Where the key beside the store was copied to; None where there is none.
    """

    file: Path
    content: StoreContent
    key_file: Path | None


@dataclass(frozen=True, slots=True)
class PutBack:
    """
    A copy that is the store now.

    Attributes:
        aside: The file that was the store before; None where there was none.
        key_file: The key that came with the copy, in its place now; None where none came.
    """

    content: StoreContent
    aside: Path | None
    key_file: Path | None
