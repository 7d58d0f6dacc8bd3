import asyncio
from collections.abc import Mapping

import pytest

from adapters.whatsapp import WhatsAppChannel
from application.channels.channel_settings import ChannelSettings
from application.channels.show_channel import ChannelView, ShowChannel
from application.keys.authenticate import AuthenticateKey
from application.ports.key_register import KeyRegister
from application.ports.lead_channel import LeadChannel
from domain.project import Project
from domain.refusals import InvalidApiKey, UnknownChannel
from entrypoints.container import Container
from tests.application.in_force import set_to
from tests.support.clocks import StillClock

PUBLIC = "https://crm.example.com"
DOOR = f"{PUBLIC}/api/whatsapp/webhook?api_key="


@pytest.fixture
def channels() -> Mapping[str, LeadChannel]:
    return {"whatsapp": WhatsAppChannel()}


@pytest.fixture
def settings(container: Container) -> ChannelSettings:
    return container.channel_settings()


@pytest.fixture
def show(container: Container) -> ShowChannel:
    return container.show_channel()


def values_of(view: ChannelView) -> dict[str, tuple[str, ...]]:
    return {setting.name: values for setting, values in view.settings.items()}


@pytest.mark.parametrize("public_url", [PUBLIC, PUBLIC + "/"])
async def test_the_webhooks_url_contains_a_key_that_opens_this_webhook_alone(
    container: Container, authenticate: AuthenticateKey, project: Project, public_url: str
) -> None:
    set_to(container, public_url=public_url)
    view = await container.show_channel()(project.project_id, "whatsapp")

    assert view.webhook_url.startswith(DOOR)
    key = view.webhook_url.removeprefix(DOOR)
    assert await authenticate(key, channel="whatsapp") == project
    for door in (None, "telegram"):
        with pytest.raises(InvalidApiKey):
            await authenticate(key, channel=door)


async def test_every_look_shows_the_same(show: ShowChannel, project: Project) -> None:
    looks = await asyncio.gather(*(show(project.project_id, "whatsapp") for _ in range(5)))

    assert looks == [looks[0]] * 5
    assert await show(project.project_id, "whatsapp") == looks[0]


async def test_every_setting_is_shown_and_the_verify_token_is_made(
    show: ShowChannel, settings: ChannelSettings, project: Project
) -> None:
    await settings.change(project.project_id, "whatsapp", {"app_secret": ["0123456789"]})
    values = values_of(await show(project.project_id, "whatsapp"))

    (verify_token,) = values.pop("verify_token")
    assert len(verify_token) >= 32
    (locked,) = values.pop("app_secret")
    assert "0123456789" not in locked
    assert values == {"phone_number_ids": ()}


async def test_a_url_whose_key_was_revoked_is_replaced(
    show: ShowChannel, keys: KeyRegister, clock: StillClock, project: Project
) -> None:
    old = await show(project.project_id, "whatsapp")
    (key,) = await keys.of_project(project.project_id)
    await keys.revoke(key.key_id, clock.now())
    new = await show(project.project_id, "whatsapp")

    assert new.webhook_url != old.webhook_url
    assert new.settings == old.settings


async def test_nothing_is_made_for_a_channel_that_is_not_switched_on(
    show: ShowChannel, keys: KeyRegister, project: Project
) -> None:
    with pytest.raises(UnknownChannel):
        await show(project.project_id, "telegram")
    assert await keys.of_project(project.project_id) == []
