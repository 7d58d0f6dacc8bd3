import pytest

from domain.refusals import Overloaded
from entrypoints.http.body_memory import LARGE, SMALL, UNKNOWN, BodyMemory, Held, Share

SHARES = [UNKNOWN, SMALL, LARGE]


@pytest.mark.parametrize("share", SHARES)
def test_nobody_takes_more_than_the_part_of_one(share: Share) -> None:
    memory = BodyMemory()
    Held(memory).hold(share, "a", share.each_bytes)

    with pytest.raises(Overloaded) as refused:
        Held(memory).hold(share, "a", 1)
    assert refused.value.retry_after_seconds == 1
    Held(memory).hold(share, "b", share.each_bytes)


@pytest.mark.parametrize("share", SHARES)
def test_all_together_take_no_more_than_there_is(share: Share) -> None:
    memory = BodyMemory()
    for owner in range(share.most_bytes // share.each_bytes):
        Held(memory).hold(share, str(owner), share.each_bytes)

    with pytest.raises(Overloaded):
        Held(memory).hold(share, "another", 1)
    with pytest.raises(Overloaded):
        Held(memory).hold(share, None, 1)


def test_who_stands_for_many_is_bound_by_the_whole_alone() -> None:
    memory = BodyMemory()
    held = Held(memory)
    held.hold(UNKNOWN, None, UNKNOWN.most_bytes)
    held.hold(UNKNOWN, None, UNKNOWN.most_bytes)

    with pytest.raises(Overloaded):
        Held(memory).hold(UNKNOWN, None, 1)


def test_what_grows_or_moves_is_counted_once_and_what_is_refused_or_released_not_at_all() -> None:
    memory = BodyMemory()
    held = Held(memory)
    held.hold(UNKNOWN, "192.0.2.1", 100)
    held.hold(SMALL, "prj_1", 200)
    held.hold(LARGE, "prj_1", 300)
    assert memory._used == {"unknown": 0, "small": 0, "large": 300}

    with pytest.raises(Overloaded):
        held.hold(LARGE, "prj_1", LARGE.each_bytes + 1)
    held.release()
    held.release()

    assert not any(memory._used.values())
    assert memory._used_by == {}
