"""What is said of the way of a test delivery."""

from collections.abc import Mapping

import pytest

from application.channels.diagnosis import HopAdvice
from entrypoints.channels.hop_causes import CAUSES
from entrypoints.cli.channels import hops as of_commands
from entrypoints.console.channels import hops as of_pages

MEND_THEMSELVES = {HopAdvice.NAME_IS_PRIVATE, HopAdvice.BUSY}
"""Their cause says all that anybody can do."""


def test_whatever_may_be_wrong_on_the_way_of_a_sample_has_a_cause() -> None:
    assert list(CAUSES) == list(HopAdvice)


@pytest.mark.parametrize("hops", [of_commands.HOPS, of_pages.HOPS], ids=["commands", "pages"])
def test_who_reads_a_cause_reads_what_to_do_about_it(hops: Mapping[HopAdvice, str]) -> None:
    assert {code for code in HopAdvice if hops[code] == CAUSES[code]} == MEND_THEMSELVES
    assert all(hops[code].startswith(CAUSES[code]) for code in HopAdvice)
