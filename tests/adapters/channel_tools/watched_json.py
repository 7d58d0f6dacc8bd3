"""JSON that knows which `TypedDict` shows it, and notes what is looked for in vain there."""

from typing import Any, get_args, get_origin, get_type_hints, is_typeddict


class Watched(dict[str, Any]):
    """An object; `not_shown` collects the members that are looked at and that *kind* lacks."""

    def __init__(self, members: dict[str, Any], kind: type, not_shown: set[str]) -> None:
        self._kind, self._not_shown = kind, not_shown
        self._shown = get_type_hints(kind)
        super().__init__({n: watched(v, self._shown.get(n), not_shown) for n, v in members.items()})

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def _note(self, name: str) -> None:
        if name not in self._shown:
            self._not_shown.add(f"{self._kind.__name__}.{name}")


def watched(value: Any, kind: Any, not_shown: set[str]) -> Any:
    """*value* as JSON gives it, its objects watched as far as *kind* says what they are."""
    if is_typeddict(kind) and isinstance(value, dict):
        return Watched(value, kind, not_shown)
    if get_origin(kind) is list and isinstance(value, list):
        (element,) = get_args(kind)
        return [watched(one, element, not_shown) for one in value]
    return value
