"""`swiftcrm lead show`."""

from datetime import timedelta
from typing import Any

import pytest

from domain.identity import Identity
from domain.lead import LeadDetails
from tests.entrypoints.cli.command_line import CommandLine, is_one_line, of
from tests.support.builders import NOW, a_message, a_phone

LEAD = [
    "lead_id",
    "channel",
    "captured_at",
    "name",
    "email",
    "phone",
    "attributes",
    "source_url",
    "referrer",
    "utm",
    "page_trail",
    "request_id",
    "messages",
]
DETAILS = LeadDetails(
    name="Ada",
    email="ada@example.com",
    phone="+49 30 123456",
    attributes={"$where": 1, "a.b": [None, {"": True}]},
    source_url="https://acme.com/form",
    referrer="https://search.example",
    utm={"utm_source": "ads"},
    page_trail=("/", "/pricing"),
)
Made = dict[str, Any]


def test_a_lead_is_printed_with_every_field(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"], details=DETAILS, request_id="req_1"))

    shown = cli.json("lead", "show", "Acme Ltd", "1")

    assert list(shown) == LEAD
    assert shown == {
        "lead_id": 1,
        "channel": "rest",
        "captured_at": "2026-11-23T12:00:00.123Z",
        "name": "Ada",
        "email": "ada@example.com",
        "phone": "+49 30 123456",
        "attributes": {"$where": 1, "a.b": [None, {"": True}]},
        "source_url": "https://acme.com/form",
        "referrer": "https://search.example",
        "utm": {"utm_source": "ads"},
        "page_trail": ["/", "/pricing"],
        "request_id": "req_1",
        "messages": [],
    }


def test_a_person_also_reads_where_the_lead_came_from(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"], details=DETAILS))

    lines = [line.split() for line in cli("lead", "show", "Acme Ltd", "1").stdout.splitlines()]

    assert ["source", "ads"] in lines
    assert ["medium", "-"] in lines
    assert ["campaign", "-"] in lines


def test_an_empty_lead_has_every_field_too(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"], details=LeadDetails()))

    shown = cli.json("lead", "show", "Acme Ltd", "1")

    assert [name for name in shown if name != "no_contact"] == LEAD
    assert shown["no_contact"] is True
    assert shown["name"] is None
    assert shown["attributes"] == shown["utm"] == {}
    assert shown["page_trail"] == []


def test_a_lead_is_shown_with_its_messages(cli: CommandLine, acme: Made) -> None:
    person = (a_phone("+4930123456"),)
    fields = {"channel": "whatsapp", "identities": person}
    first = of(acme["project_id"], message=a_message("wamid.A", raw='{"id":"A"}'), **fields)
    later = a_message("wamid.B", type="image", text=None, sent_at=NOW + timedelta(seconds=1))
    cli.keep(acme["project_id"], first, of(acme["project_id"], message=later, **fields))

    messages = cli.json("lead", "show", "Acme Ltd", "1")["messages"]

    assert messages == [
        {
            "message_id": "wamid.A",
            "type": "text",
            "text": "hello",
            "sent_at": "2026-11-23T12:00:00.123Z",
            "raw": '{"id":"A"}',
        },
        {
            "message_id": "wamid.B",
            "type": "image",
            "text": None,
            "sent_at": "2026-11-23T12:00:01.123Z",
            "raw": "{}",
        },
    ]


def test_a_joined_lead_says_where_its_person_is_and_is_listed_there(
    cli: CommandLine, acme: Made
) -> None:
    names = a_phone("+4930123456"), Identity("user_id", "DE.1")
    cli.keep(
        acme["project_id"],
        *(
            of(acme["project_id"], message=a_message(), channel="whatsapp", identities=some)
            for some in (names[:1], names[1:], names)
        ),
    )

    earlier, joined = (cli.json("lead", "show", "Acme Ltd", number) for number in ("1", "2"))

    assert list(earlier) == LEAD
    assert list(joined) == ["lead_id", "joined_into", *LEAD[1:]]
    assert joined["joined_into"] == 1
    assert [len(lead["messages"]) for lead in (earlier, joined)] == [3, 1]
    assert cli.json("lead", "list", "Acme Ltd") == [earlier]
    assert "joined_into" in cli("lead", "show", "Acme Ltd", "2").stdout


@pytest.mark.parametrize("number", ["2", "9223372036854775808", "9" * 30])
def test_a_lead_that_is_not_there_is_named(cli: CommandLine, acme: Made, number: str) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"]))

    done = cli("lead", "show", "Acme Ltd", number)

    assert done.exit_code == 3
    assert is_one_line(done.stderr)
    assert number in done.stderr


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 5000])
def test_a_number_that_no_lead_can_have_is_wrong_usage(
    cli: CommandLine, acme: Made, number: str
) -> None:
    assert cli("lead", "show", "Acme Ltd", number).exit_code == 2


def test_text_of_strangers_cannot_steer_the_terminal(cli: CommandLine, acme: Made) -> None:
    name = "\x1b]0;owned\x07\u202egnp.exe\u2066"
    details = LeadDetails(name=name, attributes={"k\x1b[2J": "\x9b31m\x7f"})
    cli.keep(acme["project_id"], of(acme["project_id"], details=details))

    printed = [cli("lead", *c) for c in (("list", "Acme Ltd"), ("show", "Acme Ltd", "1"))]
    text = "".join(done.stdout for done in printed)

    assert not set(text) & set("\x1b\x07\x7f\x9b\u202e\u2066")
    assert cli.json("lead", "show", "Acme Ltd", "1")["name"] == name
    assert "\\u202e" in cli("lead", "show", "Acme Ltd", "1", "--json").stdout
