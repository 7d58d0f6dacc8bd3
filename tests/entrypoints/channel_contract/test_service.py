"""What the contract shows of the running service, also of what went wrong in it."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from application.ports.lead_channel import LeadChannel
from domain.delivery import Delivery, Inbound, Reading
from domain.lead import LeadDetails
from entrypoints.channel_contract import Service, serving
from entrypoints.channel_contract.end_to_end import the_leads
from entrypoints.channel_contract.service import Connection
from tests.entrypoints.channel_contract.toys import Fair, FairChannel, reading

SETTINGS = {"token": ("token_one",)}


class FailingChannel(FairChannel):
    def read(self, delivery: Delivery) -> Reading:
        logging.getLogger(__name__).warning("no visitor is expected")
        raise LookupError("the fair is closed")


def _misread(item: Inbound) -> Inbound:
    return replace(item, details=LeadDetails(name=["Ada"]))  # type: ignore[arg-type]


class MisreadingChannel(reading(_misread)):  # type: ignore[misc]
    name = "misread_fairs"


def channel() -> LeadChannel:
    return FailingChannel()


def misreading_channel() -> LeadChannel:
    return MisreadingChannel()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    words = f"{__name__}:channel,{__name__}:misreading_channel"
    with serving(words, tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture(scope="module")
def failing(service: Service) -> Connection:
    return service.connect(channel(), SETTINGS)


def _failure(connection: Connection, delivery: Delivery, times: int = 1) -> str:
    """What a test says that wants one lead of this delivery."""
    answers = [connection.deliver(delivery) for _ in range(times)]
    with pytest.raises(pytest.fail.Exception) as failed:
        the_leads(connection, answers, 1, "It must be one lead")
    return str(failed.value)


def test_an_error_of_the_services_is_shown_with_its_trace_and_what_the_channel_warned_of(
    failing: Connection,
) -> None:
    said = _failure(failing, Fair().proven(Fair().item(1)))

    assert said.startswith("It must be one lead, and the project has 0.\n")
    assert 'The service answered: 500 {"code":"INTERNAL_ERROR"' in said
    assert "\n  no visitor is expected\n" in said
    assert "\n  http.defect: LookupError: the fair is closed\n" in said
    assert "test_service.py:" in said


def test_what_is_held_is_shown_with_why_and_with_what_came(service: Service) -> None:
    misreading = service.connect(misreading_channel(), SETTINGS)

    said = _failure(misreading, Fair().proven(Fair().item(1)), times=3)

    assert "The service answered 3 times: 200 " in said
    assert "webhook.defect: TypeError: LeadDetails.name must be a str or None" in said
    assert "It is held as UNREADABLE, and is no lead. It could not be read." in said
    assert '\n  {"visit":"visit 1","badge":1,"name":"Visitor 1"}\n' in said
    assert '"When it answers an error" in docs/adding-a-channel.md' in said


def test_a_refusal_is_shown_with_its_code(failing: Connection) -> None:
    said = _failure(failing, Fair().delivery(Fair().item(1)))

    assert 'The service answered: 401 {"code":"INVALID_SIGNATURE"' in said


def test_a_webhook_is_shown_where_it_is_served(failing: Connection) -> None:
    port = failing.service.port

    assert failing.webhook_url.startswith(f"http://127.0.0.1:{port}/api/fairs/webhook?")
