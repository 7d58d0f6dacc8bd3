import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.mongodb import MongoDatabase, MongoHealthProbe
from tests.adapters.mongodb.conftest import Open
from tests.contracts.health_probe import FailingHealthProbeContract
from tests.support.servers.mongod import Mongod, RunningMongod
from tests.support.servers.mongod import mongod as mongod_process

OWN_DATABASE = True
PATIENCE_SECONDS = 30
OUT_OF_DISK_SPACE, NO_MAJORITY_IN_TIME = 14031, 64


class TestMongoHealthProbe(FailingHealthProbeContract):
    @pytest.fixture
    def probe(self, database: MongoDatabase) -> MongoHealthProbe:
        return MongoHealthProbe(database)

    @pytest.fixture
    def broken_probe(self, driver: str) -> MongoHealthProbe:
        return MongoHealthProbe(MongoDatabase("mongodb://127.0.0.1:1/swiftcrm", driver))

    def test_it_is_called_database(self, probe: MongoHealthProbe) -> None:
        assert probe.name == "database"

    @pytest.mark.parametrize(
        "fault",
        [
            {"errorCode": OUT_OF_DISK_SPACE},
            {"writeConcernError": {"code": NO_MAJORITY_IN_TIME, "errmsg": "waiting"}},
        ],
        ids=["full disk", "no majority"],
    )
    async def test_a_primary_that_takes_no_durable_write_is_unhealthy(
        self, probe: MongoHealthProbe, mongod: RunningMongod, fault: dict[str, Any]
    ) -> None:
        before = await probe.is_healthy()
        with mongod.failing("update", **fault):
            during = await probe.is_healthy()

        assert (before, during) == (True, False)
        await becomes(probe, healthy=True)

    async def test_a_write_that_takes_a_second_is_waited_for_by_nobody(
        self, probe: MongoHealthProbe, mongod: RunningMongod
    ) -> None:
        await becomes(probe, healthy=True)
        with mongod.failing("update", blockConnection=True, blockTimeMS=1000):
            during = [await probe.is_healthy() for _ in range(4)]

        assert during == [True] * 4

    async def test_a_write_that_takes_longer_than_anybody_waits_is_none(
        self, probe: MongoHealthProbe, mongod: RunningMongod
    ) -> None:
        await becomes(probe, healthy=True)
        with mongod.failing("update", blockConnection=True, blockTimeMS=3_500):
            await becomes(probe, healthy=False)


@pytest.fixture(scope="module")
def own_mongod() -> Iterator[Mongod]:
    with mongod_process(replica_set=False) as server:
        yield server


@pytest.mark.parametrize("away", ["kill", "freeze"])
async def test_a_server_that_is_away_is_unhealthy_and_healthy_when_it_is_back(
    own_mongod: Mongod, open_store: Open, away: str
) -> None:
    probe = MongoHealthProbe(await open_store(own_mongod.url()))
    await becomes(probe, healthy=True)
    getattr(own_mongod, away)()
    await becomes(probe, healthy=False)
    (own_mongod.start if away == "kill" else own_mongod.thaw)()

    await becomes(probe, healthy=True)


async def becomes(probe: MongoHealthProbe, *, healthy: bool) -> None:
    """A signal, and a server that starts, take a moment."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await probe.is_healthy() is not healthy:  # noqa: ASYNC110  the server tells nobody
            await asyncio.sleep(0.01)
