import pytest

from domain.held import CODES, LINES, PLAN_LIMIT_REACHED, VALIDATION_FAILED, HeldLimits, HeldRoom
from domain.lead import LeadDetails
from domain.message import Message
from tests.support.builders import a_capture, a_held_call, a_message, a_project

ACKNOWLEDGED = {"PLAN_LIMIT_REACHED", "NUMBER_NOT_LISTED", "UNREADABLE", "UNPROVEN"}
MIB = 2**20


@pytest.mark.parametrize("code", CODES)
def test_of_each_code_a_project_holds_ten_thousand(code: str) -> None:
    limits = HeldLimits()

    assert limits.has_room(code, HeldRoom(10_000, 0))
    assert not limits.has_room(code, HeldRoom(10_001, 0))


@pytest.mark.parametrize("code", CODES)
def test_of_what_was_acknowledged_a_project_holds_64_mib_and_of_every_other_code_32(
    code: str,
) -> None:
    most = 64 * MIB if code in ACKNOWLEDGED else 32 * MIB

    assert HeldLimits().has_room(code, HeldRoom(1, most))
    assert not HeldLimits().has_room(code, HeldRoom(1, most + 1))


def test_how_many_is_a_setting_for_all_codes() -> None:
    for code in (PLAN_LIMIT_REACHED, VALIDATION_FAILED):
        assert not HeldLimits(calls=2).has_room(code, HeldRoom(3, 0))
        assert HeldLimits(calls=20_000).has_room(code, HeldRoom(20_000, 0))


@pytest.mark.parametrize(
    ("body", "base64", "size"), [("", None, 0), ("Zoë 🙂", None, 9), ("\ufffd", "/w==", 7)]
)
def test_what_a_call_takes_of_the_room_are_the_bytes_that_are_stored_of_its_body(
    body: str, base64: str | None, size: int
) -> None:
    assert a_held_call(a_project(), body=body, body_base64=base64, capture=None).size == size


@pytest.mark.parametrize(
    ("message", "size"),
    [
        (None, 0),
        (a_message(text="Zoë", raw="{}"), 4),
        (a_message(text=None, raw='{"a":1}'), 7),
    ],
    ids=["no message", "a message that is the body", "a message in the body"],
)
def test_what_was_read_of_a_call_takes_room_as_well_and_a_message_that_is_its_body_none_twice(
    message: Message | None, size: int
) -> None:
    project, details = a_project(), LeadDetails(name="Zoë", attributes={"a": ["🙂"]})
    capture = a_capture(project, details=details, message=message)

    taken = a_held_call(project, body="{}", capture=capture).size

    assert taken == len("{}") + len('{"name":"Zoë","attributes":{"a":["🙂"]}}'.encode()) + size


def test_no_line_is_a_code_under_which_something_is_held() -> None:
    assert not set(LINES) & set(CODES)
