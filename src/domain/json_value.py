"""The values that JSON (RFC 8259) can carry, as Python has them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = (
    "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
JsonObject: TypeAlias = Mapping[str, JsonValue]
DEEPEST_LEVELS = 200
"""No sender nests a tenth of this; Python can write far more, but not always all it can read."""
