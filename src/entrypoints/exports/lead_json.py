"""A lead as JSON."""

from collections.abc import Mapping
from typing import Any

from domain.lead import RULES, Lead
from entrypoints.exports.json_text import moment

NO_CONTACT = "no_contact"


def lead_json(lead: Lead) -> dict[str, Any]:
    """
    A lead as everything shows it.

    `joined_into` only if its person has another lead; `no_contact` only if it says of nobody how
    to call them back.
    """
    joined = {} if lead.joined_into is None else {"joined_into": lead.joined_into}
    no_contact = {} if lead.details.has_contact else {NO_CONTACT: True}
    return {
        "lead_id": lead.lead_id,
        **joined,
        "channel": lead.channel,
        "captured_at": moment(lead.captured_at),
        **{name: _jsonable(getattr(lead.details, name)) for name in RULES},
        **no_contact,
        "request_id": lead.request_id,
        "messages": [
            {
                "message_id": message.message_id,
                "type": message.type,
                "text": message.text,
                "sent_at": moment(message.sent_at),
                "raw": message.raw,
            }
            for message in lead.messages
        ],
    }


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
