import pytest

from domain.refusals import Overloaded
from entrypoints.http.connection.body_memory import (
    LARGE,
    SMALL,
    UNKNOWN,
    WHOLE,
    BodyMemory,
    Room,
    Share,
)

SHARES = [UNKNOWN, SMALL, WHOLE, LARGE]


@pytest.mark.parametrize("share", SHARES)
def test_nobody_takes_more_than_the_part_of_one(share: Share) -> None:
    memory = BodyMemory()
    Room(memory).take(share, "a", share.each_bytes)

    with pytest.raises(Overloaded) as refused:
        Room(memory).take(share, "a", 1)
    assert refused.value.retry_after_seconds == 1
    Room(memory).take(share, "b", share.each_bytes)


@pytest.mark.parametrize("share", SHARES)
def test_all_together_take_no_more_than_there_is(share: Share) -> None:
    memory = BodyMemory()
    for owner in range(share.most_bytes // share.each_bytes):
        Room(memory).take(share, str(owner), share.each_bytes)

    with pytest.raises(Overloaded):
        Room(memory).take(share, "another", 1)
    with pytest.raises(Overloaded):
        Room(memory).take(share, None, 1)


def test_who_stands_for_many_is_bound_by_the_whole_alone() -> None:
    memory = BodyMemory()
    room = Room(memory)
    room.take(UNKNOWN, None, UNKNOWN.most_bytes)
    room.take(UNKNOWN, None, UNKNOWN.most_bytes)

    with pytest.raises(Overloaded):
        Room(memory).take(UNKNOWN, None, 1)


def test_what_grows_or_moves_is_counted_once_and_what_is_refused_or_released_not_at_all() -> None:
    memory = BodyMemory()
    room = Room(memory)
    room.take(UNKNOWN, "192.0.2.1", 100)
    room.take(SMALL, "prj_1", 200)
    room.take(LARGE, "prj_1", 300)
    assert memory._used == {"unknown": 0, "small": 0, "large": 300}

    with pytest.raises(Overloaded):
        room.take(LARGE, "prj_1", LARGE.each_bytes + 1)
    room.give_back()
    room.give_back()

    assert not any(memory._used.values())
    assert memory._used_by == {}
