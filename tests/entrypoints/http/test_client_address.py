"""Who counts as one client; over HTTP it is tried whose `X-Forwarded-For` is believed."""

from ipaddress import ip_network

import pytest

from entrypoints.http.client_address import ClientAddress


@pytest.fixture
def client_address() -> ClientAddress:
    """Behind a proxy that is trusted."""
    return ClientAddress((ip_network("8.8.4.0/24"),))


def test_each_ipv4_address_of_the_internet_is_one_client(client_address: ClientAddress) -> None:
    assert client_address.alone("8.8.8.8") == "8.8.8.8"
    assert client_address.alone("8.8.8.9") == "8.8.8.9"


def test_all_ipv6_addresses_of_one_64_are_one_client(client_address: ClientAddress) -> None:
    one, same, other = map(
        client_address.alone, ("2a00:1450:1:1::1", "2a00:1450:1:1:ffff::2", "2a00:1450:1:2::1")
    )

    assert one == same
    assert one is not None
    assert other not in (None, one)


@pytest.mark.parametrize(
    "text",
    ["8.8.4.4", "127.0.0.1", "10.0.0.1", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.1", ""],
)
def test_who_may_stand_for_many_people_is_not_one_client(
    client_address: ClientAddress, text: str
) -> None:
    assert client_address.alone(text) is None
