"""What the contract shows of the running service, also of what went wrong in it."""

from collections.abc import Iterator

import pytest

from application.ports.lead_channel import LeadChannel
from domain.delivery import Delivery, Reading
from entrypoints.channel_contract import Service, serving
from entrypoints.channel_contract.end_to_end import assert_are_taken
from tests.entrypoints.channel_contract.toys import Fair, FairChannel


class FailingChannel(FairChannel):
    def read(self, delivery: Delivery) -> Reading:
        raise LookupError("the fair is closed")


def channel() -> LeadChannel:
    return FailingChannel()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(f"{__name__}:channel", tmp_path_factory.mktemp("service")) as service:
        yield service


def test_an_error_of_the_services_is_shown_with_its_trace(service: Service) -> None:
    connection = service.connect(channel(), {"token": ("token_one",)})
    answer = connection.deliver(Fair().proven(Fair().item(1)))

    with pytest.raises(AssertionError, match=r"http\.defect") as failed:
        assert_are_taken([answer])

    assert '"exc_type":"LookupError","exc_value":"the fair is closed"' in str(failed.value)
    assert '"channel":"fairs"' in str(failed.value)


def test_a_webhook_is_shown_where_it_is_served(service: Service) -> None:
    connection = service.connect(channel(), {})

    assert connection.webhook_url.startswith(f"http://127.0.0.1:{service.port}/api/fairs/webhook?")
