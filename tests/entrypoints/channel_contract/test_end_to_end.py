"""The tests of the whole program come last."""

import os
import subprocess
import sys
from pathlib import Path

_SUITES = """
from entrypoints.channel_contract import (
    EndToEndContract, LeadChannelContract, NoChallengeContract, NoProofContract, OneItemContract,
)

class TestAsTheLast(
    LeadChannelContract, NoProofContract, OneItemContract, NoChallengeContract, EndToEndContract
):
    def test_of_its_own(self): ...

class Base(
    EndToEndContract, LeadChannelContract, NoProofContract, OneItemContract, NoChallengeContract
):
    def test_two_people_are_two_leads(self): ...

class TestAsTheFirst(Base): ...
"""


def test_end_to_end_tests_come_last_whatever_the_order_of_the_bases(tmp_path: Path) -> None:
    (tmp_path / "test_suites.py").write_text(_SUITES)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    collected = [line.split("::")[1:] for line in done.stdout.splitlines() if "::" in line]
    for suite in ("TestAsTheLast", "TestAsTheFirst"):
        tests = [test.partition("[")[0] for name, test in collected if name == suite]
        assert tests[-5:] == [
            "test_a_delivery_that_comes_three_times_is_one_lead_with_one_message",
            "test_two_people_are_two_leads",
            "test_another_projects_secret_makes_no_lead",
            "test_its_sample_makes_a_lead_that_does_not_count",
            "test_no_body_is_an_error_of_the_services",
        ], done.stdout
        assert len(tests) > 20
        assert len(set(tests[:-5]) & {*tests[-5:]}) == 0


def test_a_test_that_a_suite_replaces_stays_replaced() -> None:
    suites: dict[str, type] = {}
    exec(_SUITES, suites)

    replaced = suites["Base"].test_two_people_are_two_leads  # type: ignore[attr-defined]
    assert suites["TestAsTheFirst"].test_two_people_are_two_leads is replaced  # type: ignore[attr-defined]
