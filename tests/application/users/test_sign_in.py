import asyncio
from dataclasses import replace

import pytest

from adapters.fernet import FernetSecretBox
from application.ports.user_register import UserRegister
from application.users.begin_session import SignedIn
from application.users.sessions import Sessions
from application.users.sign_in import SignIn
from application.users.throttle import MOST_AT_ONCE, MOST_FAILURES, WINDOW_SECONDS
from domain.errors import StorageUnavailable
from domain.users.refusals import HashingBusy, TooManyTries, WrongPassword
from domain.users.user import User
from entrypoints.container import Container
from tests.application.users.conftest import PASSWORD, AddUser
from tests.support.builders import NOW, a_user
from tests.support.clocks import StillClock

HOME, OFFICE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def sign_in(container: Container) -> SignIn:
    return container.sign_in()


async def fail(sign_in: SignIn, email: str = "ada@example.com", **where: str | None) -> None:
    with pytest.raises(WrongPassword):
        await sign_in(email, "wrong horse", **where)


async def waits(sign_in: SignIn, email: str = "ada@example.com", **where: str | None) -> int:
    """For how many seconds, with the right password too."""
    with pytest.raises(TooManyTries) as caught:
        await sign_in(email, PASSWORD, **where)
    assert caught.value.retry_after_seconds is not None
    return caught.value.retry_after_seconds


async def test_the_right_password_begins_a_session_and_is_noted(
    sign_in: SignIn, sessions: Sessions, users: UserRegister, ada: User
) -> None:
    signed_in = await sign_in(" ADA@example.com ", PASSWORD)

    visitor = await sessions.authenticate(signed_in.session_token)
    assert visitor is not None
    assert visitor.user == replace(ada, last_sign_in_at=NOW) == await users.find(ada.user_id)
    assert visitor.session.created_at == NOW


@pytest.mark.parametrize(
    "email", ["ada@example.com", "bob@example.com", "invited@example.com", "", "usr_", "\udcff@x"]
)
async def test_whoever_it_is_a_wrong_password_gets_the_same_answer(
    sign_in: SignIn, users: UserRegister, ada: User, email: str
) -> None:
    await users.add(a_user("invited@example.com"))

    await fail(sign_in, email)


async def test_an_id_is_no_address_to_sign_in_with(sign_in: SignIn, ada: User) -> None:
    with pytest.raises(WrongPassword):
        await sign_in(ada.user_id, PASSWORD)


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
async def test_after_ten_failures_an_account_waits_also_one_that_is_not_there(
    sign_in: SignIn, clock: StillClock, ada: User, email: str
) -> None:
    for _ in range(MOST_FAILURES):
        await fail(sign_in, email)
        clock.advance(1)

    assert await waits(sign_in, email) == WINDOW_SECONDS - MOST_FAILURES
    clock.advance(WINDOW_SECONDS - MOST_FAILURES)
    await fail(sign_in, email)
    await waits(sign_in, email)


async def test_a_try_while_waiting_is_none(sign_in: SignIn, clock: StillClock, ada: User) -> None:
    for _ in range(MOST_FAILURES):
        await fail(sign_in)
    for _ in range(5):
        clock.advance(1)
        await waits(sign_in)

    clock.advance(WINDOW_SECONDS - 5)

    for _ in range(MOST_FAILURES):
        await fail(sign_in)


async def test_a_try_that_waits_for_its_account_is_none_of_its_address_either(
    sign_in: SignIn, ada: User
) -> None:
    for _ in range(MOST_FAILURES):
        await fail(sign_in)

    for _ in range(MOST_FAILURES):
        await waits(sign_in, address=HOME)

    await fail(sign_in, "bob@example.com", address=HOME)


async def test_a_success_forgets_the_failures(sign_in: SignIn, ada: User) -> None:
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            await fail(sign_in, address=HOME)
        await sign_in(ada.email, PASSWORD, address=HOME)


async def test_an_address_waits_whatever_account_it_tries(
    sign_in: SignIn, ada: User, add_user: AddUser
) -> None:
    for number in range(MOST_FAILURES):
        await fail(sign_in, f"user{number}@example.com", address=HOME)

    await waits(sign_in, ada.email, address=HOME)
    await sign_in(ada.email, PASSWORD, address=OFFICE)
    await sign_in(ada.email, PASSWORD)


async def test_nobody_locks_a_browser_out_that_has_signed_in_to_the_account(
    sign_in: SignIn, ada: User, signed_in: SignedIn
) -> None:
    for _ in range(MOST_FAILURES):
        await fail(sign_in, address=HOME)

    await waits(sign_in, address=HOME)
    await sign_in(ada.email, PASSWORD, device_token=signed_in.device_token, address=HOME)
    await waits(sign_in, address=HOME)


async def test_a_browser_that_has_signed_in_cannot_guess_for_ever_and_makes_nobody_wait(
    sign_in: SignIn, ada: User, signed_in: SignedIn
) -> None:
    for _ in range(MOST_FAILURES):
        await fail(sign_in, device_token=signed_in.device_token)

    await waits(sign_in, device_token=signed_in.device_token)
    # The same token in another spelling: what is no letter of its alphabet is skipped.
    await waits(sign_in, device_token=f"{signed_in.device_token}!")
    await sign_in(ada.email, PASSWORD)


async def test_a_device_is_known_to_its_own_account_alone_and_for_a_year(
    sign_in: SignIn, clock: StillClock, ada: User, add_user: AddUser, signed_in: SignedIn
) -> None:
    bob = await add_user("bob@example.com")
    for _ in range(MOST_FAILURES):
        await fail(sign_in, bob.email)
    await waits(sign_in, bob.email, device_token=signed_in.device_token)

    clock.advance(366 * 24 * 3600)
    for _ in range(MOST_FAILURES):
        await fail(sign_in, ada.email)

    await waits(sign_in, ada.email, device_token=signed_in.device_token)


@pytest.mark.parametrize("token", ["", "garbage", "\udcff", "gAAAAA=="])
async def test_what_is_no_device_token_is_as_good_as_none(
    sign_in: SignIn, ada: User, token: str
) -> None:
    assert await sign_in(ada.email, PASSWORD, device_token=token)


async def test_without_a_key_to_lock_it_there_is_no_device_token(
    container: Container, ada: User
) -> None:
    container.secret_box.override(FernetSecretBox(keys=(), key_file=None))

    signed_in = await container.sign_in()(ada.email, PASSWORD)

    assert signed_in.device_token is None


async def test_of_many_tries_at_the_same_moment_ten_are_judged(sign_in: SignIn, ada: User) -> None:
    found = await asyncio.gather(
        *(sign_in(ada.email, f"guess {n}") for n in range(MOST_AT_ONCE)), return_exceptions=True
    )

    kinds = [type(one) for one in found]
    assert kinds.count(WrongPassword) == MOST_FAILURES
    assert kinds.count(TooManyTries) == MOST_AT_ONCE - MOST_FAILURES


async def test_more_tries_at_once_are_turned_away_before_the_store_is_asked_to_write(
    sign_in: SignIn, ada: User
) -> None:
    found = await asyncio.gather(
        *(sign_in(f"user{n}@example.com", "guess") for n in range(MOST_AT_ONCE + 5)),
        return_exceptions=True,
    )

    kinds = [type(one) for one in found]
    assert kinds.count(HashingBusy) == 5
    assert kinds.count(WrongPassword) == MOST_AT_ONCE


async def test_what_could_not_be_judged_does_not_count(
    container: Container, sign_in: SignIn, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> bool:
        raise HashingBusy

    with monkeypatch.context() as patched:
        patched.setattr(container.password_hash(), "verify", busy)
        for _ in range(MOST_FAILURES):
            with pytest.raises(HashingBusy):
                await sign_in(ada.email, PASSWORD, address=HOME)

    await sign_in(ada.email, PASSWORD, address=HOME)


async def test_without_the_store_nobody_signs_in_and_nothing_is_counted(
    container: Container, sign_in: SignIn, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(container.sign_in_tries(), "take", away)
        for _ in range(MOST_FAILURES):
            with pytest.raises(StorageUnavailable):
                await sign_in(ada.email, PASSWORD, address=HOME)

    await sign_in(ada.email, PASSWORD, address=HOME)


async def test_who_is_removed_while_the_password_is_checked_is_nobody(
    container: Container, sign_in: SignIn, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = container.password_hash().verify

    async def verify_and_remove(kept: str | None, password: str) -> bool:
        await container.remove_user()(ada.email)
        return await verify(kept, password)

    monkeypatch.setattr(container.password_hash(), "verify", verify_and_remove)

    with pytest.raises(WrongPassword):
        await sign_in(ada.email, PASSWORD)
