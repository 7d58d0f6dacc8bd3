import pytest

from domain.users.user import LOCAL_ADMIN, InvalidUser, folded_email
from tests.support.builders import a_user


def test_a_member_sees_the_projects_that_she_was_given_and_an_admin_all() -> None:
    member = a_user(project_ids=("prj_1", "prj_2"))
    admin = a_user(admin=True)

    assert [member.may_see(project) for project in ("prj_1", "prj_2", "prj_3", "")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert admin.may_see("prj_3")


def test_addresses_that_differ_in_case_or_blanks_around_them_are_one() -> None:
    assert folded_email("  Ada@EXAMPLE.com\n") == "ada@example.com"
    assert folded_email("ZOË@Straße.example") == folded_email("zoë@STRASSE.example")


def test_what_is_no_text_is_nobodys_address() -> None:
    assert folded_email("ada\udcff@example.com") == "ada?@example.com"


@pytest.mark.parametrize("email", ["a@b", LOCAL_ADMIN, "x" * 250 + "@a.io"])
def test_an_address_of_a_user(email: str) -> None:
    assert a_user(email).email == email


@pytest.mark.parametrize(
    "email", ["ada", "@example.com", "ada@", "a b@example.com", "a@b@c", "Ada@example.com",
              " ada@example.com", "x" * 251 + "@a.io"],
)  # fmt: skip
def test_what_is_no_folded_address_makes_no_user(email: str) -> None:
    with pytest.raises(InvalidUser):
        a_user(email)
