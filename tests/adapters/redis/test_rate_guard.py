import asyncio
from collections.abc import Callable, Iterator

import pytest
from redis import Redis as PlainRedis

from adapters.inprocess import InProcessRateGuard, NoRateGuard
from adapters.redis import RedisRateGuard, close_redis
from application.ports.rate_guard import RateGuard
from tests.adapters.redis.conftest import patient_client
from tests.contracts.rate_guard import CALLS, WINDOW_SECONDS, RateGuardContract
from tests.support.clocks import StillClock
from tests.support.servers.processes import free_port


class Exchanging(RateGuard):
    """A guard that tells Redis of every call at once."""

    def __init__(self, guard: RedisRateGuard, runner: asyncio.Runner) -> None:
        self._guard = guard
        self._runner = runner

    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        wait = self._guard.seconds_to_wait(project_id, client_address)
        assert self._runner.run(self._guard.exchange())
        return wait


class TestRedisRateGuard(RateGuardContract):
    """The shared windows alone: nothing stands in."""

    @pytest.fixture
    def forget(self, redis_url: str) -> Iterator[Callable[[], None]]:
        with PlainRedis.from_url(redis_url) as redis:
            yield lambda: [redis.delete(key) for key in redis.scan_iter("swiftcrm:rate:*")]

    @pytest.fixture
    def guard(
        self, redis_url: str, forget: Callable[[], None], clock: StillClock
    ) -> Iterator[RateGuard]:
        forget()
        redis = patient_client(redis_url)
        guard = RedisRateGuard(redis, NoRateGuard(), CALLS, WINDOW_SECONDS, clock)
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            yield Exchanging(guard, runner)
            runner.run(close_redis(redis))

    @pytest.fixture
    def next_window(self, forget: Callable[[], None], clock: StillClock) -> Callable[[], None]:
        def next_window() -> None:
            clock.advance(WINDOW_SECONDS)
            forget()

        return next_window


class TestRedisRateGuardWithoutRedis(RateGuardContract):
    """The stand-in alone: nothing listens."""

    @pytest.fixture
    def guard(self, clock: StillClock) -> Iterator[RateGuard]:
        redis = patient_client(f"redis://127.0.0.1:{free_port()}")
        stand_in = InProcessRateGuard(CALLS, WINDOW_SECONDS, clock)
        guard = RedisRateGuard(redis, stand_in, CALLS, WINDOW_SECONDS, clock)
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            yield guard
            assert runner.run(guard.exchange()) is False

    @pytest.fixture
    def next_window(self, clock: StillClock) -> Callable[[], None]:
        return lambda: clock.advance(WINDOW_SECONDS)
