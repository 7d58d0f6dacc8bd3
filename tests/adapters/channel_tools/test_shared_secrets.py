from adapters.channel_tools.shared_secrets import is_one_of


def test_each_of_two_secrets_is_taken_and_nothing_else() -> None:
    secrets = ("old secret", "new secrét")

    assert [is_one_of(secret.encode(), secrets) for secret in secrets] == [True, True]
    assert [is_one_of(given, secrets) for given in (b"", b"old", b"old secret ")] == [False] * 3


def test_without_a_secret_nothing_is_taken() -> None:
    assert not is_one_of(b"", ())
