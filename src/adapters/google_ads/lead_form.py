"""
From the JSON of a submitted form to a lead: what Google sends, and how it is read.

https://developers.google.com/google-ads/webhook/docs/implementation

Google adds members without notice, and each may be missing: none is required here, and whoever
reads a member takes it only if it is of the kind expected (`channel_tools.sent_json`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TypedDict

from adapters.channel_tools.sent_json import as_dict, as_id, as_list, as_text, to_text
from domain.delivery import Inbound, Unreadable
from domain.identity import Identity
from domain.json_value import JsonValue
from domain.lead import LeadDetails
from domain.message import Message


class SentColumn(TypedDict, total=False):
    """
    One answer of the form.

    Forms of the older schema have no id, or one in small letters: then the name says the same. A
    question of the form's own may have a name alone, too.
    """

    column_id: str  # FULL_NAME, EMAIL, …
    column_name: str  # "Full Name"
    string_value: str


class SentForm(TypedDict, total=False):
    """One submitted form; each id may be a number or a text."""

    lead_id: str  # the same one in all tests
    google_key: str  # what the operator entered as the key; one sample of Google's has Google_key
    is_test: bool  # or the text "true"
    user_column_data: list[SentColumn]
    lead_submit_time: str  # ISO 8601, with or without a zone
    api_version: str
    form_id: int
    campaign_id: int
    adgroup_id: int  # 0 where an ad has no group, as under Performance Max
    creative_id: int
    asset_group_id: int
    gcl_id: str  # the click's
    lead_stage: str
    lead_source: str


LEAD, TEST_LEAD = "lead", "test_lead"
"""Kinds of identities. Google's samples give one id to a lead and to a test: never one person."""

MESSAGE_TYPE = "lead_form"
TEST = "test"

COLUMNS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "name": (("FULL_NAME",), ("FIRST_NAME", "LAST_NAME"), ("GIVEN_NAME", "FAMILY_NAME")),
        "email": (("EMAIL",), ("WORK_EMAIL",)),
        "phone": (("PHONE_NUMBER",), ("WORK_PHONE",)),
    }
)
"""Which columns make a field: the first that are there; of two together, both if they can."""
FIELD_COLUMNS = frozenset(
    column for choices in COLUMNS.values() for columns in choices for column in columns
)
OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {"USER_EMAIL": "EMAIL", "USER_PHONE": "PHONE_NUMBER"}
)
"""What forms of the older schema, which have no ids, call a column."""

IDS = ("form_id", "campaign_id", "adgroup_id", "creative_id", "asset_group_id", "gcl_id")
WORDS = ("lead_stage", "lead_source")
NO_ID = "0"
"""What Google sends where an ad has none, as under Performance Max."""


def keys_in(payload: Mapping[str, Any]) -> list[bytes]:
    """All values that stand as the key; Google's own samples write its name in two ways."""
    found = [value for name, value in payload.items() if _is_key(name)]
    return [
        value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b"" for value in found
    ]


def read(payload: SentForm) -> Inbound | Unreadable:
    """The submission; whatever else is odd in it, with an id it is a person's."""
    raw = to_text({name: value for name, value in payload.items() if not _is_key(name)})
    lead_id = as_id(payload.get("lead_id"))
    is_test = payload.get("is_test") in (True, "true")
    if lead_id is None:
        return Unreadable(raw=raw, details=_details(payload, is_test=is_test))
    return Inbound(
        identities=(Identity(TEST_LEAD if is_test else LEAD, lead_id),),
        message=Message(
            message_id=_test_id(lead_id, payload) if is_test else lead_id,
            type=MESSAGE_TYPE,
            text=None,
            sent_at=_moment(payload.get("lead_submit_time")),
            raw=raw,
        ),
        details=_details(payload, is_test=is_test),
        counts=not is_test,
    )


def _is_key(name: str) -> bool:
    return name.lower() == "google_key"


def _test_id(lead_id: str, payload: SentForm) -> str:
    """The message id of a test: all may have one lead's id, so the click's stands for it."""
    return f"{TEST}:{as_id(payload.get('gcl_id')) or lead_id}"


def _details(payload: SentForm, *, is_test: bool) -> LeadDetails:
    answers = _answers(payload)
    name, email, phone = (_taken(answers, COLUMNS[field]) for field in ("name", "email", "phone"))
    ids = {name: found for name in IDS if (found := as_id(payload.get(name))) and found != NO_ID}
    words = {name: found for name in WORDS if (found := as_text(payload.get(name)))}
    marks = {TEST: True} if is_test else {}
    attributes: dict[str, JsonValue] = {**answers, **ids, **words, **marks}
    return LeadDetails(name=name, email=email, phone=phone, attributes=attributes)


def _answers(payload: SentForm) -> dict[str, str]:
    """What the person wrote, by the column's id; a question of the form's own may have none."""
    answers: dict[str, str] = {}
    for column in map(as_dict, as_list(payload.get("user_column_data"))):
        name = _name_of(column)
        answer = as_id(column.get("string_value"))
        if name and answer:
            answers[name] = f"{answers[name]}, {answer}" if name in answers else answer
    return answers


def _name_of(column: Mapping[str, Any]) -> str | None:
    """The column's id as Google writes it today, where it is one of a field; else its own name."""
    name = as_text(column.get("column_id")) or as_text(column.get("column_name"))
    if name is None:
        return None
    id_today = "_".join(name.upper().split())
    id_today = OTHER_NAMES.get(id_today, id_today)
    return id_today if id_today in FIELD_COLUMNS else name


def _taken(answers: dict[str, str], choices: tuple[tuple[str, ...], ...]) -> str | None:
    """Take the answers of the first choice that has any out of *answers*."""
    for columns in choices:
        parts = [answers.pop(column) for column in columns if column in answers]
        if parts:
            return " ".join(parts)
    return None


def _moment(text: Any) -> datetime | None:
    """A moment as ISO 8601 has it; in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
