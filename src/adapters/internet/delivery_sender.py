"""Deliveries over HTTP, by `httpx2`."""

import asyncio
import logging
import os
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx2

from application.ports.delivery_sender import DeliverySender
from domain.delivery import Delivery
from domain.passage import Answer, Failure, Hop, Passage, Trouble

TIMEOUT_SECONDS = 10.0
"""For the whole way: as long as the most patient senders wait."""
READ_BYTES = 64 * 1024
HEADERS: Mapping[str, Sequence[str]] = {
    "accept-encoding": ["identity"],
    "content-type": ["application/json"],
    "user-agent": ["swiftcrm-channel-test"],
}
"""Where a delivery has none of its own."""

TROUBLE_OF: Sequence[tuple[type[BaseException], Trouble]] = (
    (ssl.SSLCertVerificationError, Trouble.NOT_TRUSTED),
    (ssl.SSLError, Trouble.NO_TLS),
    (socket.gaierror, Trouble.NO_SUCH_NAME),
    (httpx2.InvalidURL, Trouble.NO_SUCH_NAME),
    (ConnectionRefusedError, Trouble.REFUSED),
)
"""By what caused it, the more exact cause first."""
TROUBLE_AT: Mapping[Hop, Trouble] = {
    Hop.NAME: Trouble.NO_SUCH_NAME,
    Hop.CONNECTION: Trouble.UNREACHABLE,
    Hop.CERTIFICATE: Trouble.NO_TLS,
    Hop.ANSWER: Trouble.NO_HTTP,
}
"""Where the cause does not say what it is."""

for _name in ("httpx2", "httpcore2"):  # they would log the URL, which has a key in it
    logging.getLogger(_name).setLevel(logging.WARNING)


class HttpDeliverySender(DeliverySender):
    """One connection for each delivery; trusts the authorities that the machine trusts."""

    def __init__(
        self, timeout_seconds: float = TIMEOUT_SECONDS, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._trusted = trusted

    async def deliver(self, url: str, delivery: Delivery) -> Passage:
        """Look the name up, then send over one connection that is watched."""
        way = _Way()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                target = httpx2.URL(_with_query(url, delivery.query))
                await way.look_up(target)
                outcome: Answer | Failure = await self._post(target, delivery, way)
        except TimeoutError:
            waited = f"no answer within {self._timeout_seconds:g} s"
            outcome = Failure(way.next_hop, Trouble.SILENT, waited)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            outcome = _failure(way.next_hop, error)
        finally:
            await way.close()
        return Passage(way.passed, outcome)

    async def _post(self, target: httpx2.URL, delivery: Delivery, way: "_Way") -> Answer:
        began_at = time.monotonic()
        async with (
            httpx2.AsyncClient(
                verify=self._trusted or True, trust_env=False, timeout=None, follow_redirects=False
            ) as client,
            client.stream(
                "POST",
                target,
                content=delivery.body,
                headers=_header_rows({**HEADERS, **delivery.headers}),
                extensions={"trace": way.watch},
            ) as response,
        ):
            body = b""
            async for part in response.aiter_raw():
                body += part
                if len(body) >= READ_BYTES:
                    break
        return Answer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body[:READ_BYTES],
            seconds=time.monotonic() - began_at,
        )


class _Way:
    """The hops that are passed, as the client reports while it works."""

    def __init__(self) -> None:
        self.passed: dict[Hop, Sequence[str]] = {}
        self.next_hop = Hop.NAME
        self._is_https = True
        self._connection: Any = None

    async def look_up(self, target: httpx2.URL) -> None:
        """The addresses of the host, before the client looks for itself."""
        self._is_https = target.scheme == "https"
        rows = await asyncio.get_running_loop().getaddrinfo(
            target.raw_host, target.port, type=socket.SOCK_STREAM
        )
        self.passed[Hop.NAME] = list(dict.fromkeys(str(row[4][0]) for row in rows))
        self.next_hop = Hop.CONNECTION

    async def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """What `httpcore2` calls a trace: its documented way to follow a request."""
        if event == "connection.connect_tcp.complete":
            self._connection = info["return_value"]
            host, port = self._connection.get_extra_info("server_addr")[:2]
            self.passed[Hop.CONNECTION] = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
            self.next_hop = Hop.CERTIFICATE if self._is_https else Hop.ANSWER
        elif event == "connection.start_tls.complete":
            tls = info["return_value"].get_extra_info("ssl_object")
            valid_until = tls.getpeercert().get("notAfter", "an unknown time")
            self.passed[Hop.CERTIFICATE] = [tls.version(), f"valid until {valid_until}"]
            self.next_hop = Hop.ANSWER

    async def close(self) -> None:
        """The client leaves a connection open that it is cancelled on while TLS begins."""
        if self._connection is not None:
            await self._connection.aclose()


def _with_query(url: str, query: Mapping[str, Sequence[str]]) -> str:
    added = urlencode(query, doseq=True)
    return f"{url}&{added}" if added else url


def _header_rows(headers: Mapping[str, Sequence[str]]) -> list[tuple[bytes, bytes]]:
    return [
        (name.encode("ascii"), value.encode("utf-8", "surrogateescape"))
        for name, values in headers.items()
        for value in values
    ]


def _failure(hop: Hop, error: BaseException) -> Failure:
    causes = list(_causes(error))
    for kind, trouble in TROUBLE_OF:
        for cause in causes:
            if isinstance(cause, kind):
                return Failure(hop, trouble, _detail(cause))
    details = filter(None, map(_detail, causes))
    return Failure(hop, TROUBLE_AT[hop], next(details, ""))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """*error* and all that it came from; of several tries, each."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _causes(one)
    cause = error.__cause__ or error.__context__
    if cause is not None:
        yield from _causes(cause)


def _detail(cause: BaseException) -> str:
    """What the system says of it: of names and certificates, never of the URL."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return str(cause.verify_message)
    if isinstance(cause, ssl.SSLError):
        return str(cause.reason or "").replace("_", " ").lower()
    if isinstance(cause, socket.gaierror):
        return str(cause.strerror)
    return os.strerror(cause.errno) if isinstance(cause, OSError) and cause.errno else ""
