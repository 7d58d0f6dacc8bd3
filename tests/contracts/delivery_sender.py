"""
What every `DeliverySender` does.

Subclass and provide `sender`, which trusts `authority`, and `hasty`, which waits for half a
second at most.
"""

import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from application.ports.delivery_sender import DeliverySender
from domain.delivery import Delivery
from domain.passage import Answer, Failure, Hop, Trouble
from tests.support.servers.certificates import Authority
from tests.support.servers.odd_servers import NOTHING, closed_port, http_answer, odd_server

BODY = '{"text": "caf\\u00e9 \\/ é 🙂"}'.encode()
DELIVERY = Delivery(BODY, {"x-stamp": ["abc", "d\udcff"], "content-type": ["text/x-postcard"]})
EMPTY = Delivery(b"", {})
FINE = http_answer(200, b'{"received":1}', X_Request_Id="req_1")


class DeliverySenderContract:
    @pytest.fixture
    def authority(self) -> Authority:
        return Authority()

    async def test_a_delivery_arrives_as_it_is(self, sender: DeliverySender) -> None:
        query = {"from": ["a b", "c&d"], "ü": ["="]}
        with odd_server(FINE) as server:
            await sender.deliver(server.url(), Delivery(BODY, DELIVERY.headers, query))

        (call,) = server.calls
        head, _, body = call.partition(b"\r\n\r\n")
        target = head.split(b" ")[1].decode()
        assert body == BODY
        assert head.startswith(b"POST ")
        assert urlsplit(target).path == "/api/postcards/webhook"
        assert parse_qs(urlsplit(target).query) == {"api_key": ["swk_secret"], **query}
        lines = head.lower().split(b"\r\n")
        assert {b"x-stamp: abc", b"x-stamp: d\xff", b"content-type: text/x-postcard"} <= set(lines)

    async def test_a_delivery_without_a_content_type_is_sent_as_json(
        self, sender: DeliverySender
    ) -> None:
        with odd_server(FINE) as server:
            await sender.deliver(server.url(), EMPTY)

        assert b"content-type: application/json" in server.calls[0].lower()

    async def test_the_answer_is_told_as_it_came(self, sender: DeliverySender) -> None:
        with odd_server(http_answer(418, b"<p>\xff", Server="Teapot")) as server:
            passage = await sender.deliver(server.url(), DELIVERY)

        assert isinstance(passage.outcome, Answer)
        assert (passage.outcome.status, passage.outcome.body) == (418, b"<p>\xff")
        assert passage.outcome.headers["server"] == "Teapot"
        assert passage.outcome.seconds >= 0
        assert passage.passed == {
            Hop.NAME: ["127.0.0.1"],
            Hop.CONNECTION: [f"127.0.0.1:{server.port}"],
        }

    async def test_a_redirect_is_not_followed(self, sender: DeliverySender) -> None:
        with odd_server(FINE) as other:
            location = other.url()
            with odd_server(http_answer(308, Location=location)) as server:
                passage = await sender.deliver(server.url(), DELIVERY)

        assert isinstance(passage.outcome, Answer)
        assert passage.outcome.status == 308
        assert passage.outcome.headers["location"] == location
        assert other.calls == []

    async def test_a_proxy_of_the_environment_is_not_used(
        self, sender: DeliverySender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with odd_server(FINE) as server, closed_port() as port:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
            passage = await sender.deliver(server.url(), DELIVERY)

        assert isinstance(passage.outcome, Answer)

    async def test_of_an_endless_answer_the_beginning_is_read(self, sender: DeliverySender) -> None:
        with odd_server(http_answer(200, b"x" * 2**20)) as server:
            passage = await sender.deliver(server.url(), DELIVERY)

        assert isinstance(passage.outcome, Answer)
        assert passage.outcome.body == b"x" * 2**16

    async def test_a_certificate_of_an_authority_is_taken(
        self, sender: DeliverySender, authority: Authority
    ) -> None:
        with odd_server(FINE, tls=authority.server()) as server:
            passage = await sender.deliver(server.url("https"), DELIVERY)

        assert isinstance(passage.outcome, Answer)
        assert list(passage.passed) == [Hop.NAME, Hop.CONNECTION, Hop.CERTIFICATE]
        assert passage.passed[Hop.CERTIFICATE][0].startswith("TLSv1.")

    async def test_a_certificate_of_nobody_is_not_trusted(self, sender: DeliverySender) -> None:
        with odd_server(FINE, tls=Authority().server()) as server:
            passage = await sender.deliver(server.url("https"), DELIVERY)

        assert isinstance(passage.outcome, Failure)
        assert (passage.outcome.hop, passage.outcome.trouble) == (
            Hop.CERTIFICATE,
            Trouble.NOT_TRUSTED,
        )
        assert "certificate" in passage.outcome.detail
        assert server.calls == []

    async def test_a_certificate_for_another_name_or_that_expired_is_not_trusted(
        self, sender: DeliverySender, authority: Authority
    ) -> None:
        told = []
        for tls in (authority.server("localhost"), authority.server(valid=-timedelta(days=1))):
            with odd_server(FINE, tls=tls) as server:
                passage = await sender.deliver(server.url("https"), DELIVERY)
            assert isinstance(passage.outcome, Failure)
            assert passage.outcome.trouble is Trouble.NOT_TRUSTED
            told.append(passage.outcome.detail)

        assert "127.0.0.1" in told[0]
        assert "expired" in told[1]

    @pytest.mark.parametrize("answer", [b"220 mail.example.com ESMTP\r\n", NOTHING])
    async def test_what_does_not_speak_tls_is_no_tls(
        self, sender: DeliverySender, answer: bytes
    ) -> None:
        with odd_server(answer, reads=False) as server:
            passage = await sender.deliver(server.url("https"), DELIVERY)

        assert isinstance(passage.outcome, Failure)
        assert (passage.outcome.hop, passage.outcome.trouble) == (Hop.CERTIFICATE, Trouble.NO_TLS)

    @pytest.mark.parametrize("answer", [b"220 mail.example.com ESMTP\r\n", NOTHING, b"HTTP/1.1 2"])
    async def test_what_hangs_up_or_does_not_speak_http_is_no_http(
        self, sender: DeliverySender, answer: bytes
    ) -> None:
        with odd_server(answer) as server:
            passage = await sender.deliver(server.url(), DELIVERY)

        assert isinstance(passage.outcome, Failure)
        assert (passage.outcome.hop, passage.outcome.trouble) == (Hop.ANSWER, Trouble.NO_HTTP)

    async def test_a_port_that_nobody_listens_on_refuses(self, sender: DeliverySender) -> None:
        with closed_port() as port:
            passage = await sender.deliver(f"http://127.0.0.1:{port}/?api_key=k", DELIVERY)

        assert list(passage.passed) == [Hop.NAME]
        assert isinstance(passage.outcome, Failure)
        assert (passage.outcome.hop, passage.outcome.trouble) == (Hop.CONNECTION, Trouble.REFUSED)
        assert passage.outcome.detail == "Connection refused"

    @pytest.mark.parametrize("host", ["nobody.invalid", "a" * 64 + ".example", "\0", "xn--a"])
    async def test_a_name_without_an_address_is_no_such_name(
        self, sender: DeliverySender, host: str
    ) -> None:
        passage = await sender.deliver(f"https://{host}/?api_key=k", DELIVERY)

        assert passage.passed == {}
        assert isinstance(passage.outcome, Failure)
        assert (passage.outcome.hop, passage.outcome.trouble) == (Hop.NAME, Trouble.NO_SUCH_NAME)

    @pytest.mark.parametrize(
        ("scheme", "answer", "hop"),
        [
            ("http", None, Hop.ANSWER),
            ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", Hop.ANSWER),
            ("https", None, Hop.CERTIFICATE),
        ],
    )
    async def test_whoever_keeps_it_waiting_is_silent(
        self, hasty: DeliverySender, scheme: str, answer: bytes | None, hop: Hop
    ) -> None:
        with odd_server(answer, reads=False, closes=False) as server:
            passage = await hasty.deliver(server.url(scheme), DELIVERY)

        assert isinstance(passage.outcome, Failure)
        assert (passage.outcome.hop, passage.outcome.trouble) == (hop, Trouble.SILENT)

    async def test_neither_key_nor_body_is_logged_or_told(
        self, sender: DeliverySender, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        told = []
        for answer in (FINE, NOTHING, b"HTTP/1.1 ???"):
            with odd_server(answer) as server:
                told.append(await sender.deliver(server.url(), DELIVERY))

        for secret in ("swk_secret", "caf"):
            assert secret not in caplog.text
            assert secret not in repr(told)
