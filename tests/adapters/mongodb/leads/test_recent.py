from adapters.mongodb.leads.numbers import Recent


def test_a_value_is_made_once_for_as_long_as_it_is_used() -> None:
    recent: Recent[str, list[str]] = Recent(lambda key: [key], capacity=2)

    first = recent["a"]

    assert recent["b"] == ["b"]
    assert recent["a"] is first


def test_beyond_its_capacity_the_longest_unused_value_is_forgotten_and_no_other() -> None:
    recent: Recent[str, list[str]] = Recent(lambda key: [key], capacity=2)
    a, b = recent["a"], recent["b"]

    recent["a"], recent["c"]

    assert recent["a"] is a
    assert recent["b"] is not b
