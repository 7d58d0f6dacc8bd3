import pytest

from application.ports.user_register import UserRegister
from application.users.update_user import UserChange
from domain.users.refusals import LinkGone
from domain.users.user import LOCAL_ADMIN
from entrypoints.container import Container
from tests.application.in_force import set_to
from tests.application.users.conftest import AddUser
from tests.application.users.test_open_link import token_of
from tests.support.clocks import StillClock

HERE = "127.0.0.1"
MINUTES = 60


@pytest.fixture
def container(container: Container) -> Container:
    set_to(container, public_url="http://127.0.0.1:8000")
    return container


async def a_token(container: Container) -> str:
    path = await container.quick_sign_in()(HERE)
    assert path is not None
    assert path.startswith("/console/link?")
    return token_of(path)


async def test_the_link_signs_in_as_the_local_admin_and_the_next_one_ends_it(
    container: Container, users: UserRegister
) -> None:
    first, second = [await a_token(container) for _ in range(2)]

    signed_in = await container.open_sign_in_link().use(second)

    assert (signed_in.user.email, signed_in.user.admin) == (LOCAL_ADMIN, True)
    assert await users.all() == [signed_in.user]
    with pytest.raises(LinkGone):
        await container.open_sign_in_link().use(first)


async def test_the_link_works_for_ten_minutes(container: Container, clock: StillClock) -> None:
    token = await a_token(container)

    clock.advance(10 * MINUTES)

    with pytest.raises(LinkGone):
        await container.open_sign_in_link().use(token)


@pytest.mark.parametrize("public_url", ["https://crm.example.com", "http://192.168.1.7:8000"])
async def test_there_is_none_where_others_can_open_it(
    container: Container, users: UserRegister, public_url: str
) -> None:
    set_to(container, public_url=public_url)

    assert await container.quick_sign_in()(HERE) is None
    assert await users.all() == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "crm.example.com", "", "a:b"])
async def test_there_is_none_where_others_can_call(
    container: Container, users: UserRegister, host: str
) -> None:
    assert await container.quick_sign_in()(host) is None
    assert await users.all() == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
async def test_there_is_one_at_every_loopback_address(container: Container, host: str) -> None:
    assert await container.quick_sign_in()(host) is not None


async def test_there_is_none_while_somebody_else_is_an_admin(
    container: Container, add_user: AddUser
) -> None:
    ada = await add_user()
    await a_token(container)
    await container.update_user()(ada.email, UserChange(admin=True))

    assert await container.quick_sign_in()(HERE) is None
