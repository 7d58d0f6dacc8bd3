import pytest

from application.keys.authenticate import AuthenticateKey
from application.keys.create import CreateKey
from application.keys.revoke import RevokeKey
from domain.errors import NotFound
from domain.project import Project
from domain.refusals import InvalidApiKey
from entrypoints.container import Container
from tests.support.clocks import StillClock


@pytest.fixture
def revoke(container: Container) -> RevokeKey:
    return container.revoke_key()


async def test_a_revoked_key_opens_nothing_two_seconds_later(
    revoke: RevokeKey,
    create_key: CreateKey,
    authenticate: AuthenticateKey,
    clock: StillClock,
    project: Project,
) -> None:
    made = await create_key(project.project_id)
    assert await authenticate(made.secret) == project

    revoked = await revoke(made.kept.key_id)
    clock.advance(2)

    assert revoked.revoked_at is not None
    with pytest.raises(InvalidApiKey):
        await authenticate(made.secret)


async def test_a_key_that_does_not_exist_is_not_found(revoke: RevokeKey) -> None:
    with pytest.raises(NotFound):
        await revoke("key_nobody")


async def test_a_key_itself_is_not_taken_for_an_id_and_never_repeated(
    revoke: RevokeKey, create_key: CreateKey, project: Project
) -> None:
    made = await create_key(project.project_id)

    with pytest.raises(NotFound) as refused:
        await revoke(made.secret)

    assert made.secret not in str(refused.value)
    assert "its id" in str(refused.value)
