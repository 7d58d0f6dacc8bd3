import pytest

from application.keys.authenticate import AuthenticateKey
from application.keys.create import CreateKey
from application.ports.key_register import KeyRegister
from application.process.settings_cache import SettingsCache
from domain.api_key import new_key
from domain.errors import StorageUnavailable
from domain.project import Project
from domain.refusals import InvalidApiKey
from entrypoints.container import Container
from tests.application.fakes import unavailable
from tests.support.builders import a_key
from tests.support.clocks import StillClock


async def test_a_key_opens_its_own_project(
    authenticate: AuthenticateKey, create_key: CreateKey, project: Project, other: Project
) -> None:
    ours = await create_key(project.project_id)
    theirs = await create_key(other.project_id)

    assert await authenticate(ours.secret) == project
    assert await authenticate(theirs.secret) == other


async def test_several_keys_open_one_project(
    authenticate: AuthenticateKey, create_key: CreateKey, project: Project
) -> None:
    secrets = [(await create_key(project.project_id, label=str(n))).secret for n in range(3)]

    assert [await authenticate(secret) for secret in secrets] == [project] * 3


@pytest.mark.parametrize(
    "garbage",
    [None, "", "swk_", "Bearer x", new_key()[:-1], new_key() + " ", "\udcff", "x" * 9999],
    ids=lambda _: "garbage",
)
@pytest.mark.parametrize("door", [None, "whatsapp"])
async def test_garbage_is_refused_without_asking_the_store(
    container: Container, clock: StillClock, garbage: str | None, door: str | None
) -> None:
    container.key_cache.override(SettingsCache.one_by_one(unavailable, clock))

    with pytest.raises(InvalidApiKey):
        await container.authenticate_key()(garbage, channel=door)


async def test_an_unknown_key_is_refused(authenticate: AuthenticateKey) -> None:
    with pytest.raises(InvalidApiKey):
        await authenticate(new_key())


async def test_that_a_key_is_unknown_is_remembered_for_less_than_two_seconds(
    authenticate: AuthenticateKey, keys: KeyRegister, clock: StillClock, project: Project
) -> None:
    secret = new_key()
    with pytest.raises(InvalidApiKey):
        await authenticate(secret)
    await keys.add(a_key(project, secret))

    with pytest.raises(InvalidApiKey):
        await authenticate(secret)
    clock.advance(2.0)
    assert await authenticate(secret) == project


@pytest.mark.parametrize(
    ("channel_of_key", "door", "opens"),
    [
        (None, None, True),
        (None, "whatsapp", True),
        ("whatsapp", "whatsapp", True),
        ("whatsapp", "telegram", False),
        ("whatsapp", None, False),
    ],
)
async def test_a_key_of_another_channel_does_not_open_the_door(
    authenticate: AuthenticateKey,
    create_key: CreateKey,
    project: Project,
    channel_of_key: str | None,
    door: str | None,
    opens: bool,
) -> None:
    key = await create_key(project.project_id, channel=channel_of_key)

    if opens:
        assert await authenticate(key.secret, channel=door) == project
    else:
        with pytest.raises(InvalidApiKey):
            await authenticate(key.secret, channel=door)


async def test_a_key_without_a_project_is_refused(
    container: Container, clock: StillClock, create_key: CreateKey, project: Project
) -> None:
    async def nothing(_: str) -> None:
        return None

    key = await create_key(project.project_id)
    container.project_cache.override(SettingsCache.one_by_one(nothing, clock))

    with pytest.raises(InvalidApiKey):
        await container.authenticate_key()(key.secret)


@pytest.mark.parametrize(
    ("key", "cause"),
    [
        (None, "The call has no key."),
        ("", "What the call gives as its key is none of ours, or was cut off or mistyped."),
        (
            new_key()[:-1],
            "What the call gives as its key is none of ours, or was cut off or mistyped.",
        ),
        (new_key(), "No project in this store has this key."),
    ],
    ids=["none", "empty", "cut off", "unknown"],
)
async def test_the_refusal_of_a_key_that_nobody_has_says_why_and_nothing_of_the_key(
    authenticate: AuthenticateKey, key: str | None, cause: str
) -> None:
    with pytest.raises(InvalidApiKey) as refused:
        await authenticate(key)

    assert refused.value.project_id is None
    assert refused.value.logged_members() == {"cause": cause}


@pytest.mark.parametrize("door", [None, "whatsapp"])
async def test_the_refusal_of_a_revoked_key_says_whose_it_is_and_asks_the_store_for_nothing_more(
    container: Container,
    clock: StillClock,
    create_key: CreateKey,
    project: Project,
    door: str | None,
) -> None:
    made = await create_key(project.project_id)
    await container.revoke_key()(made.kept.key_id)
    container.project_cache.override(SettingsCache.one_by_one(unavailable, clock))

    with pytest.raises(InvalidApiKey) as refused:
        await container.authenticate_key()(made.secret, channel=door)
    assert refused.value.project_id == project.project_id
    assert refused.value.logged_members() == {
        "cause": "The key was revoked.",
        "key_id": made.kept.key_id,
        "key_hint": made.secret[-4:],
    }


@pytest.mark.parametrize("cache", ["key_cache", "project_cache"])
async def test_a_key_is_never_refused_for_want_of_a_store(
    container: Container, clock: StillClock, create_key: CreateKey, project: Project, cache: str
) -> None:
    key = await create_key(project.project_id)
    getattr(container, cache).override(SettingsCache.one_by_one(unavailable, clock))

    with pytest.raises(StorageUnavailable):
        await container.authenticate_key()(key.secret)


async def test_a_key_is_marked_as_used_only_when_it_opened_a_door(
    authenticate: AuthenticateKey,
    create_key: CreateKey,
    keys: KeyRegister,
    container: Container,
    clock: StillClock,
    project: Project,
) -> None:
    good = await create_key(project.project_id)
    wrong = await create_key(project.project_id, channel="whatsapp")
    await authenticate(good.secret)
    with pytest.raises(InvalidApiKey):
        await authenticate(wrong.secret)
    await container.key_usage().flush()

    used = {key.key_id: key.last_used_at for key in await keys.of_project(project.project_id)}
    minute = clock.now().replace(second=0, microsecond=0)
    assert used == {good.kept.key_id: minute, wrong.kept.key_id: None}
