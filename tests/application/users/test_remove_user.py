import pytest

from application.ports.user_register import UserRegister
from domain.errors import LastAdmin, NotFound
from domain.users.refusals import WrongPassword
from domain.users.user import User
from entrypoints.container import Container
from tests.application.users.conftest import PASSWORD, AddUser


async def test_who_was_removed_cannot_sign_in_and_may_be_invited_again(
    container: Container, users: UserRegister, ada: User
) -> None:
    await container.remove_user()("ADA@example.com")

    assert await users.all() == []
    with pytest.raises(WrongPassword):
        await container.sign_in()(ada.email, PASSWORD)
    assert (await container.create_user()(ada.email)).user.user_id != ada.user_id


async def test_the_last_admin_is_not_removed(container: Container, add_user: AddUser) -> None:
    admin = await add_user(admin=True)

    with pytest.raises(LastAdmin):
        await container.remove_user()(admin.email)


async def test_nobody_is_not_removed(container: Container) -> None:
    with pytest.raises(NotFound):
        await container.remove_user()("nobody@example.com")
