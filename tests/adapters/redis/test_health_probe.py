import asyncio

import pytest

from adapters.redis import RedisHealthProbe
from tests.adapters.redis.conftest import Connect
from tests.adapters.redis.strangers import STRANGE_ANSWERS, answering
from tests.contracts.health_probe import FailingHealthProbeContract
from tests.support.servers.processes import free_port
from tests.support.servers.redis_server import RedisServer


class TestRedisHealthProbe(FailingHealthProbeContract):
    @pytest.fixture
    def probe(self, redis_url: str, connect: Connect) -> RedisHealthProbe:
        return RedisHealthProbe(connect(redis_url, patient=False))

    @pytest.fixture
    def broken_probe(self, connect: Connect) -> RedisHealthProbe:
        return RedisHealthProbe(connect(f"redis://127.0.0.1:{free_port()}", patient=False))

    def test_it_is_called_redis(self, probe: RedisHealthProbe) -> None:
        assert probe.name == "redis"

    async def test_a_frozen_server_is_unhealthy_soon_and_healthy_when_it_goes_on(
        self, server: RedisServer, connect: Connect
    ) -> None:
        probe = RedisHealthProbe(connect(server.url))  # its patience is not the client's
        before = await probe.is_healthy()
        server.freeze()
        async with asyncio.timeout(5):
            frozen = [await probe.is_healthy() for _ in range(5)]
        server.thaw()

        assert before is True
        assert frozen == [False] * 5
        assert True in [await probe.is_healthy() for _ in range(20)]

    async def test_a_killed_server_is_unhealthy_and_healthy_when_it_is_back(
        self, server: RedisServer, connect: Connect
    ) -> None:
        probe = RedisHealthProbe(connect(server.url, patient=False))
        await probe.is_healthy()
        server.kill()
        killed = await probe.is_healthy()
        server.start()

        assert killed is False
        assert await probe.is_healthy() is True

    @pytest.mark.parametrize("answer", STRANGE_ANSWERS)
    async def test_what_is_not_redis_is_unhealthy(self, connect: Connect, answer: bytes) -> None:
        async with answering(answer) as url:
            assert await RedisHealthProbe(connect(url, patient=False)).is_healthy() is False
