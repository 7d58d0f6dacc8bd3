import asyncio
import threading
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteDatabase, SqliteHealthProbe
from adapters.sqlite.connection.driver import sqlite3
from tests.adapters.sqlite.conftest import Open
from tests.contracts.health_probe import FailingHealthProbeContract
from tests.contracts.recording import LONG_ENOUGH_SECONDS


class TestSqliteHealthProbe(FailingHealthProbeContract):
    @pytest.fixture
    def probe(self, database: SqliteDatabase) -> SqliteHealthProbe:
        return SqliteHealthProbe(database)

    @pytest.fixture
    def broken_probe(self, tmp_path: Path) -> SqliteHealthProbe:
        return SqliteHealthProbe(SqliteDatabase(tmp_path / "never opened.db"))

    def test_it_is_called_database(self, probe: SqliteHealthProbe) -> None:
        assert probe.name == "database"

    @pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
    async def test_a_deleted_file_is_unhealthy(
        self, probe: SqliteHealthProbe, database: SqliteDatabase, ending: str
    ) -> None:
        before = await probe.is_healthy()
        database.path.with_name(f"{database.path.name}{ending}").unlink()

        assert before is True
        assert await probe.is_healthy() is False

    async def test_a_replaced_file_is_unhealthy(
        self,
        probe: SqliteHealthProbe,
        database: SqliteDatabase,
        open_store: Open,
        tmp_path: Path,
    ) -> None:
        await probe.is_healthy()
        other = open_store(tmp_path / "other.db")
        other.close()
        other.path.replace(database.path)

        assert await probe.is_healthy() is False

    async def test_a_file_that_was_replaced_before_anybody_asked_is_unhealthy(
        self,
        probe: SqliteHealthProbe,
        database: SqliteDatabase,
        open_store: Open,
        tmp_path: Path,
    ) -> None:
        other = open_store(tmp_path / "other.db")
        other.close()
        other.path.replace(database.path)

        assert await probe.is_healthy() is False

    async def test_a_closed_store_is_unhealthy(
        self, probe: SqliteHealthProbe, database: SqliteDatabase
    ) -> None:
        database.close()

        assert await probe.is_healthy() is False

    async def test_it_does_not_wait_for_a_writer_that_hangs(
        self, probe: SqliteHealthProbe, database: SqliteDatabase
    ) -> None:
        started, go_on = threading.Semaphore(0), threading.Event()

        def hang(_: sqlite3.Connection) -> None:
            started.release()
            go_on.wait(LONG_ENOUGH_SECONDS)

        reads = [asyncio.create_task(database.write(hang))]
        for _ in reads:
            await asyncio.to_thread(started.acquire)
        try:
            async with asyncio.timeout(10):  # where it waits, this says so before go_on does
                answer = await probe.is_healthy()
        finally:
            go_on.set()
            await asyncio.gather(*reads)

        assert answer is False

    async def test_a_store_that_others_hold_is_unhealthy(
        self, probe: SqliteHealthProbe, database: SqliteDatabase
    ) -> None:
        with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            held = await probe.is_healthy()
            other.execute("ROLLBACK")

        assert held is False
        assert await probe.is_healthy() is True
