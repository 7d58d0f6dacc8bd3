"""What SQLite makes of our statements: none goes through a table that grows with every lead."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from contextlib import closing

import pytest

import adapters.sqlite
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.schema import SCHEMA_VERSION, upgrade

_STATEMENT = re.compile(r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)\s")
_PARAMETER = re.compile(r"\?\d*|:\w+")
GOES_THROUGH_ALL_ON_PURPOSE = {"adapters.sqlite.backup.content"}
GOES_THROUGH_ALL = re.compile(r"SCAN (leads|messages|identities|links|held)\b")


def _statements() -> Iterator[tuple[str, str]]:
    """Those that modules keep as constants, by name."""
    for module in pkgutil.walk_packages(adapters.sqlite.__path__, "adapters.sqlite."):
        if module.name in GOES_THROUGH_ALL_ON_PURPOSE:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, str) and _STATEMENT.match(value):
                yield f"{module.name}.{name}", value


STATEMENTS = dict(_statements())


@pytest.fixture(scope="module")
def store() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as store:
        upgrade(store, 0, SCHEMA_VERSION)
        yield store


def _plan(store: sqlite3.Connection, statement: str) -> str:
    with_one_parameter, found = _PARAMETER.subn("?1", statement)
    plan = store.execute(f"EXPLAIN QUERY PLAN {with_one_parameter}", [1] if found else [])
    return "\n".join(row[3] for row in plan)


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_goes_through_no_table_that_grows(store: sqlite3.Connection, name: str) -> None:
    plan = _plan(store, STATEMENTS[name])

    assert not GOES_THROUGH_ALL.search(plan), plan


def test_one_that_does_would_be_noticed(store: sqlite3.Connection) -> None:
    assert len(STATEMENTS) > 20
    assert GOES_THROUGH_ALL.search(_plan(store, "SELECT * FROM messages WHERE text = ?"))
