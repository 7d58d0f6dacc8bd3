"""What every example that sends a lead does, whatever it is written in."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.api_key import new_key
from tests.examples.front import BAD_GATEWAY, NOT_FOUND, in_front_of
from tests.support.program import Server, serving, swiftcrm_json
from tests.support.stores import Account, Store

EXAMPLES = Path(__file__).parents[2] / "examples"
VARIABLES = ("SWIFTCRM_URL", "SWIFTCRM_API_KEY")
LEAD = {
    "name": "Zoë Müller",
    "email": "zoe@example.com",
    "phone": "+44 20 7946 0000",
    "attributes": {"budget": 5000, "newsletter": True},
    "source_url": "https://www.example.com/pricing",
    "utm": {"utm_source": "newsletter", "utm_campaign": "spring"},
}


class ProgramContract:
    """
    For each program of `examples` that makes one lead.

    Attributes:
        command: How it is started, its file last.
    """

    command: tuple[str, ...]

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, tmp_path_factory: pytest.TempPathFactory) -> Store:
        return Store(tmp_path_factory.mktemp("service") / "leads.db")

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls, store: Store) -> Iterator[Server]:
        with serving(store) as server:
            yield server

    @pytest.fixture
    def account(self, store: Store, server: Server) -> Account:
        return store.account()

    def _run(self, url: str, key: str) -> "subprocess.CompletedProcess[str]":
        *program, file = self.command
        inherited = {name: v for name, v in os.environ.items() if name not in VARIABLES}
        given = dict(zip(VARIABLES, (url, key), strict=True))
        return subprocess.run(
            [*program, EXAMPLES / file],
            env=inherited | {name: value for name, value in given.items() if value},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def _leads(self, store: Store, account: Account) -> Any:
        return swiftcrm_json(store, "lead", "list", account.project_id)

    def test_it_makes_a_lead_and_prints_its_number(
        self, store: Store, server: Server, account: Account
    ) -> None:
        runs = [self._run(server.url, account.key) for _ in range(2)]

        assert [(done.returncode, done.stdout, done.stderr) for done in runs] == [
            (0, "1\n", ""),
            (0, "2\n", ""),
        ]
        for lead in self._leads(store, account):
            assert {name: lead[name] for name in LEAD} == LEAD

    def test_a_refusal_is_its_code(self, server: Server, account: Account) -> None:
        done = self._run(server.url, new_key())

        assert done.returncode == 1
        assert (done.stdout, done.stderr) == ("", "INVALID_API_KEY\n")

    def test_a_lead_whose_answer_was_lost_is_sent_again_and_counts_once(
        self, store: Store, server: Server, account: Account
    ) -> None:
        with in_front_of(server.port, BAD_GATEWAY) as front:
            done = self._run(front.url, account.key)

        assert (done.returncode, done.stdout) == (0, "1\n")
        assert len(front.idempotency_keys) == 2
        assert len(set(front.idempotency_keys)) == 1
        assert len(self._leads(store, account)) == 1

    def test_a_full_month_is_not_waited_for(self, store: Store, server: Server) -> None:
        full = store.account(monthly_limit=0)

        with in_front_of(server.port) as front:
            done = self._run(front.url, full.key)

        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.endswith("PLAN_LIMIT_REACHED\n")
        assert len(front.idempotency_keys) == 1

    def test_the_page_of_a_proxy_is_no_answer(self, server: Server, account: Account) -> None:
        with in_front_of(server.port, *[NOT_FOUND] * 4) as front:
            done = self._run(front.url, account.key)

        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr == "NO_ANSWER\n"

    @pytest.mark.parametrize("missing", VARIABLES)
    def test_a_variable_that_is_missing_is_named(self, missing: str) -> None:
        given = {name: "" if name == missing else "x" for name in VARIABLES}

        done = self._run(*given.values())

        assert done.returncode != 0
        assert missing in done.stderr
