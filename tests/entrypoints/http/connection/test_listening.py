"""The address that a server takes before anything else is started."""

import errno
import socket

import pytest

from entrypoints.http.connection.server import CannotListen, bind
from tests.support.servers.odd_servers import closed_port

HOST = "127.0.0.1"


def test_a_port_in_use_is_refused_with_one_that_is_free() -> None:
    with socket.create_server((HOST, 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(CannotListen) as refused:
            bind(HOST, port)

    assert (refused.value.host, refused.value.port) == (HOST, port)
    assert refused.value.cause.errno == errno.EADDRINUSE
    bind(HOST, refused.value.free_port).close()
    assert refused.value.free_port not in {0, port}


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with closed_port() as port, pytest.raises(CannotListen) as refused:
        bind(host, port)

    assert refused.value.cause.errno != errno.EADDRINUSE
