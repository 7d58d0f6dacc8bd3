"""How large and how deep the JSON of a lead may be."""

from collections.abc import Mapping, Sequence

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

    Iterative, so that depth costs no stack. What is too deep is not looked into.
    """
    keys, faults = 0, dict[str, None]()
    pending: list[tuple[JsonValue, int]] = [(value, level)]
    while pending:
        item, depth = pending.pop()
        if isinstance(item, dict | list):
            if depth > MAX_DEPTH:
                faults[TOO_DEEP] = None
                continue
            if isinstance(item, dict):
                keys += len(item)
                item = list(item.values())
            pending.extend((child, depth + 1) for child in item)
        elif is_too_large(item):
            faults[TOO_LARGE_INTEGER] = None
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
