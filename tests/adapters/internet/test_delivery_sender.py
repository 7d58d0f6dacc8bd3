import pytest

from adapters.internet.delivery_sender import HttpDeliverySender
from tests.contracts.delivery_sender import DeliverySenderContract
from tests.support.servers.certificates import Authority


class TestHttpDeliverySender(DeliverySenderContract):
    @pytest.fixture
    def sender(self, authority: Authority) -> HttpDeliverySender:
        return HttpDeliverySender(trusted=authority.trusted())

    @pytest.fixture
    def hasty(self) -> HttpDeliverySender:
        return HttpDeliverySender(timeout_seconds=0.5)
