"""
Finds out what to mend, from how far a test delivery came, hop by hop.

First the possible advice, and what the webhook's address alone shows to be wrong; then tables of
which answer means what, and last `diagnose`, which uses them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from application.channels.webhook_address import without_secrets
from domain import refusals
from domain.errors import StorageUnavailable
from domain.passage import Answer, Failure, Hop, Passage, Trouble

LOCALHOST = "localhost"


class HopAdvice(StrEnum):
    """What is wrong at a hop, or may become so; an entrypoint says what to mend."""

    # The address, by its form alone
    LOOPBACK = auto()
    PRIVATE = auto()
    NOT_HTTPS = auto()

    # On the way
    NAME_UNKNOWN = auto()
    NAME_SERVERS_SILENT = auto()
    NAME_IS_PRIVATE = auto()
    PORT_CLOSED = auto()
    PORT_CLOSED_HERE = auto()
    UNREACHABLE = auto()
    SILENT = auto()
    NO_TLS = auto()
    NOT_TRUSTED = auto()
    NO_HTTP = auto()
    NO_ANSWER = auto()
    SLOW = auto()

    # An answer that is not this program's
    REDIRECT = auto()
    BAD_REQUEST = auto()
    GUARDED = auto()
    TOO_LARGE = auto()
    RATE_LIMITED = auto()
    PROGRAM_NOT_REACHED = auto()
    ANOTHER_SERVICE = auto()

    # This program's own answer
    CHANNEL_OFF = auto()
    STORE_AWAY = auto()
    BUSY = auto()
    ANOTHER_STORE = auto()
    NOT_PROVEN = auto()
    ALTERED = auto()
    HELD = auto()
    REFUSED = auto()
    REFUSED_AND_REPLACED = auto()


def advice_on(url: str) -> HopAdvice | None:
    """What keeps senders from using *url*, by its form alone; None when nothing does."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host):
        return HopAdvice.LOOPBACK
    if is_private([host]):
        return HopAdvice.PRIVATE
    return None if parts.scheme == "https" else HopAdvice.NOT_HTTPS


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine for whoever calls it."""
    address = _address(host)
    return f".{host}".endswith(f".{LOCALHOST}") or (address is not None and address.is_loopback)


def is_private(hosts: Iterable[str]) -> bool:
    """Whether all *hosts* are IP addresses that mean nothing in the Internet."""
    addresses = [_address(host) for host in hosts]
    return all(address is not None and not address.is_global for address in addresses)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


class Ours(StrEnum):
    """The hops inside this program, in order; they come after an answer over HTTP."""

    SERVICE = "service"
    KEY = "key"
    SIGNATURE = "signature"
    KEPT = "kept"


PASSED: Mapping[Ours, str] = {
    Ours.SERVICE: "this program answered",
    Ours.KEY: "the key in the URL is known there",
    Ours.SIGNATURE: "the delivery was taken as the sender's",
    Ours.KEPT: "the sample is kept, as test data that takes no place in the plan",
}
"""What passing each of them means."""
TROUBLES: Mapping[Trouble, HopAdvice] = {
    Trouble.NO_SUCH_NAME: HopAdvice.NAME_UNKNOWN,
    Trouble.REFUSED: HopAdvice.PORT_CLOSED,
    Trouble.UNREACHABLE: HopAdvice.UNREACHABLE,
    Trouble.NO_TLS: HopAdvice.NO_TLS,
    Trouble.NOT_TRUSTED: HopAdvice.NOT_TRUSTED,
    Trouble.NO_HTTP: HopAdvice.NO_HTTP,
    Trouble.SILENT: HopAdvice.SILENT,
}
TROUBLES_AT: Mapping[tuple[Hop, Trouble], HopAdvice] = {
    (Hop.NAME, Trouble.SILENT): HopAdvice.NAME_SERVERS_SILENT,
    (Hop.CERTIFICATE, Trouble.SILENT): HopAdvice.NO_TLS,
    (Hop.ANSWER, Trouble.SILENT): HopAdvice.NO_ANSWER,
}
"""Better advice than `TROUBLES` has, for a trouble at one hop."""
STRANGERS: Mapping[int, HopAdvice] = {
    HTTPStatus.OK: HopAdvice.ANOTHER_SERVICE,
    HTTPStatus.BAD_REQUEST: HopAdvice.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED: HopAdvice.GUARDED,
    HTTPStatus.FORBIDDEN: HopAdvice.GUARDED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: HopAdvice.TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS: HopAdvice.RATE_LIMITED,
}
"""By status, when the answer is not this program's."""
STRANGERS_OF_CLASS: Mapping[int, HopAdvice] = {
    3: HopAdvice.REDIRECT,
    4: HopAdvice.ANOTHER_SERVICE,
    5: HopAdvice.PROGRAM_NOT_REACHED,
}
"""By the first digit of any other status."""
REFUSALS: Mapping[str, tuple[Ours, HopAdvice]] = {
    refusals.UnknownChannel.code: (Ours.SERVICE, HopAdvice.CHANNEL_OFF),
    refusals.InvalidApiKey.code: (Ours.KEY, HopAdvice.ANOTHER_STORE),
    refusals.SignatureMismatch.code: (Ours.SIGNATURE, HopAdvice.NOT_PROVEN),
    refusals.InvalidJson.code: (Ours.KEPT, HopAdvice.ALTERED),
    "BODY_TOO_LARGE": (Ours.KEPT, HopAdvice.ALTERED),
    # Later hops are unknown: both the key and the secret are read from the store.
    StorageUnavailable.code: (Ours.SERVICE, HopAdvice.STORE_AWAY),
    refusals.Overloaded.code: (Ours.SERVICE, HopAdvice.BUSY),
}
"""By the code of this program's refusal: at which hop it was refused, and what to mend."""
SLOW_SECONDS = 1.0
"""Meta's guidance: fewer than one answer in a hundred may take longer."""
_REQUEST_ID = re.compile(r"req_[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Step:
    """One hop: what was found there, and advice, which a passed hop may have too."""

    hop: str
    ok: bool
    found: str
    advice: HopAdvice | None = None


def diagnose(url: str, passage: Passage) -> Sequence[Step]:
    """Every hop that was reached; only the last one may have failed."""
    return list(_steps(url, passage))


def _steps(url: str, passage: Passage) -> Iterator[Step]:
    yield Step("address", ok=True, found=without_secrets(url), advice=advice_on(url))
    for hop, found in passage.passed.items():
        private = hop is Hop.NAME and not advice_on(url) and is_private(found)
        yield Step(
            hop,
            ok=True,
            found=", ".join(found),
            advice=HopAdvice.NAME_IS_PRIVATE if private else None,
        )
    if isinstance(passage.outcome, Failure):
        yield _failed(url, passage.outcome)
    else:
        yield from _judged(passage.outcome)


def _failed(url: str, failure: Failure) -> Step:
    advice = TROUBLES_AT.get((failure.hop, failure.trouble)) or TROUBLES[failure.trouble]
    if failure.trouble is Trouble.REFUSED and advice_on(url) is HopAdvice.LOOPBACK:
        advice = HopAdvice.PORT_CLOSED_HERE  # where no proxy and no tunnel is to be expected
    return Step(failure.hop, ok=False, found=failure.detail or failure.trouble, advice=advice)


def _judged(answer: Answer) -> Iterator[Step]:
    reply = _json(answer.body)
    request_id = _our_request_id(answer, reply)
    said = f"{answer.status} in {answer.seconds * 1000:.0f} ms"
    slow = HopAdvice.SLOW if answer.seconds > SLOW_SECONDS else None
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


def _of_ours(answer: Answer, reply: Mapping[str, Any]) -> tuple[Ours, HopAdvice | None]:
    """The last of our hops that was reached; it failed if there is advice."""
    if answer.status == HTTPStatus.OK:
        return Ours.KEPT, HopAdvice.HELD if reply.get("held") else None
    if "code" not in reply:
        return Ours.SERVICE, HopAdvice.REFUSED_AND_REPLACED
    return REFUSALS.get(str(reply["code"]), (Ours.KEPT, HopAdvice.REFUSED))


def _of_stranger(answer: Answer) -> HopAdvice:
    of_class = STRANGERS_OF_CLASS.get(answer.status // 100, STRANGERS[HTTPStatus.OK])
    return STRANGERS.get(answer.status, of_class)


def _who(answer: Answer) -> str:
    """What another program's answer shows of it; a redirect may repeat our secrets."""
    shown = {
        "server": answer.headers.get("server", ""),
        "type": answer.headers.get("content-type", ""),
        "to": without_secrets(answer.headers.get("location", "")),
    }
    facts = [f"{name} {value[:100]}" for name, value in shown.items() if value]
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
