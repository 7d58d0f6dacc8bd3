"""What is read of a delivery stands in `payload`, so that nobody has to look for it in the code."""

from typing import Any

import pytest

from adapters.channel_tools.sent_json import parse
from adapters.whatsapp import reading
from adapters.whatsapp.payload import SentDelivery
from tests.adapters.channel_tools.watched_json import watched
from tests.adapters.whatsapp.deliveries.deliveries import a_change, a_delivery, a_message
from tests.corpus.cases import CASES, Case
from tests.corpus.forms import as_meta

CONTAINERS = {"SentDelivery", "SentEntry", "SentChange"}
"""Messages are looked for at each level, since forwarders leave levels out."""
AT_ANY_LEVEL = {"entry", "changes", "value", "field", "messages"}
WITHOUT_TEXT = {"audio", "voice", "sticker", "revoke", "ephemeral", "request_welcome", "unknown"}
FROM_THE_FUTURE = {"hologram"}
WHERE_MOST_TYPES_HAVE_IT = {"body", "caption", "text", "title"}
"""A text is looked for there in a message of any other type."""
NOT_FOR_SURE = AT_ANY_LEVEL | WITHOUT_TEXT | FROM_THE_FUTURE | WHERE_MOST_TYPES_HAVE_IT


def read_and_not_shown(payload: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    reading.read(watched(parse(as_meta(payload)), SentDelivery, found))
    names = [(name, *name.split(".")) for name in found]
    return {
        name for name, kind, member in names if not (kind in CONTAINERS or member in NOT_FOR_SURE)
    }


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_member_that_is_read_is_shown(case: Case) -> None:
    assert [read_and_not_shown(payload) for payload in case.deliveries] == [
        set() for _ in case.deliveries
    ]


def test_a_member_that_is_not_shown_is_noticed() -> None:
    payload = a_delivery(a_change(a_message(type="poll")))

    assert read_and_not_shown(payload) == {"SentMessage.poll"}
