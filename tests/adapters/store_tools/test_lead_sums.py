"""What a chunk of leads names, and what it puts together."""

from adapters.store_tools.lead_sums import MOST_ORIGINS, summed


def test_a_chunk_of_a_small_project_names_all_campaigns_on_all_of_its_days() -> None:
    campaigns = [f"campaign {number}" for number in range(20)]
    rows = [(day, "rest", "news", campaign, 1) for day in range(40) for campaign in campaigns]

    chunk = summed(0, rows)
    assert not any(one.is_rest for one in chunk.sums)
    assert {one.campaign for one in chunk.sums} == set(campaigns)
    assert len(chunk.sums) == len(rows) > MOST_ORIGINS


def test_of_very_many_campaigns_the_rarest_are_put_together_by_day_and_channel() -> None:
    rows = [(1, "rest", "news", f"campaign {number}", 2) for number in range(MOST_ORIGINS)]
    rare = [(day, "rest", "news", f"rare {day} {number}", 1) for day in (1, 2) for number in (1, 2)]

    chunk = summed(0, [*rare, *rows])
    rests = [(one.day.day, one.channel, one.leads) for one in chunk.sums if one.is_rest]
    assert rests == [(2, "rest", 2), (3, "rest", 2)]
    assert sum(one.leads for one in chunk.sums) == 2 * MOST_ORIGINS + len(rare)
