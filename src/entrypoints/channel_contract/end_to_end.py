"""The channel in the whole program: named in the settings, delivered to over a socket."""

from collections.abc import Iterable, Iterator

import pytest

from application.ports.lead_channel import LeadChannel
from entrypoints.channel_contract.json_values import json_bytes
from entrypoints.channel_contract.sender import Sender
from entrypoints.channel_contract.service import SERVER_ERRORS, Answer, Connection, Service, serving

OK, UNAUTHORIZED = 200, 401
ODD_BODIES = (b"", b"{", b"{}", b"[]", b"null", b"\xff", b'{"a":' + b"[" * 10_000)


def assert_are_taken(answers: Iterable[Answer]) -> None:
    """What the sender was answered is what keeps it from bringing a delivery again."""
    for answer in answers:
        assert answer.status == OK, str(answer)


class EndToEndContract:
    """
    For every channel that can be switched on by a word; takes some seconds.

    Attributes:
        word: What `SWIFTCRM_CHANNELS` says: a built-in name, or `package.module:factory`.
    """

    word: str

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

        assert_are_taken(answers)
        (lead,) = connection.leads()
        assert lead["channel"] == channel.name
        assert len(lead["messages"]) == 1
        assert connection.counted() == 1

    def test_two_people_are_two_leads(self, connection: Connection, sender: Sender) -> None:
        answers = [connection.deliver(sender.proven(sender.item(number))) for number in (1, 2)]

        assert_are_taken(answers)
        assert len(connection.leads()) == 2

    def test_another_projects_secret_makes_no_lead(
        self, connection: Connection, sender: Sender
    ) -> None:
        if not sender.secrets:
            pytest.skip("its sender proves nothing")
        body = json_bytes(sender.payload(sender.item(1)))
        answer = connection.deliver(sender.signed(body, sender.signature(body, sender.secrets[1])))

        assert answer.status == UNAUTHORIZED, str(answer)
        assert connection.leads() == []

    def test_its_sample_makes_a_lead_that_does_not_count(
        self, connection: Connection, channel: LeadChannel, sender: Sender
    ) -> None:
        settings = sender.settings(*sender.secrets[:1])
        answers = [connection.deliver(channel.sample(settings)) for _ in range(2)]

        assert_are_taken(answers)
        (lead,) = connection.leads()
        assert len(lead["messages"]) == 2
        assert connection.counted() == 0

    def test_no_body_is_an_error_of_the_services(
        self, connection: Connection, sender: Sender
    ) -> None:
        answers = [connection.deliver(sender.unsigned(body)) for body in ODD_BODIES]

        for answer in answers:
            assert answer.status < SERVER_ERRORS, str(answer)
