import pytest

from adapters.inprocess import InProcessHealthProbe
from tests.contracts.health_probe import HealthProbeContract


class TestInProcessHealthProbe(HealthProbeContract):
    @pytest.fixture
    def probe(self) -> InProcessHealthProbe:
        return InProcessHealthProbe("redis")

    def test_it_has_the_name_of_what_it_stands_for(self, probe: InProcessHealthProbe) -> None:
        assert probe.name == "redis"
