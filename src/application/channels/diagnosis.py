"""From how far a delivery came to what is to be mended, hop by hop."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from domain import refusals
from domain.errors import StorageUnavailable
from domain.passage import Answer, Failure, Hop, Passage, Trouble

LOCALHOST = "localhost"
_SET = "Set SWIFTCRM_PUBLIC_URL to the address that the sender can reach"
LOOPBACK = f"The webhook URL is a loopback address: nobody outside can reach it. {_SET}."
PRIVATE = f"The webhook URL is a private address: nobody outside its network can reach it. {_SET}."
NOT_HTTPS = (
    "The webhook URL is not https: Meta and most other senders deliver to https alone, with a"
    f" certificate of a public authority. {_SET}, of a proxy or a tunnel that has one."
)


def advice_on(url: str) -> str:
    """What keeps senders from using *url*, by its form alone; empty when nothing does."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = _address(host)
    if f".{host}".endswith(f".{LOCALHOST}") or (address is not None and address.is_loopback):
        return LOOPBACK
    if is_private([host]):
        return PRIVATE
    return "" if parts.scheme == "https" else NOT_HTTPS


def is_private(hosts: Iterable[str]) -> bool:
    """Whether all *hosts* are IP addresses that mean nothing in the Internet."""
    addresses = [_address(host) for host in hosts]
    return all(address is not None and not address.is_global for address in addresses)


def without_key(url: str) -> str:
    """*url* as anybody may see it: without its query, which has the key in it."""
    return url.partition("?")[0]


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


class Ours(StrEnum):
    """The hops inside this program, in their order, once HTTP has answered."""

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
TROUBLES: Mapping[Trouble, str] = {
    Trouble.NO_SUCH_NAME: (
        "Compare the name in SWIFTCRM_PUBLIC_URL with the A or AAAA record of your domain."
        " The name of a tunnel is gone when the tunnel is: start it again and set the new one."
    ),
    Trouble.REFUSED: (
        "The machine is there and nothing listens on this port. Start the proxy or the tunnel,"
        " or mend the port in SWIFTCRM_PUBLIC_URL."
    ),
    Trouble.UNREACHABLE: (
        "Look at the address of the DNS record, and at the network and the firewall between."
        " If other machines reach it, it is this one alone that cannot (some routers do not lead"
        " back to themselves)."
    ),
    Trouble.NO_TLS: (
        "What listens there does not speak TLS as it should: is it the port of plain http?"
        " End TLS in the proxy or the tunnel, with TLS 1.2 or newer."
    ),
    Trouble.NOT_TRUSTED: (
        "Senders take certificates of public authorities alone, for this very name, not expired,"
        " and served with their chain (fullchain.pem, not cert.pem)."
    ),
    Trouble.NO_HTTP: (
        "What listens there hung up, or does not speak HTTP. Is the port in SWIFTCRM_PUBLIC_URL"
        " right, and does `swiftcrm serve` run where the proxy sends to? The proxy's log says more."
    ),
    Trouble.SILENT: (
        "A firewall that drops packets, or a machine that is off: open the port for everybody,"
        " since senders come from many addresses."
    ),
}
TROUBLES_AT: Mapping[tuple[Hop, Trouble], str] = {
    (Hop.NAME, Trouble.SILENT): "The name servers do not answer: try again, or from elsewhere.",
    (Hop.CERTIFICATE, Trouble.SILENT): TROUBLES[Trouble.NO_TLS],
    (Hop.ANSWER, Trouble.SILENT): (
        "The connection stands and no answer comes. Look into the log of the proxy, and whether"
        " `swiftcrm serve` answers `GET /api/ready` where the proxy sends to."
    ),
}
"""What is more to the point at one hop."""
REFUSED_HERE = (
    "`swiftcrm serve` does not run here, or listens on another port: it logs the one it has as"
    " server.listening. Start it, or mend SWIFTCRM_PUBLIC_URL."
)
"""At a loopback address, where no proxy and no tunnel is to be expected."""
PRIVATE_NAME = (
    "From here the name leads to a private address. A sender outside asks other name servers:"
    " make sure that they know a public one."
)
SLOW = (
    "Senders want an answer within a second, and bring again what took longer."
    " Look at duration_ms in the log: what is above it was spent on the way."
)
_REDIRECT = (
    "Senders do not follow redirects. Set SWIFTCRM_PUBLIC_URL to the final address: https, with"
    " or without www., or let the proxy pass /api/ on as it is."
)
_GUARDED = (
    "Something in front asks for a login, or takes the call for an attack (a web application"
    " firewall, bot protection). Let POST requests to this path pass as they are."
)
_BEHIND = (
    "A proxy or a tunnel answers, and does not reach this program: start `swiftcrm serve`, and"
    " let the proxy send to the host and port that it logs as server.listening."
)
_ELSEWHERE = (
    "Another service answers at this address, or the proxy does not pass /api/ on to this"
    " program. What it says yes to is lost."
)
STRANGERS: Mapping[int, str] = {
    HTTPStatus.OK: _ELSEWHERE,
    HTTPStatus.BAD_REQUEST: (
        "The proxy does not understand the call. Plain http on the port of https? Then mend"
        " SWIFTCRM_PUBLIC_URL."
    ),
    HTTPStatus.UNAUTHORIZED: _GUARDED,
    HTTPStatus.FORBIDDEN: _GUARDED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "The proxy takes no body of this size, and the sample's is small. Allow 4 MiB, since"
        " deliveries grow to 3 MB (nginx: client_max_body_size 4m)."
    ),
    HTTPStatus.TOO_MANY_REQUESTS: "The proxy limits the rate of calls. Exempt this path from it.",
}
"""By status, when the answer is not this program's."""
STRANGERS_OF_CLASS: Mapping[int, str] = {3: _REDIRECT, 4: _ELSEWHERE, 5: _BEHIND}
"""By the first digit of any other status."""
BODY_REPLACED = (
    "This program refused it, and a proxy replaced the text of its answer. The cause is in the"
    " log under the request_id."
)
HELD = (
    "The sample arrived and is no lead: it is held. `swiftcrm held list PROJECT` says why, and"
    " what to do."
)
UNKNOWN_REFUSAL = (
    "This program refused it. The cause is in the log of `swiftcrm serve` under the request_id."
)
_ALTERED = (
    "What arrived is not what was sent: a proxy rewrites the body or the query. Let it pass"
    " every byte as it is."
)
_STORE_AWAY = (
    "This program answers and cannot work: `GET /api/ready` says whether its store is missing."
    " If it is ready, it cannot read a stored secret: give it the SWIFTCRM_SECRET_KEY of this"
    " command. Its log has the cause under the request_id. Senders bring deliveries again"
    " meanwhile."
)
"""It says nothing of the hops behind: the store is asked for the key, and for the secret."""
REFUSALS: Mapping[str, tuple[Ours, str]] = {
    refusals.UnknownChannel.code: (
        Ours.SERVICE,
        (
            "The process that answers has not switched this channel on: give it the same"
            " SWIFTCRM_CHANNELS as this command."
        ),
    ),
    refusals.InvalidApiKey.code: (
        Ours.KEY,
        (
            "The process that answers does not know the key: it serves another store. Give it the"
            " SWIFTCRM_DATABASE_URL of this command, or mend the address in SWIFTCRM_PUBLIC_URL."
        ),
    ),
    refusals.SignatureMismatch.code: (
        Ours.SIGNATURE,
        (
            "If the secret was changed within the last two seconds, try again. Otherwise a proxy"
            " rewrites the body: let it pass every byte as it is."
        ),
    ),
    refusals.InvalidJson.code: (Ours.KEPT, _ALTERED),
    "BODY_TOO_LARGE": (Ours.KEPT, _ALTERED),
    StorageUnavailable.code: (Ours.SERVICE, _STORE_AWAY),
    refusals.Overloaded.code: (
        Ours.SERVICE,
        "This program is busy, or about to end: try again. Senders bring deliveries again, too.",
    ),
}
"""By the code of this program's refusal: at which hop it was refused, and what to mend."""
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
    """What a stranger's answer shows of it, without the key where a redirect repeats our query."""
    shown = {
        "server": answer.headers.get("server", ""),
        "type": answer.headers.get("content-type", ""),
        "to": without_key(answer.headers.get("location", "")),
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
