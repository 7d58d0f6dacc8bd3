"""Three ways to give the key, over a real socket."""

import pytest

from domain.api_key import new_key
from tests.entrypoints.http.conftest import LEAD
from tests.support.program import Server
from tests.support.stores import Account
from tests.support.wire import Answer, request

JSON = ("Content-Type", "application/json")

Headers = list[tuple[str, str | bytes]]


def post(server: Server, *headers: tuple[str, str | bytes], query: str = "") -> Answer:
    return request(server.port, "POST", LEAD + query, [JSON, *headers], b"{}")


def filled(headers: Headers, account: Account) -> Headers:
    """The headers with the key of *account* in the place of `{key}`."""
    return [(n, v.replace("{key}", account.key) if isinstance(v, str) else v) for n, v in headers]


def test_each_of_the_three_ways_opens_the_door(server: Server, account: Account) -> None:
    key = account.key

    assert post(server, ("X-Api-Key", key)).status == 201
    assert post(server, ("Authorization", f"Bearer {key}")).status == 201
    assert post(server, ("authorization", f"bearer {key}")).status == 201
    assert post(server, query=f"?api_key={key}").status == 201


def test_a_key_given_twice_the_same_is_one_key(server: Server, account: Account) -> None:
    key = account.key

    assert post(server, ("X-Api-Key", key), ("X-Api-Key", key)).status == 201
    assert post(server, query=f"?api_key={key}&api_key={key}").status == 201


TAKEN: dict[str, tuple[Headers, str]] = {
    "empty header, query": ([("X-Api-Key", "")], "?api_key={key}"),
    "empty header, bearer": ([("X-Api-Key", " \t"), ("Authorization", "Bearer {key}")], ""),
    "empty bearer, query": ([("Authorization", "Bearer ")], "?api_key={key}"),
    "Basic, query": ([("Authorization", "Basic c3RhZ2luZzpzZWNyZXQ=")], "?api_key={key}"),
    "Basic and a bearer": (
        [("Authorization", "Basic c3RhZ2luZzpzZWNyZXQ="), ("Authorization", "Bearer {key}")],
        "",
    ),
    "an empty one beside it": ([("X-Api-Key", ""), ("X-Api-Key", "{key}")], ""),
    "an empty parameter beside it": ([], "?api_key=&api_key={key}"),
    "a wrong key of lower precedence": (
        [("X-Api-Key", "{key}"), ("Authorization", "Bearer x")],
        "?api_key=x",
    ),
    "blanks around a header": ([("X-Api-Key", "\t {key} \t")], ""),
    "blanks around a bearer": ([("Authorization", "  Bearer \t {key}  ")], ""),
    "twice, one with a blank": ([("X-Api-Key", "{key}"), ("X-Api-Key", "{key} ")], ""),
    "blanks around a parameter": ([], "?api_key=+%20%09{key}%20+"),
    "line ends around a parameter": ([], "?api_key=%0A{key}%0D%0A"),
}
"""What programs write around a key, and beside it."""


@pytest.mark.parametrize(("headers", "query"), TAKEN.values(), ids=TAKEN.keys())
def test_what_is_empty_or_no_key_does_not_hide_the_key(
    server: Server, account: Account, headers: Headers, query: str
) -> None:
    assert (
        post(server, *filled(headers, account), query=query.format(key=account.key)).status == 201
    )


REFUSED: dict[str, tuple[Headers, str]] = {
    "none": ([], ""),
    "unknown": ([("X-Api-Key", new_key())], ""),
    "byte FF": ([("X-Api-Key", b"swk_\xff")], ""),
    "empty everywhere": ([("X-Api-Key", ""), ("Authorization", "Bearer")], "?api_key="),
    "blanks alone": ([("X-Api-Key", " ")], "?api_key=%20%0A"),
    "a blank inside": ([("X-Api-Key", "{key} x")], ""),
    "two that differ": ([("X-Api-Key", "{key}"), ("X-Api-Key", new_key())], ""),
    "two parameters that differ": ([], "?api_key={key}&api_key=b"),
    "Basic": ([("Authorization", "Basic abcToken{key}")], ""),
    "no scheme": ([("Authorization", "{key}")], ""),
    "two keys in one bearer": ([("Authorization", "Bearer {key} {key}")], ""),
    "invalid UTF-8 in the query": ([], "?api_key=%FF%FE"),
    "wrong header, right bearer": ([("X-Api-Key", "x"), ("Authorization", "Bearer {key}")], ""),
    "wrong header, right query": ([("X-Api-Key", "x")], "?api_key={key}"),
    "wrong bearer, right query": ([("Authorization", "Bearer x")], "?api_key={key}"),
    "two headers that differ, right query": (
        [("X-Api-Key", "x"), ("X-Api-Key", "y")],
        "?api_key={key}",
    ),
    "two bearers that differ": (
        [("Authorization", "Bearer {key}"), ("Authorization", "Bearer x")],
        "",
    ),
    "a scheme that begins with bearer": ([("Authorization", "Bearers {key}")], ""),
}


@pytest.mark.parametrize(("headers", "query"), REFUSED.values(), ids=REFUSED.keys())
def test_every_wrong_key_gets_the_same_401(
    server: Server, account: Account, headers: Headers, query: str
) -> None:
    answer = post(server, *filled(headers, account), query=query.format(key=account.key))

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json() == {
        "code": "INVALID_API_KEY",
        "message": "Invalid or missing project API key.",
        "request_id": answer.headers["x-request-id"],
    }


def test_a_right_header_is_not_spoiled_by_a_wrong_query(server: Server, account: Account) -> None:
    assert post(server, ("X-Api-Key", account.key), query="?api_key=x").status == 201


def test_the_key_is_in_no_log_line(server: Server, account: Account) -> None:
    post(server, query=f"?api_key={account.key}")
    request(server.port, "GET", f"/nowhere?api_key={account.key}")

    assert account.key.encode() not in server.raw_log
