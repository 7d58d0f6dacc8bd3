"""What tests do to a store past all of our code."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from pymongo import MongoClient

from adapters.sqlite.connection.driver import sqlite3
from tests.support.stores import SQLITE, Account, Store


def places_of(store: Store, account: Account) -> list[int]:
    """The places that the project's leads hold, of all months."""
    return [place for places in places_by_month(store, account).values() for place in places]


def places_by_month(store: Store, account: Account) -> dict[str, list[int]]:
    """The places that the project's leads hold, by month, ascending."""
    found: dict[str, list[int]] = defaultdict(list)
    for month, place in sorted(_held(store, account)):
        found[month].append(place)
    return found


def _held(store: Store, account: Account) -> list[tuple[str, int]]:
    if store.kind == SQLITE:
        with closing(sqlite3.connect(store.path)) as connection:
            query = "SELECT month, place FROM leads WHERE project_id = ? AND place IS NOT NULL"
            return list(connection.execute(query, (account.project_id,)))
    with _database(store) as database:
        wanted = {"project_id": account.project_id, "place": {"$exists": True}}
        return [(lead["month"], lead["place"]) for lead in database.leads.find(wanted)]


def make_holes(store: Store, account: Account, *places: int) -> None:
    """Free places, as a writer that died with them in hand leaves them."""
    if store.kind == SQLITE:
        with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
            for place in places:
                query = "DELETE FROM leads WHERE project_id = ? AND place = ?"
                connection.execute(query, (account.project_id, place))
        return
    with _database(store) as database:
        wanted = {"project_id": account.project_id, "place": {"$in": list(places)}}
        assert database.leads.delete_many(wanted).deleted_count == len(places)


@contextmanager
def _database(store: Store) -> Iterator[Any]:
    client: MongoClient[dict[str, Any]] = MongoClient(store.variables()["database_url"])
    with client:
        yield client.get_default_database()
