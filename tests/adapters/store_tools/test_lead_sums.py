"""What a chunk of leads names, what it puts together, and how much of it is remembered."""

import pytest

from adapters.store_tools import lead_sums
from adapters.store_tools.lead_sums import (
    MOST_ORIGINS,
    MOST_SOURCES,
    Memory,
    from_json,
    summed,
    to_json,
)
from domain.leads.sums import OTHERS


def test_a_chunk_of_a_small_project_names_all_campaigns_on_all_of_its_days() -> None:
    campaigns = [f"campaign {number}" for number in range(30)]
    rows = [(day, "rest", "news", campaign, 1) for day in range(40) for campaign in campaigns]

    chunk = summed(0, rows)

    assert {one.campaign for one in chunk.sums} == set(campaigns)
    assert len(chunk.sums) == len(rows) > MOST_ORIGINS
    assert from_json(0, to_json(chunk)) == chunk


def test_of_very_many_campaigns_the_rarest_and_oldest_are_put_together_with_their_source() -> None:
    rows = [(9, "rest", "news", f"often {number}", 2) for number in range(MOST_ORIGINS - 1)]
    rare = [(day, "rest", "news", f"rare {day}", 1) for day in (1, 2, 3)]

    chunk = summed(0, [*rare, *rows])

    rests = [(one.source, one.day.day, one.leads) for one in chunk.sums if one.campaign == OTHERS]
    assert rests == [("news", 2, 1), ("news", 3, 1)]
    assert "rare 3" in chunk.campaigns
    assert sum(one.leads for one in chunk.sums) == 3 + 2 * len(rows)


def test_of_very_many_sources_the_rarest_are_put_together_by_day_and_channel() -> None:
    rows = [(1, "rest", f"often {number}", None, 2) for number in range(MOST_SOURCES)]
    rare = [(1, "rest", f"rare {number}", "c", 1) for number in range(7)]

    chunk = summed(0, [*rare, *rows])

    rests = [(one.campaign, one.leads) for one in chunk.sums if one.source == OTHERS]
    assert rests == [(OTHERS, 7)]


def test_a_process_forgets_the_project_that_was_used_least_and_not_what_somebody_looks_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lead_sums, "MOST_REMEMBERED", 5)
    chunk = summed(0, [(day, "rest", None, None, 1) for day in range(2)])
    memory: Memory[int] = Memory()
    for project in ("a", "b"):
        memory.remember(project, {0: (1, chunk)})
    looking = memory.of("a")
    memory.remember("b", {1: (1, chunk)})

    assert (memory.knows("a"), memory.knows("b")) == (False, True)
    assert looking == {0: (1, chunk)}
    assert memory.of("b") == {0: (1, chunk), 1: (1, chunk)}
    assert memory.of("a") == {}
