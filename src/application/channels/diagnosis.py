"""From how far a delivery came to what is to be mended, hop by hop."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from application.channels.sample_advice import (
    BODY_REPLACED,
    HELD,
    PASSED,
    PRIVATE_NAME,
    REFUSALS,
    REFUSED_HERE,
    SLOW,
    STRANGERS,
    STRANGERS_OF_CLASS,
    TROUBLES,
    TROUBLES_AT,
    UNKNOWN_REFUSAL,
    Ours,
)
from application.channels.webhook_address import LOOPBACK, advice_on, is_private, without_key
from application.ports.delivery_sender import Answer, Failure, Hop, Passage, Trouble

SLOW_SECONDS = 1.0
"""Meta's guidance: fewer than one answer in a hundred may take longer."""

_REQUEST_ID = re.compile(r"req_[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Step:
    """One hop: what was found there, and advice, also for one that was passed."""

    hop: str
    ok: bool
    found: str
    advice: str = ""


def diagnose(url: str, passage: Passage) -> Sequence[Step]:
    """Every hop that was reached; the last one alone may have failed."""
    return list(_steps(url, passage))


def _steps(url: str, passage: Passage) -> Iterator[Step]:
    yield Step("address", ok=True, found=without_key(url), advice=advice_on(url))
    for hop, found in passage.passed.items():
        private = hop is Hop.NAME and not advice_on(url) and is_private(found)
        yield Step(hop, ok=True, found=", ".join(found), advice=PRIVATE_NAME if private else "")
    if isinstance(passage.outcome, Failure):
        yield _failed(url, passage.outcome)
    else:
        yield from _judged(passage.outcome)


def _failed(url: str, failure: Failure) -> Step:
    advice = TROUBLES_AT.get((failure.hop, failure.trouble)) or TROUBLES[failure.trouble]
    if failure.trouble is Trouble.REFUSED and advice_on(url) == LOOPBACK:
        advice = REFUSED_HERE
    return Step(failure.hop, ok=False, found=failure.detail or failure.trouble, advice=advice)


def _judged(answer: Answer) -> Iterator[Step]:
    reply = _json(answer.body)
    request_id = _our_request_id(answer, reply)
    said = f"{answer.status} in {answer.seconds * 1000:.0f} ms"
    slow = SLOW if answer.seconds > SLOW_SECONDS else ""
    yield Step(Hop.ANSWER, ok=True, found=said, advice=slow)
    if request_id is None and "received" not in reply:
        yield Step(Ours.SERVICE, ok=False, found=_who(answer), advice=_of_stranger(answer))
        return
    hop, advice = _of_ours(answer, reply)
    for passed, found in PASSED.items():
        if passed is hop and advice:
            code = str(reply.get("code", answer.status))
            yield Step(hop, ok=False, found=f"{code}, {request_id}", advice=advice)
            return
        yield Step(passed, ok=True, found=found)


def _of_ours(answer: Answer, reply: Mapping[str, Any]) -> tuple[Ours, str]:
    """The last of our hops that was reached; it failed if there is advice."""
    if answer.status == HTTPStatus.OK:
        return Ours.KEPT, HELD if reply.get("held") else ""
    if "code" not in reply:
        return Ours.SERVICE, BODY_REPLACED
    return REFUSALS.get(str(reply["code"]), (Ours.KEPT, UNKNOWN_REFUSAL))


def _of_stranger(answer: Answer) -> str:
    of_class = STRANGERS_OF_CLASS.get(answer.status // 100, STRANGERS[HTTPStatus.OK])
    return STRANGERS.get(answer.status, of_class)


def _who(answer: Answer) -> str:
    """What a stranger's answer tells about it, without what a redirect repeats of our query."""
    told = {
        "server": answer.headers.get("server", ""),
        "type": answer.headers.get("content-type", ""),
        "to": without_key(answer.headers.get("location", "")),
    }
    facts = [f"{name} {value[:100]}" for name, value in told.items() if value]
    return "; ".join([f"not this program's answer: {answer.status}", *facts])


def _json(body: bytes) -> Mapping[str, Any]:
    """The object that *body* is; empty when it is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _our_request_id(answer: Answer, reply: Mapping[str, Any]) -> str | None:
    candidates = (answer.headers.get("x-request-id"), reply.get("request_id"))
    return next((c for c in candidates if isinstance(c, str) and _REQUEST_ID.fullmatch(c)), None)
