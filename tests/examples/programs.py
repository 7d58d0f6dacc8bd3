"""What every example that sends a lead does, whatever it is written in."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.api_key import new_key
from tests.examples.front import (
    BAD_GATEWAY,
    CUT,
    CUT_UNNOTICED,
    NOT_FOUND,
    Answer,
    in_front_of,
    refusal,
)
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

TIMEOUT, LIMITED = refusal(408, "REQUEST_TIMEOUT"), refusal(429, "RATE_LIMITED")
DEFECT = refusal(500, "INTERNAL_ERROR")
OVERLOADED, AWAY = refusal(503, "OVERLOADED"), refusal(503, "STORAGE_UNAVAILABLE")
# The proxy is closed for nearly as long as a program has to wait.
HANGS_UP = Answer(headers={}, closed_seconds=0.9)
ASKS_FOR_TWO_SECONDS = replace(OVERLOADED, headers={"Retry-After": "2"}, closed_seconds=1.9)
ODD = [Answer(200, body) for body in (b"null", b'"code"', b'["code"]', b'{"code":5}')]


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

    def _run(self, url: str, key: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        *program, file = self.command
        inherited = {name: v for name, v in os.environ.items() if name not in VARIABLES}
        given = dict(zip(VARIABLES, (url, key), strict=True))
        return subprocess.run(
            [*program, EXAMPLES / file],
            env=inherited | {name: value for name, value in given.items() if value} | variables,
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

    def test_an_address_may_end_with_a_slash(self, server: Server, account: Account) -> None:
        done = self._run(f"{server.url}/", account.key)

        assert (done.returncode, done.stdout) == (0, "1\n")

    def test_every_lead_has_a_random_uuid_of_its_own(
        self, server: Server, account: Account
    ) -> None:
        with in_front_of(server.port) as front:
            for _ in range(2):
                self._run(front.url, account.key)

        first, second = (str(key).lower() for key in front.idempotency_keys)
        assert [str(UUID(key, version=4)) for key in (first, second)] == [first, second]
        assert first != second

    @pytest.mark.parametrize(
        "lost",
        [
            pytest.param([TIMEOUT, LIMITED, DEFECT], id="refused-for-a-moment"),
            pytest.param([OVERLOADED, AWAY, BAD_GATEWAY], id="not-available"),
            pytest.param([CUT, CUT_UNNOTICED], id="half-an-answer"),
            pytest.param([HANGS_UP], id="hung-up"),
            pytest.param([ASKS_FOR_TWO_SECONDS], id="told-to-wait"),
        ],
    )
    def test_a_lead_whose_answer_was_lost_is_sent_again_in_time_and_counts_once(
        self, store: Store, server: Server, account: Account, lost: list[Answer]
    ) -> None:
        with in_front_of(server.port, *lost) as front:
            done = self._run(front.url, account.key)

        assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
        assert len(front.idempotency_keys) == len(lost) + 1
        assert len(set(front.idempotency_keys)) == 1
        assert len(store.leads(account)) == 1

    @pytest.mark.parametrize(
        ("answers", "code"),
        [
            pytest.param([AWAY] * 4, "STORAGE_UNAVAILABLE", id="refused"),
            pytest.param([NOT_FOUND] * 4, "NO_ANSWER", id="page-of-a-proxy"),
            pytest.param(ODD, "NO_ANSWER", id="odd-json"),
        ],
    )
    def test_after_four_tries_it_ends_with_the_last_code(
        self, server: Server, account: Account, answers: list[Answer], code: str
    ) -> None:
        with in_front_of(server.port, *answers) as front:
            done = self._run(front.url, account.key)

        assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{code}\n")
        assert len(front.idempotency_keys) == 4

    def test_a_full_month_is_not_waited_for(self, store: Store, server: Server) -> None:
        full = store.account(monthly_limit=0)

        with in_front_of(server.port) as front:
            done = self._run(front.url, full.key)

        assert (done.returncode, done.stdout, done.stderr) == (1, "", "PLAN_LIMIT_REACHED\n")
        assert len(front.idempotency_keys) == 1

    def test_a_refusal_is_its_code_and_not_sent_again(self, server: Server) -> None:
        with in_front_of(server.port) as front:
            done = self._run(front.url, new_key())

        assert (done.returncode, done.stdout, done.stderr) == (1, "", "INVALID_API_KEY\n")
        assert len(front.idempotency_keys) == 1

    @pytest.mark.parametrize(
        ("url", "key"),
        [
            pytest.param("", "swk_1", id="no-address"),
            pytest.param("leads.example.com", "swk_1", id="no-scheme"),
            pytest.param("https://leads.example.com", "", id="no-key"),
        ],
    )
    def test_a_variable_that_is_missing_or_wrong_is_named(self, url: str, key: str) -> None:
        done = self._run(url, key)

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            "Set SWIFTCRM_URL, which begins with http:// or https://, and SWIFTCRM_API_KEY.\n"
        )
