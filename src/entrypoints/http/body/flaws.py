"""What is wrong with the body of a refused call, said again for whoever asks later."""

import base64
from collections.abc import Sequence

from domain.held import INVALID_JSON, VALIDATION_FAILED, HeldCall
from domain.lead import REST
from domain.lead_body.reading import read_lead
from domain.lead_body.values import IsEmail
from domain.refusals import InvalidJson, InvalidLead
from entrypoints.http.body.json_object import parse_object


def flaws_of(call: HeldCall, is_email: IsEmail) -> Sequence[str]:
    """
    What is wrong with what was sent, in sentences: it is read again, as strictly as then.

    Empty where nothing is wrong with it, and where a program of another version found something.
    """
    if call.code not in (VALIDATION_FAILED, INVALID_JSON) or call.channel != REST:
        return ()
    body = base64.b64decode(call.body_base64) if call.body_base64 else call.body.encode()
    try:
        read_lead(parse_object(body), is_email)
    except InvalidJson as refusal:
        return (refusal.message,)
    except InvalidLead as refusal:
        return [f"{error.field}: {error.message}." for error in refusal.errors]
    return ()
