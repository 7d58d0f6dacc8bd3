import pytest

from adapters.inprocess import InProcessSignInTries
from tests.contracts.users.sign_in_tries import MOST, SignInTriesContract, after, take


class TestInProcessSignInTries(SignInTriesContract):
    @pytest.fixture
    def tries(self) -> InProcessSignInTries:
        return InProcessSignInTries()

    @pytest.fixture
    def other_tries(self, tries: InProcessSignInTries) -> InProcessSignInTries:
        return tries  # no other process sees them


async def test_its_memory_is_bounded_and_who_tried_last_is_still_counted() -> None:
    tries = InProcessSignInTries(most_subjects=10)

    for number in range(100):
        await take(tries, f"subject {number}")
        await take(tries, "busy", after(number))

    assert len(tries._tries) == 10
    assert [await take(tries, "busy", after(99)) for _ in range(MOST)][-1] is not None
