"""How large and how deep the JSON of a lead may be."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.json_value import JsonValue

MAX_DEPTH = 8
"""Levels of nesting below the top object."""
MAX_KEYS = 2000
"""Keys of all objects of one body together."""
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**63 - 1

TOO_MANY_KEYS = f"must not have more than {MAX_KEYS:,} keys in all"
TOO_DEEP = f"must not be nested deeper than {MAX_DEPTH} levels"
TOO_LARGE_INTEGER = "must not contain integers outside signed 64 bits"


def faults_of(value: JsonValue, level: int = 1) -> tuple[int, Sequence[str]]:
    """
    The number of keys below *value*, which is on this *level*, and each fault in its shape.

    Level by level, so that depth costs no stack; the fault of a higher level comes first. What is
    too deep is not looked into.
    """
    keys, faults = 0, dict[str, None]()
    items: list[Any] = [value]
    while items:
        deeper: list[Any] = []
        others = [item for item in items if item.__class__ is not str]  # most are text
        for item in others:
            kind = item.__class__
            if kind is dict or kind is list:
                if level > MAX_DEPTH:
                    faults[TOO_DEEP] = None
                elif kind is dict:
                    keys += len(item)
                    deeper += item.values()
                else:
                    deeper += item
            elif kind is int and not SMALLEST_INTEGER <= item <= LARGEST_INTEGER:
                faults[TOO_LARGE_INTEGER] = None
        items, level = deeper, level + 1
    return keys, list(faults)


def is_too_large(value: JsonValue) -> bool:
    """Whether *value* is an integer that no store keeps exactly."""
    return isinstance(value, int) and not SMALLEST_INTEGER <= value <= LARGEST_INTEGER


def with_text_for_large_integers(value: JsonValue) -> JsonValue:
    """*value*, which is not too deep, with its large integers as their digits."""
    if is_too_large(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: with_text_for_large_integers(child) for key, child in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [with_text_for_large_integers(child) for child in value]
    return value
