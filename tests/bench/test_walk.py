"""How long a walk is; the walks themselves are measured by `make bench`."""

from tests.bench.tracing import Step
from tests.bench.walk import LONGEST, Size, Sizes, growth, jumps, size, without_idle_turns


def entered(function: str, depth: int = 0) -> Step:
    """A function `file.name` that is called."""
    return Step(function.partition(".")[0], function, resumed=False, depth=depth)


def resumed(function: str, depth: int = 0) -> Step:
    """A function `file.name` that goes on after it waited."""
    return entered(function, depth)._replace(resumed=True)


def test_a_function_that_goes_on_changes_the_file_and_is_not_called_again() -> None:
    steps = [entered("a.one"), entered("a.two", 1), entered("b.one", 2), resumed("a.one")]

    assert size(steps) == Size(files=2, changes=2, functions=3)
    assert jumps(steps) == {("a", "b"): 1, ("b", "a"): 1}


def test_functions_that_wake_up_only_to_wait_on_are_no_part_of_the_walk() -> None:
    wake_up = [resumed("a.one"), resumed("b.one", 1)]
    steps = [entered("a.one"), entered("b.one", 1), *wake_up, *wake_up, *wake_up, entered("c.one")]

    assert without_idle_turns(steps) == (*steps[:2], *wake_up, steps[-1])


def test_functions_that_go_on_to_their_end_are_a_part_of_the_walk() -> None:
    steps = (entered("a.one"), resumed("a.one"), entered("b.one"), resumed("b.one"))

    assert without_idle_turns(steps) == steps


def test_a_walk_that_enters_one_file_more_than_is_allowed_has_grown() -> None:
    call = "a REST lead"
    (files, changes), answered = LONGEST["mongodb", call]
    longest = Sizes(Size(files, changes, functions=1), Size(*answered, functions=1))
    longer = longest._replace(written=Size(files + 1, changes, functions=1))

    assert growth("motor", call, longest) == []
    assert growth("motor", call, longer) == [
        f"motor, {call}, until it is written: {files + 1} files; at most {files} are allowed"
    ]
