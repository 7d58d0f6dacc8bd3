"""What somebody wrote, in their order, and what is no text in words."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.message import Message
from entrypoints.console.leads.conversation import Utterance, conversation_of
from tests.entrypoints.exports.tables import a_lead

AT = datetime(2026, 11, 3, tzinfo=UTC)


def message(type_: str, text: str | None) -> Message:
    return Message(message_id=type_, type=type_, text=text, sent_at=AT, raw="{}")


def test_a_text_stands_for_itself_and_of_anything_else_is_said_what_it_is() -> None:
    sent = (message("text", "Hi"), message("audio", None), message("<b>", "odd"))

    assert conversation_of(replace(a_lead(), messages=sent)) == [
        Utterance("Hi", AT),
        Utterance(None, AT, kind="Voice message"),
        Utterance("odd", AT, other_kind="<b>"),
    ]


def test_what_a_form_brought_as_message_is_one_if_there_is_no_other() -> None:
    lead = a_lead(attributes={"message": "Call me"})
    both = replace(lead, messages=(message("text", "Hi"),))

    assert conversation_of(lead) == [Utterance("Call me", lead.captured_at)]
    assert conversation_of(both) == [Utterance("Hi", AT)]
    assert conversation_of(a_lead(attributes={"message": 5})) == []
