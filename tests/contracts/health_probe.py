"""
What every `HealthProbe` does.

Subclass `HealthProbeContract` and provide `probe`, of a system that can work; where a
system can fail, subclass `FailingHealthProbeContract` and provide `broken_probe` as well.
"""

import re

from application.ports.health_probe import HealthProbe


class HealthProbeContract:
    def test_its_name_can_stand_in_an_answer(self, probe: HealthProbe) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", probe.name)

    async def test_a_system_that_works_is_healthy_however_often_it_is_asked(
        self, probe: HealthProbe
    ) -> None:
        assert [await probe.is_healthy() for _ in range(3)] == [True] * 3


class FailingHealthProbeContract(HealthProbeContract):
    async def test_a_system_that_cannot_work_is_unhealthy_and_that_is_no_error(
        self, broken_probe: HealthProbe
    ) -> None:
        assert [await broken_probe.is_healthy() for _ in range(3)] == [False] * 3
