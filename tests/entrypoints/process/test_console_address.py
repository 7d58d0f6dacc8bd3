"""Where people open the console."""

import pytest

from entrypoints.process.console_address import console_address

DEFAULT = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("public_url", "listening_url", "address"),
    [
        ("https://crm.example.com/", "http://0.0.0.0:8000", "https://crm.example.com/console"),
        ("https://us:word@example.com/crm", DEFAULT, "https://example.com/crm/console"),
        (DEFAULT, "http://127.0.0.1:9117", "http://127.0.0.1:9117/console"),
        (DEFAULT, "http://[::1]:9117", "http://[::1]:9117/console"),
        (DEFAULT, "http://0.0.0.0:9117", "http://127.0.0.1:9117/console"),
        (DEFAULT, "http://[::]:9117", "http://127.0.0.1:9117/console"),
    ],
)
def test_it_is_the_public_address_or_on_this_machine_the_one_that_is_listened_on(
    public_url: str, listening_url: str, address: str
) -> None:
    assert console_address(public_url, listening_url) == address
