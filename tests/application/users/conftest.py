"""Users of the console over a store of the test's own; passwords cost next to nothing."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.argon2 import Argon2PasswordHash
from application.ports.user_register import UserRegister
from application.users.begin_session import SignedIn
from application.users.sessions import Sessions, Visitor
from domain.users.user import User
from entrypoints.container import Container
from tests.support.builders import a_user

PASSWORD = "correct horse"
AddUser = Callable[..., Awaitable[User]]


@pytest.fixture
def container(container: Container) -> Container:
    container.password_hash.override(Argon2PasswordHash(memory_kib=8, passes=1))
    return container


@pytest.fixture
def users(container: Container) -> UserRegister:
    return container.users()


@pytest.fixture
def sessions(container: Container) -> Sessions:
    return container.sessions()


@pytest.fixture
def add_user(container: Container, users: UserRegister) -> AddUser:
    async def add_user(email: str | None = None, **fields: object) -> User:
        """One who has chosen PASSWORD."""
        kept = await container.password_hash().hash(PASSWORD)
        user = a_user(email, password=kept, **fields)
        await users.add(user)
        return user

    return add_user


@pytest.fixture
async def ada(add_user: AddUser) -> User:
    return await add_user("ada@example.com")


@pytest.fixture
async def signed_in(container: Container, ada: User) -> SignedIn:
    return await container.sign_in()(ada.email, PASSWORD)


@pytest.fixture
async def visitor(sessions: Sessions, signed_in: SignedIn) -> Visitor:
    visitor = await sessions.authenticate(signed_in.session_token)
    assert visitor is not None
    return visitor
