"""What the line of a call says: enough to see at a glance why it was refused, and nothing sent."""

from typing import Any

import pytest

from tests.entrypoints.http.conftest import poster
from tests.support.program import Server
from tests.support.stores import SQLITE, Account
from tests.support.wire import Answer

pytestmark = pytest.mark.parametrize("store", [SQLITE], indirect=True, scope="session")
"""What is logged of a call is the same on every store."""


def line_of(server: Server, answer: Answer) -> dict[str, Any]:
    return server.line_with(request_id=answer.headers["x-request-id"])


def test_the_line_of_a_foreign_page_names_its_host_and_the_answer_does_not(
    server: Server, guarded: Account
) -> None:
    answer = poster(server, guarded)(
        {}, Referer="https://evil.com/lovelace?email=lovelace@example.com"
    )
    line = line_of(server, answer)

    assert (line["status"], line["origin"]) == (403, "evil.com")
    assert line["project_id"] == guarded.project_id
    assert b"evil" not in answer.body
    assert "lovelace" not in str(line)
