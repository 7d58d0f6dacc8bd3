import pytest

from domain.users.tokens import digest_of, form_token, is_token, new_token, seed_of


def test_tokens_are_of_one_shape_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert all(map(is_token, tokens))


@pytest.mark.parametrize("text", ["", "x", "x" * 42, "x" * 44, "x" * 42 + "é", "x" * 42 + "\n"])
def test_what_is_no_token(text: str) -> None:
    assert not is_token(text)


def test_what_a_form_carries_is_always_the_same_for_one_token_and_gives_it_not_away() -> None:
    token, other = new_token(), new_token()

    assert form_token(token) == form_token(token)
    assert len({token, form_token(token), form_token(other), form_token("")}) == 4
    assert token not in form_token(token)
    assert form_token(token) != digest_of(token)


def test_a_seed_is_of_one_token_and_of_what_is_said_word_for_word() -> None:
    token, other = new_token(), new_token()
    all_said = (("a", "b"), ("ab",), ("a", "b", ""), ("a", '", "b'), ("\udc80",), ())

    assert seed_of(token, "a", "b") == seed_of(token, "a", "b")
    assert len({seed_of(who, *said) for who in (token, other) for said in all_said}) == 12
