"""Deliveries that somebody sent to see whether they arrive; they hold no place in the plan."""

import json
import time
from dataclasses import replace
from uuid import uuid4

from adapters.whatsapp.containers import MESSAGES, OBJECT
from adapters.whatsapp.payload import SentChange, SentDelivery, SentMessage, SentValue
from domain.delivery import Inbound

TEST = "test"

DASHBOARD_NUMBER_IDS = frozenset({"123456123"})
"""What Meta's dashboard has for a phone number id in the sample behind its button Test."""
DASHBOARD_MESSAGE_IDS = frozenset({"ABGGFlA5Fpa"})
"""What it has for the message's id; those of real messages begin with `wamid.`."""

SAMPLE_PREFIX = "wamid.swiftcrm.sample."
"""What the ids of our own samples begin with; Meta's go on in base64, which has no dot."""
SAMPLE_NUMBER_ID = "100000000000000"
SAMPLE_PHONE = "12025550199"
"""Of a range that is kept free for fiction."""


def marked(item: Inbound) -> Inbound:
    """*item*; if it is a sample, it does not count, and goes to the project whose webhook it is."""
    if not _is_sample(item):
        return item
    details = replace(item.details, attributes={**item.details.attributes, TEST: True})
    return replace(item, details=details, recipient=None, counts=False)


def _is_sample(item: Inbound) -> bool:
    message_id = item.message.message_id if item.message else ""
    return (
        item.recipient in DASHBOARD_NUMBER_IDS
        or message_id in DASHBOARD_MESSAGE_IDS
        or message_id.startswith(SAMPLE_PREFIX)
    )


def sample_body(number_id: str | None) -> bytes:
    """A text message of the test person to a number, as Meta would send it; a new one each time."""
    message: SentMessage = {
        "from": SAMPLE_PHONE,
        "id": f"{SAMPLE_PREFIX}{uuid4().hex}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": "It arrives \u2713"},
    }
    value: SentValue = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": "12025550100",
            "phone_number_id": number_id or SAMPLE_NUMBER_ID,
        },
        "contacts": [{"profile": {"name": "SwiftCRM sample"}, "wa_id": SAMPLE_PHONE}],
        "messages": [message],
    }
    changes: list[SentChange] = [{"field": MESSAGES, "value": value}]
    delivery: SentDelivery = {"object": OBJECT, "entry": [{"id": "0", "changes": changes}]}
    return json.dumps(delivery).encode()
