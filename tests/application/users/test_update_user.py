import pytest

from application.ports.user_register import UserRegister
from application.users.update_user import UpdateUser, UserChange
from domain.errors import LastAdmin, NotFound
from entrypoints.container import Container
from tests.application.users.conftest import AddUser


@pytest.fixture
def update_user(container: Container) -> UpdateUser:
    return container.update_user()


async def test_projects_are_given_and_taken(
    update_user: UpdateUser, users: UserRegister, add_user: AddUser
) -> None:
    user = await add_user("ada@example.com", project_ids=("prj_1", "prj_2"))
    change = UserChange(add_project_ids=("prj_3", "prj_2"), remove_project_ids=("prj_1", "prj_9"))

    changed = await update_user("ADA@example.com", change)

    assert changed.project_ids == ("prj_2", "prj_3")
    assert await users.find(user.user_id) == changed


async def test_what_is_not_named_stays(update_user: UpdateUser, add_user: AddUser) -> None:
    user = await add_user(admin=True, project_ids=("prj_1",))

    assert await update_user(user.email, UserChange()) == user


async def test_an_admin_is_made_and_is_none_any_more_but_for_the_last(
    update_user: UpdateUser, add_user: AddUser
) -> None:
    first, second = await add_user(), await add_user()
    for user in (first, second):
        assert (await update_user(user.email, UserChange(admin=True))).admin

    assert not (await update_user(first.email, UserChange(admin=False))).admin
    with pytest.raises(LastAdmin):
        await update_user(second.email, UserChange(admin=False))


async def test_nobody_is_not_changed(update_user: UpdateUser) -> None:
    with pytest.raises(NotFound):
        await update_user("nobody@example.com", UserChange(admin=True))
