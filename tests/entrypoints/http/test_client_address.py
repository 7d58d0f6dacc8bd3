"""Who counts as one client, and whose `X-Forwarded-For` is believed."""

from ipaddress import ip_network

import pytest
from structlog.testing import capture_logs

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
    [
        "8.8.4.4",
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "::1",
        "fd00::1",
        "fe80::1%e",
        "::ffff:10.0.0.1",
        "",
    ],
)
def test_who_may_stand_for_many_people_is_not_one_client(
    client_address: ClientAddress, text: str
) -> None:
    assert client_address.alone(text) is None


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        # Nobody else than a trusted proxy can make itself many.
        ("8.8.8.8", [], "8.8.8.8"),
        ("8.8.8.8", ["1.1.1.1"], "8.8.8.8"),
        ("2a00:1450:1:1::1", ["1.1.1.1"], "2a00:1450:1:1::/64"),
        ("127.0.0.1", ["1.1.1.1"], None),
        ("", ["1.1.1.1"], None),
        # Of a trusted proxy it is the right-most address that is not trusted.
        ("8.8.4.4", ["1.1.1.1"], "1.1.1.1"),
        ("8.8.4.4", ["9.9.9.9, 1.1.1.1"], "1.1.1.1"),
        ("8.8.4.4", ["9.9.9.9", "1.1.1.1 , 8.8.4.5,8.8.4.6"], "1.1.1.1"),
        ("::ffff:8.8.4.4", ["::ffff:1.1.1.1"], "1.1.1.1"),
        ("8.8.4.4", ["192.168.1.5"], "192.168.1.5"),
        # As gateways write it.
        ("8.8.4.4", ["198.51.100.1:4711"], "198.51.100.1"),
        ("8.8.4.4", ["1.1.1.1, 8.8.4.5:80"], "1.1.1.1"),
        ("8.8.4.4", ["2001:db8::1"], "2001:db8::/64"),
        ("8.8.4.4", ["2001:DB8:0:0:1::2"], "2001:db8::/64"),
        ("8.8.4.4", ["[2001:db8::1]"], "2001:db8::/64"),
        ("8.8.4.4", ["[2001:db8::1]:4711"], "2001:db8::/64"),
        # It says nothing of the client.
        ("8.8.4.4", [], None),
        ("8.8.4.4", [""], None),
        ("8.8.4.4", ["8.8.4.5"], None),
        ("8.8.4.4", ["1.1.1.1, unknown"], None),
        ("8.8.4.4", ["1.1.1.1,"], "1.1.1.1"),
        ("8.8.4.4", ['"1.1.1.1"'], "1.1.1.1"),
        ("8.8.4.4", ["", "1.1.1.1", ""], "1.1.1.1"),
        ("8.8.4.4", ["1.1.1.1, [2001:db8::1"], "2001:db8::/64"),
        ("8.8.4.4", ["1.1.1.1, 2.2.2.2:3:4"], None),
    ],
)
def test_the_client_is_the_peer_or_whom_a_trusted_proxy_names(
    client_address: ClientAddress, peer: str, forwarded: list[str], client: str | None
) -> None:
    assert client_address.behind(peer, forwarded) == client


def test_a_trusted_proxy_that_names_no_client_is_named_once(client_address: ClientAddress) -> None:
    with capture_logs() as lines:
        for forwarded in ([], ["unknown"], ["for=1.1.1.1"]):
            assert client_address.behind("8.8.4.4", forwarded) is None

    assert [(line["event"], line["peer"]) for line in lines] == [
        ("http.client_not_named", "8.8.4.4")
    ]
