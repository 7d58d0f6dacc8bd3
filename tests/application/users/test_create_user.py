import pytest

from application.ports.user_register import UserRegister
from application.users.create_user import CreateUser
from domain.errors import NameTaken
from domain.users.user import LOCAL_ADMIN, InvalidUser
from entrypoints.container import Container
from tests.support.builders import NOW


@pytest.fixture
def create_user(container: Container) -> CreateUser:
    return container.create_user()


async def test_a_user_is_made_with_a_link_below_the_public_address(
    create_user: CreateUser, users: UserRegister
) -> None:
    made = await create_user(" Ada@Example.com", project_ids=("prj_2", "prj_1", "prj_2"))

    user = made.user
    assert await users.all() == [user]
    assert (user.email, user.admin, user.project_ids) == (
        "ada@example.com", False, ("prj_2", "prj_1"),
    )  # fmt: skip
    assert (user.created_at, user.password, user.last_sign_in_at) == (NOW, None, None)
    assert made.url.startswith("https://crm.example.com/console/link?token=")


async def test_an_admin_is_made(create_user: CreateUser) -> None:
    assert (await create_user("ada@example.com", admin=True)).user.admin


async def test_an_address_has_one_user_however_it_is_written(create_user: CreateUser) -> None:
    await create_user("ada@example.com")

    with pytest.raises(NameTaken):
        await create_user("ADA@example.com")


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", LOCAL_ADMIN, "a\udcff@example.com", "x" * 400]
)
async def test_nobody_is_made_of_what_is_no_address(
    create_user: CreateUser, users: UserRegister, email: str
) -> None:
    with pytest.raises(InvalidUser):
        await create_user(email)

    assert await users.all() == []
