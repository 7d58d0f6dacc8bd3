"""The channel in the whole program: named in the settings, delivered to over a socket."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from application.ports.lead_channel import LeadChannel
from entrypoints.channel_contract.json_values import json_bytes
from entrypoints.channel_contract.sender import Sender
from entrypoints.channel_contract.service import Answer, Connection, Service, serving

OK, UNAUTHORIZED, SERVER_ERRORS = 200, 401, 500
ODD_BODIES = (b"", b"{", b"{}", b"[]", b"null", b"\xff", b'{"a":' + b"[" * 10_000)


def the_leads(connection: Connection, answers: Sequence[Answer], wanted: int, why: str) -> Any:
    """
    The project's leads.

    Fails unless all deliveries were taken and *wanted* leads are there, with what became of them.
    """
    __tracebackhide__ = True
    leads = connection.leads()
    if len(leads) != wanted or any(answer.status != OK for answer in answers):
        pytest.fail(f"{why}, and the project has {len(leads)}.\n{connection.report(answers)}")
    return leads


class EndToEndContract:
    """
    For every channel that can be switched on by a word; takes some seconds.

    Its tests come last, wherever it stands among the bases: a mistake in `read` is shown by the
    tests of reading first, and only then by what it does to a running service.

    Attributes:
        word: What `SWIFTCRM_CHANNELS` says: a built-in name, or `package.module:factory`.
    """

    word: str

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """
        Give *cls* these tests as its own.

        pytest runs what a class inherits before what it has itself, and the last base first, so
        this contract, which everybody writes last, would come first.
        """
        super().__init_subclass__(**kwargs)
        for name in vars(EndToEndContract):
            if name.startswith("test_") and name not in vars(cls):
                setattr(cls, name, getattr(cls, name))  # where a base replaces it, that one

    @pytest.fixture(scope="class")
    @classmethod
    def service(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
        """One for all tests of the class."""
        with serving(cls.word, tmp_path_factory.mktemp("service")) as service:
            yield service

    @pytest.fixture
    def connection(self, service: Service, channel: LeadChannel, sender: Sender) -> Connection:
        """A project of the test's own, with the first secret."""
        return service.connect(channel, sender.settings(*sender.secrets[:1]))

    def test_a_delivery_that_comes_three_times_is_one_lead_with_one_message(
        self, connection: Connection, channel: LeadChannel, sender: Sender
    ) -> None:
        answers = [connection.deliver(sender.proven(sender.item(1))) for _ in range(3)]

        (lead,) = the_leads(
            connection, answers, 1, "The same delivery three times must be one lead"
        )
        assert lead["channel"] == channel.name
        assert len(lead["messages"]) == 1, (
            "the same delivery three times is one message: its message_id is the same each time"
        )
        assert connection.counted() == 1, "what sender.item() makes counts: counts=True"

    def test_two_people_are_two_leads(self, connection: Connection, sender: Sender) -> None:
        answers = [connection.deliver(sender.proven(sender.item(number))) for number in (1, 2)]

        the_leads(connection, answers, 2, "Two people must be two leads")

    def test_another_projects_secret_makes_no_lead(
        self, connection: Connection, sender: Sender
    ) -> None:
        if not sender.secrets:
            pytest.skip("its sender proves nothing")
        body = json_bytes(sender.payload(sender.item(1)))
        answer = connection.deliver(sender.signed(body, sender.signature(body, sender.secrets[1])))

        if answer.status != UNAUTHORIZED or connection.leads():
            pytest.fail(
                "A delivery by another project's secret must be answered 401, and make no lead:"
                f" raise SignatureMismatch.\n{connection.report([answer])}"
            )

    def test_its_sample_makes_a_lead_that_does_not_count(
        self, connection: Connection, channel: LeadChannel, sender: Sender
    ) -> None:
        settings = sender.settings(*sender.secrets[:1])
        answers = [connection.deliver(channel.sample(settings)) for _ in range(2)]

        (lead,) = the_leads(connection, answers, 1, "Two samples must be one lead")
        assert len(lead["messages"]) == 2, "each sample is another message, with another message_id"
        assert connection.counted() == 0, "a sample takes no place of the month: counts=False"

    def test_no_body_is_an_error_of_the_services(
        self, connection: Connection, sender: Sender
    ) -> None:
        for body in ODD_BODIES:
            answer = connection.deliver(sender.unsigned(body))

            if answer.status >= SERVER_ERRORS:
                pytest.fail(
                    f"The body {body[:20]!r} makes the channel fail: raise InvalidJson, or return"
                    f" an Unreadable.\n{connection.report([answer])}"
                )
