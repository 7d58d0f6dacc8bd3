"""JSON values of any shape, and payloads in which one stands where another was expected."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "0", "\0", "1795341600", "12025550147", "US.1", "text", "messages"])
)
JSON_VALUES = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)

Path = tuple[str | int, ...]


def json_bytes(value: Any) -> bytes:
    """As most senders write it."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """The way to every value in *value*, itself included."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*path, index))


def with_value_at(whole: Any, path: Path, value: Any) -> Any:
    """A copy of *whole* with *value* at the end of *path*."""
    if not path:
        return value
    copy = whole.copy()
    copy[path[0]] = with_value_at(whole[path[0]], path[1:], value)
    return copy


def nested(depth: int) -> list[Any]:
    """Lists in lists."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value
