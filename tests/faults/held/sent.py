"""Leads whose every value can be searched for, and the search."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.support.program import Server
from tests.support.stores import SQLITE, Account, Store

HELD = "x-swiftcrm-held"


def a_lead(number: int) -> dict[str, Any]:
    """One that nobody else is, and that no log may repeat."""
    return {
        "name": f"Holdefanie Number{number}",
        "email": f"holdefanie{number}@clients-of-acme.org",
        "phone": f"+49 30 77{number:06}",
        "attributes": {"wish": f"a quiet blue room {number}"},
    }


def words_of(leads: Iterable[Mapping[str, Any]]) -> list[str]:
    """All that *leads* say, in pieces."""
    return [
        text
        for lead in leads
        for text in (lead["name"], lead["email"], lead["phone"], *lead["attributes"].values())
    ]


def assert_nothing_is_logged(
    servers: Sequence[Server], accounts: Sequence[Account], leads: Iterable[Mapping[str, Any]]
) -> None:
    """No server wrote a key or anything that a lead says."""
    wanted = [account.key for account in accounts] + words_of(leads)
    for server in servers:
        log = server.raw_log.decode(errors="replace")
        assert log
        assert [word for word in wanted if word in log] == []


def assert_no_key_is_stored(store: Store, accounts: Sequence[Account]) -> None:
    """No byte of a SQLite store, its log included, is one of a key."""
    if store.kind != SQLITE:
        return
    stored = b"".join(path.read_bytes() for path in store.folder.glob(f"{store.path.name}*"))
    assert stored
    assert [account for account in accounts if account.key.encode() in stored] == []
