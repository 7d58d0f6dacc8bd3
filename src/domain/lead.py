"""What a lead is, and who and what it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal

from domain.json_value import JsonObject
from domain.message import Message


@dataclass(frozen=True, slots=True)
class Text:
    """
    A field that holds one trimmed string of at most *limit* characters (code points).

    Attributes:
        is_email: It must be an e-mail address.
        may_be_number: Some programs send its digits as a number.
        may_be_false: Some programs send false where there is none.
    """

    limit: int
    is_email: bool = False
    may_be_number: bool = False
    may_be_false: bool = False


@dataclass(frozen=True, slots=True)
class AnyObject:
    """
    A field that holds a JSON object of any keys; some programs send it as text.

    Attributes:
        as_text: What such a text is.
    """

    as_text: Literal["json", "query"]


@dataclass(frozen=True, slots=True)
class ListOfStrings:
    """A field that holds an array of strings."""


Rule = Text | AnyObject | ListOfStrings


def _text(limit: int, **more: bool) -> Any:
    return field(default=None, metadata={"rule": Text(limit, **more)})


def _object(as_text: Literal["json", "query"]) -> Any:
    return field(default_factory=dict, metadata={"rule": AnyObject(as_text)})


def _strings() -> Any:
    return field(default=(), metadata={"rule": ListOfStrings()})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDetails:
    """
    What a lead says about a person; every field is optional.

    A new field is one line here: reading, storage and everything that shows leads follow its
    rule. From then on it is no attribute any more.
    """

    name: str | None = _text(255)
    email: str | None = _text(255, is_email=True)
    phone: str | None = _text(50, may_be_number=True, may_be_false=True)
    attributes: JsonObject = _object("json")  # noqa: RUF009  gives a field()
    source_url: str | None = _text(2048, may_be_false=True)
    referrer: str | None = _text(2048, may_be_false=True)
    utm: JsonObject = _object("query")  # noqa: RUF009  gives a field()
    page_trail: tuple[str, ...] = _strings()

    def present(self) -> dict[str, Any]:
        """The fields that are there, as plain JSON values."""
        values = zip(_NAMES, _values(self), strict=True)
        return {name: value for name, value in values if value}

    @property
    def has_contact(self) -> bool:
        """Whether it says who can be called back: a name, an e-mail address or a phone number."""
        return any(getattr(self, name) for name in CONTACT)

    @classmethod
    def of(cls, present: JsonObject) -> "LeadDetails":
        """The details that `present()` gave, also when read back from JSON."""
        values: dict[str, Any] = {name: present[name] for name in RULES if name in present}
        for name, rule in RULES.items():
            if name in values and isinstance(rule, ListOfStrings):
                values[name] = tuple(values[name])
        return cls(**values)


RULES: Mapping[str, Rule] = MappingProxyType(
    {name: f.metadata["rule"] for name, f in LeadDetails.__dataclass_fields__.items()}
)
"""The fields of a lead, in the order in which they are shown, and what each must be."""
_NAMES = tuple(RULES)
_values = attrgetter(*_NAMES)
REST = "rest"
"""The channel of a lead that came as a call to the lead path."""
CONTACT = ("name", "email", "phone")
"""Who leaves none of these cannot be called back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """
    A person who raised a hand; *captured_at* is aware UTC, to the millisecond.

    *joined_into* is the number of the earlier lead that turned out to be the same person's.
    """

    project_id: str
    lead_id: int
    channel: str
    captured_at: datetime
    request_id: str
    details: LeadDetails
    messages: tuple[Message, ...] = ()
    joined_into: int | None = None
