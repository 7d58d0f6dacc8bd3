"""A short round, so that `make bench` finds what it starts."""

from tests.bench.pace.rounds import Case, in_turns
from tests.bench.pace.sides import BARE, Machine

OURS = "ours, SQLite"


def test_sides_are_measured_in_turns() -> None:
    said: list[str] = []

    with Machine(said.append) as machine:
        cases = [Case(name, machine.side(name), connections=2) for name in (BARE, OURS)]
        found = in_turns(cases, rounds=2, seconds=0.05, say=said.append)

    assert {name: len(rounds) for name, rounds in found.items()} == {BARE: 2, OURS: 2}
    assert all(one.per_second > 0 and one.service_ms >= 0 for one in found[OURS])
    assert said[-4:] == [f"round {n} of 2: {name}" for n in (1, 2) for name in (BARE, OURS)]
