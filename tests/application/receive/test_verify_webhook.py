from collections.abc import Mapping

import pytest

from adapters.whatsapp import WhatsAppChannel
from application.channels.channel_settings import ChannelSettings
from application.keys.create import CreateKey
from application.ports.lead_channel import LeadChannel
from application.process.settings_cache import SettingsCache
from application.receive.verify_webhook import VerifyWebhook
from domain.channel import ChannelEvent
from domain.errors import StorageUnavailable
from domain.project import Project
from domain.refusals import (
    ChallengeNotOffered,
    ChallengeRefused,
    InvalidApiKey,
    UnknownChannel,
)
from entrypoints.container import Container
from tests.application.fakes import PostcardChannel, unavailable
from tests.support.clocks import StillClock

QUERY = {"hub.mode": "subscribe", "hub.verify_token": "open-sesame", "hub.challenge": "1158201444"}


@pytest.fixture
def channels() -> Mapping[str, LeadChannel]:
    return {"whatsapp": WhatsAppChannel(), "postcards": PostcardChannel()}


@pytest.fixture
def settings(container: Container) -> ChannelSettings:
    return container.channel_settings()


@pytest.fixture
def verify(container: Container) -> VerifyWebhook:
    return container.verify_webhook()


@pytest.fixture
async def key(create_key: CreateKey, settings: ChannelSettings, project: Project) -> str:
    await settings.change(project.project_id, "whatsapp", {"verify_token": ["open-sesame"]})
    return (await create_key(project.project_id, channel="whatsapp")).secret


async def test_the_challenge_is_answered_as_it_came(verify: VerifyWebhook, key: str) -> None:
    odd = "<script>alert(1)</script> ä"

    assert await verify("whatsapp", key, QUERY) == "1158201444"
    assert await verify("whatsapp", key, {**QUERY, "hub.challenge": odd}) == odd


async def test_an_ordinary_key_of_the_project_opens_the_webhook_too(
    verify: VerifyWebhook, create_key: CreateKey, project: Project, key: str
) -> None:
    ordinary = await create_key(project.project_id)

    assert await verify("whatsapp", ordinary.secret, QUERY) == "1158201444"


async def test_the_token_of_one_project_does_not_answer_for_another(
    verify: VerifyWebhook,
    create_key: CreateKey,
    settings: ChannelSettings,
    other: Project,
    key: str,
) -> None:
    await settings.change(other.project_id, "whatsapp", {"verify_token": ["other-token"]})
    theirs = await create_key(other.project_id, channel="whatsapp")

    with pytest.raises(ChallengeRefused):
        await verify("whatsapp", theirs.secret, QUERY)


async def test_an_empty_token_does_not_match_a_project_without_one(
    verify: VerifyWebhook, create_key: CreateKey, other: Project
) -> None:
    theirs = await create_key(other.project_id)

    with pytest.raises(ChallengeRefused):
        await verify("whatsapp", theirs.secret, QUERY | {"hub.verify_token": ""})


@pytest.mark.parametrize("garbage", [None, "", "garbage"])
async def test_a_challenge_without_a_good_key_is_refused(
    verify: VerifyWebhook, garbage: str | None
) -> None:
    with pytest.raises(InvalidApiKey):
        await verify("whatsapp", garbage, QUERY)


async def test_a_key_of_another_channel_does_not_open_the_door(
    verify: VerifyWebhook, create_key: CreateKey, project: Project, key: str
) -> None:
    elsewhere = await create_key(project.project_id, channel="postcards")

    with pytest.raises(InvalidApiKey):
        await verify("whatsapp", elsewhere.secret, QUERY)


async def test_a_channel_may_know_no_challenge(
    verify: VerifyWebhook, create_key: CreateKey, project: Project
) -> None:
    ordinary = await create_key(project.project_id)

    with pytest.raises(ChallengeNotOffered):
        await verify("postcards", ordinary.secret, QUERY)


async def test_a_channel_that_is_not_switched_on_is_unknown_before_any_key_is_looked_at(
    verify: VerifyWebhook,
) -> None:
    with pytest.raises(UnknownChannel):
        await verify("telegram", None, QUERY)


async def test_a_token_that_was_changed_two_seconds_ago_is_in_force(
    verify: VerifyWebhook, settings: ChannelSettings, clock: StillClock, project: Project, key: str
) -> None:
    await verify("whatsapp", key, QUERY)
    await settings.change(project.project_id, "whatsapp", {"verify_token": ["changed"]})
    clock.advance(2.0)

    with pytest.raises(ChallengeRefused):
        await verify("whatsapp", key, QUERY)
    changed = QUERY | {"hub.verify_token": "changed"}
    assert await verify("whatsapp", key, changed) == "1158201444"


async def test_a_challenge_is_never_refused_for_want_of_a_store(
    container: Container, clock: StillClock, key: str
) -> None:
    container.channel_cache.override(SettingsCache.one_by_one(unavailable, clock))

    with pytest.raises(StorageUnavailable):
        await container.verify_webhook()("whatsapp", key, QUERY)


async def test_the_second_of_an_answered_challenge_is_noted(
    verify: VerifyWebhook, container: Container, clock: StillClock, project: Project, key: str
) -> None:
    with pytest.raises(ChallengeRefused):
        await verify("whatsapp", key, QUERY | {"hub.verify_token": "wrong"})
    await container.channel_activity().flush()
    refused = await container.channel_log().last(project.project_id, "whatsapp")
    await verify("whatsapp", key, QUERY)
    await container.channel_activity().flush()
    answered = await container.channel_log().last(project.project_id, "whatsapp")

    assert refused == {}
    assert answered == {ChannelEvent.CHALLENGE: clock.now().replace(microsecond=0)}
