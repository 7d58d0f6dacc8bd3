"""A sample on its way over a real socket."""

from base64 import b64encode

import pytest

from application.channels.try_channel import Trial
from application.ports.key_register import KeyRegister
from domain.project import Project
from domain.refusals import UnknownChannel
from entrypoints.container import Container
from tests.application.fakes import PostcardChannel
from tests.application.in_force import lists, set_to
from tests.support.servers.odd_servers import OddServer, closed_port, http_answer, odd_server

KEPT = http_answer(200, b'{"received":1,"new_leads":1,"duplicates":0,"ignored":0}')


class Try:
    """Tries the channel of one project through an address."""

    def __init__(self, container: Container, project: Project) -> None:
        self._container = container
        self._project = project

    async def __call__(self, address: str, channel: str = "postcards") -> Trial:
        set_to(self._container, public_url=address)
        return await self._container.try_channel()(self._project.project_id, channel)


@pytest.fixture
def trying(container: Container, project: Project) -> Try:
    return Try(container, project)


def address_of(server: OddServer) -> str:
    return f"http://127.0.0.1:{server.port}"


async def test_the_channels_sample_is_sent_to_its_webhook_with_its_key(
    trying: Try, container: Container, keys: KeyRegister, project: Project
) -> None:
    await lists(container, project, [])
    with odd_server(KEPT) as server:
        trial = await trying(address_of(server))

    (call,) = server.calls
    (key,) = await keys.of_project(project.project_id)
    target = f"POST /api/postcards/webhook?api_key={key.readable}&from=a+b&from=c%26d HTTP"
    assert trial.failed is None
    assert call.startswith(target.encode())
    assert b"\r\nx-stamp: abcdefgh\r\n" in call
    assert call.endswith(b'{"postcard":1}')


async def test_a_login_in_the_address_is_sent_and_its_password_is_nowhere_in_the_trial(
    trying: Try,
) -> None:
    with odd_server(http_answer(302, Location="http://ada:hunter2@127.0.0.1/")) as server:
        trial = await trying(f"http://ada:hunter2@127.0.0.1:{server.port}")

    (call,) = server.calls
    assert b"\r\nAuthorization: Basic " + b64encode(b"ada:hunter2") + b"\r\n" in call
    assert trial.steps[0].found.startswith(f"http://ada:***@127.0.0.1:{server.port}/")
    assert "hunter2" not in repr(trial)


async def test_a_sample_that_does_not_come_through_is_a_trial_that_failed(trying: Try) -> None:
    with closed_port() as port:
        trial = await trying(f"http://127.0.0.1:{port}")

    assert trial.failed is not None
    assert trial.failed == trial.steps[-1]
    assert trial.failed.hop == "connection"


async def test_the_senders_checklist_comes_with_it(trying: Try, channel: PostcardChannel) -> None:
    channel.checklist = ("Is it stamped?",)
    with odd_server(KEPT) as server:
        trial = await trying(address_of(server))

    assert trial.checklist == ("Is it stamped?",)


async def test_a_channel_that_is_not_switched_on_cannot_be_tried(trying: Try) -> None:
    with pytest.raises(UnknownChannel):
        await trying("http://127.0.0.1:9", "telegram")
