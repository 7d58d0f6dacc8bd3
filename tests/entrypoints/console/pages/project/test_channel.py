"""The page of a channel: what it shows, what is changed on it, and what it never shows."""

import html
import re
from collections.abc import Iterator

import pytest

from domain.channel import SettingValues
from tests.entrypoints.console.browser import CONSOLE, SECRETS, Browser, Page, signed_in
from tests.entrypoints.http.webhooks.deliveries import a_delivery, a_message, deliver
from tests.support.program import Server, serving
from tests.support.stores import Account, Store

SECRET, NEWER = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
SECRETS.update((SECRET, NEWER))  # nor may they be in a log
OTHER_KEY = "B" * 43 + "="
NO_NUMBER = "<b>no number</b>"
OUTSIDE = "tests.application.fakes:PostcardChannel"


@pytest.fixture
def account(store: Store, server: Server) -> Account:
    """A project of the test's own."""
    return store.account()


@pytest.fixture
def her(server: Server, store: Store, account: Account) -> Browser:
    """Its member."""
    return signed_in(
        server, store, f"{account.project_id}@example.com", projects=(account.project_id,)
    )


def path_of(account: Account, channel: str = "whatsapp") -> str:
    return f"/projects/{account.project_id}/settings/{channel}"


def values_of(store: Store, account: Account) -> SettingValues:
    return store.use(lambda c: c.channel_settings().read(account.project_id, "whatsapp"))


def field(page: Page, name: str) -> str:
    """The value of a field with this id."""
    found = re.search(rf'id="{name}"[^>]* value="([^"]*)"', page.text)
    assert found is not None, page.words
    return html.unescape(found[1])


def save(browser: Browser, account: Account, **values: str) -> Page:
    """Send the form as it was opened, with some fields filled in."""
    page = browser.get(path_of(account))
    typed = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*([^<]*)</textarea>', page.text)
    opened = {"set_verify_token": field(page, "copy_verify_token"), **dict(typed)}
    return browser.post(path_of(account), {**opened, **values})


def test_it_shows_what_the_sender_asks_for(her: Browser, account: Account) -> None:
    page = her.get(path_of(account))

    assert "/api/whatsapp/webhook?api_key=swk_" in field(page, "webhook_url")
    assert len(field(page, "copy_verify_token")) >= 20
    assert "Not verified" in page.words
    assert "No app_secret is set" in page.words
    assert "The account is subscribed to the app" not in page.words  # as long as nothing is set up


def test_opened_again_it_shows_the_same(her: Browser, account: Account) -> None:
    first, second = (her.get(path_of(account)) for _ in range(2))

    for name in ("webhook_url", "copy_verify_token"):
        assert field(first, name) == field(second, name)


@pytest.mark.parametrize("channel", ["telegram", "rest", "whatsapp%2F"])
def test_a_channel_that_is_not_switched_on_is_not_there(
    her: Browser, account: Account, channel: str
) -> None:
    assert her.get(path_of(account, channel)).status == 404
    for action in ("", "/test", "/numbers", "/url", "/app_secret/remove", "/app_secret/end-older"):
        assert her.post(path_of(account, channel) + action).status == 404


@pytest.mark.parametrize("setting", ["verify_token", "none"])
def test_what_is_no_secret_is_not_removed_like_one(
    her: Browser, account: Account, setting: str
) -> None:
    path = f"{path_of(account)}/{setting}"
    her.get(path_of(account))

    assert her.get(f"{path}/remove").status == 404
    assert her.post(f"{path}/remove").status == 404
    assert her.post(f"{path}/end-older").status == 404


def test_a_secret_is_set_and_never_shown(store: Store, her: Browser, account: Account) -> None:
    done = save(her, account, set_app_secret=f" {SECRET} ")
    page = her.get(done.location.removeprefix(CONSOLE))

    assert done.location == f"{CONSOLE}{path_of(account)}"
    assert "Saved. It is in force within two seconds." in page.words
    assert values_of(store, account)["app_secret"] == [SECRET]
    assert "App secret Set" in page.words
    assert all(SECRET[i : i + 8] not in page.text for i in range(len(SECRET) - 7))


def test_a_rotation_ends_with_the_new_secret(store: Store, her: Browser, account: Account) -> None:
    for secret in (SECRET, NEWER):
        save(her, account, set_app_secret=secret)
    during = her.get(path_of(account))
    done = her.post(f"{path_of(account)}/app_secret/end-older")

    assert "Two are valid" in during.words
    assert "Remove the old one" in during.words
    assert done.location == f"{CONSOLE}{path_of(account)}"
    assert values_of(store, account)["app_secret"] == [NEWER]
    assert "Remove the old one" not in her.get(path_of(account)).words


def test_of_two_who_have_the_page_open_neither_undoes_what_the_other_saves(
    store: Store, her: Browser, account: Account
) -> None:
    opened = her.get(path_of(account)).shown
    for number in ("1", "2"):
        token = {"set_verify_token": opened["shown.set_verify_token"]}
        her.post(path_of(account), {**opened, **token, "set_phone_number_ids": number})

    assert values_of(store, account)["phone_number_ids"] == ["2", "1"]


def test_more_than_there_is_room_for_with_what_others_added_is_refused(
    store: Store, her: Browser, account: Account
) -> None:
    opened = her.get(path_of(account)).shown
    token = {"set_verify_token": opened["shown.set_verify_token"]}
    several = ",".join(str(number) for number in range(1, 101))
    her.post(path_of(account), {**opened, **token, "set_phone_number_ids": several})
    page = her.post(path_of(account), {**opened, **token, "set_phone_number_ids": "101"})

    assert page.status == 422
    assert "there is no room for all of them" in page.words
    assert len(values_of(store, account)["phone_number_ids"]) == 100


def test_a_secret_is_removed_on_a_page_that_says_what_it_means(
    store: Store, her: Browser, account: Account
) -> None:
    save(her, account, set_app_secret=SECRET)
    asked = her.get(f"{path_of(account)}/app_secret/remove")
    assert "app_secret" in values_of(store, account)
    her.post(f"{path_of(account)}/app_secret/remove")

    assert "whoever knows the webhook URL can forge messages" in asked.words
    assert "app_secret" not in values_of(store, account)


def test_what_does_not_fit_is_422_and_what_was_typed_is_still_there(
    store: Store, her: Browser, account: Account
) -> None:
    page = save(her, account, set_app_secret="short", set_phone_number_ids="106\r\n<b>+49</b>")

    assert page.status == 422
    assert "“<b>+49</b>” does not fit." in page.words
    assert "106\r\n&lt;b&gt;+49&lt;/b&gt;</textarea>" in page.text
    assert "short" not in page.text
    assert values_of(store, account).keys() == {"verify_token"}


def test_a_field_that_was_not_sent_changes_nothing(
    store: Store, her: Browser, account: Account
) -> None:
    save(her, account, set_phone_number_ids="106")
    before = values_of(store, account)
    her.post(path_of(account), {"set_app_secret": SECRET})

    assert values_of(store, account) == {**before, "app_secret": [SECRET]}


def test_numbers_are_listed_a_line_each(store: Store, her: Browser, account: Account) -> None:
    save(her, account, set_phone_number_ids="106\r\n107, 108")

    assert values_of(store, account)["phone_number_ids"] == ["106", "107", "108"]


def test_a_verify_token_that_is_emptied_is_made_anew(her: Browser, account: Account) -> None:
    before = field(her.get(path_of(account)), "copy_verify_token")
    save(her, account, set_verify_token="")

    assert field(her.get(path_of(account)), "copy_verify_token") != before


def test_another_url_ends_the_one_that_leaked(
    server: Server, her: Browser, account: Account
) -> None:
    before = field(her.get(path_of(account)), "webhook_url")
    assert "is refused within two seconds" in her.get(f"{path_of(account)}/url").words
    her.post(f"{path_of(account)}/url")
    after = field(her.get(path_of(account)), "webhook_url")

    leaked, new = (
        Account(account.project_id, url.partition("api_key=")[2], "") for url in (before, after)
    )
    server.wait_until(lambda: deliver(server, leaked, a_delivery()).status == 401)
    assert deliver(server, new, a_delivery()).status == 200


@pytest.fixture
def waiting(server: Server, store: Store, account: Account) -> None:
    """Three messages are held for numbers that nobody lists; one of these is no number at all."""
    store.connect(account, phone_number_ids=["1"])
    numbers = ["555", NO_NUMBER, NO_NUMBER]
    for message_id, number in enumerate(numbers):
        metadata = {"phone_number_id": number}
        body = a_delivery(a_message(f"wamid.{message_id}"), metadata=metadata)
        assert deliver(server, account, body).status == 200


def test_unlisted_numbers_are_named_as_text_and_those_that_fit_can_be_listed(
    her: Browser, account: Account, waiting: None
) -> None:
    page = her.get(path_of(account))

    assert "Held: 3, sent to numbers" in page.words
    assert f"{NO_NUMBER} 2 555 1 List this number 555" in page.words
    assert "<b>" not in page.text


def test_a_number_is_listed_with_one_press_and_what_waits_becomes_a_lead(
    server: Server, store: Store, her: Browser, account: Account, waiting: None
) -> None:
    her.get(path_of(account))
    done = her.post(f"{path_of(account)}/numbers", {"number": "555"})

    assert done.location == f"{CONSOLE}{path_of(account)}"
    assert values_of(store, account)["phone_number_ids"] == ["1", "555"]
    server.wait_until(lambda: len(store.leads(account)) == 1)


def test_a_number_that_cannot_be_listed_says_so(
    store: Store, her: Browser, account: Account
) -> None:
    her.get(path_of(account))
    page = her.post(f"{path_of(account)}/numbers", {"number": "none"})

    assert page.status == 422
    assert "This number cannot be listed" in page.words
    assert "phone_number_ids" not in values_of(store, account)


def test_another_project_that_lists_the_number_has_a_name_only_for_who_may_see_it(
    store: Store, her: Browser, admin: Browser, account: Account
) -> None:
    other = store.account("A secret customer")
    for project in (account, other):
        store.connect(project, phone_number_ids=["77001"])

    assert "The project A secret customer lists 77001 too." in admin.get(path_of(account)).words
    assert "Another project lists 77001 too." in her.get(path_of(account)).words
    assert "A secret customer" not in her.get(path_of(account)).text


def test_what_came_in_is_shown_with_its_moment(
    server: Server, store: Store, her: Browser, account: Account
) -> None:
    store.connect(account, app_secret=[SECRET])
    before = her.get(path_of(account)).words
    deliver(server, account, a_delivery(a_message("wamid.1")), "sha256=00")
    server.wait_until(lambda: "last wrong signature" in her.get(path_of(account)).words)

    assert "The account is subscribed to the app" in before  # it is set up, and nothing came
    assert "The last delivery was refused" in her.get(path_of(account)).words


def test_the_page_of_google_ads_has_its_key(her: Browser, account: Account) -> None:
    page = her.get(path_of(account, "google_ads"))

    assert "/api/google_ads/webhook?api_key=swk_" in field(page, "webhook_url")
    assert len(field(page, "copy_google_key")) >= 20
    assert "Verify token" not in page.words
    assert "Not used yet" in page.words


@pytest.fixture(scope="module")
def elsewhere(store: Store, acme: Account) -> Iterator[Server]:
    """A process with another key to the secrets, a login in its address, and an outside channel."""
    store.connect(acme, app_secret=[SECRET])
    with serving(
        store,
        public_url="http://ada:hunter2@localhost",
        channels=f"whatsapp,{OUTSIDE}",
        secret_key=OTHER_KEY,
    ) as server:
        yield server


@pytest.fixture
def there(elsewhere: Server, admin: Browser) -> Browser:
    browser = Browser(elsewhere.port, dict(admin.cookies))
    browser.get("/account")
    return browser


def test_a_channel_from_outside_has_its_page(there: Browser, acme: Account) -> None:
    page = there.get(path_of(acme, "postcards"))

    for words in ("Postcards", "Token", "Stamp", "Color", "Boxes", "Numbers of post boxes."):
        assert words in page.words
    assert "/api/postcards/webhook?api_key=swk_" in field(page, "webhook_url")


def test_the_password_of_the_public_address_is_not_shown(there: Browser, acme: Account) -> None:
    page = there.get(path_of(acme))

    assert "http://ada:***@localhost/api/whatsapp" in field(page, "webhook_url")
    assert "For *** put the password" in page.words
    assert "hunter2" not in page.text


def test_a_public_address_that_no_sender_reaches_is_said_above(
    there: Browser, acme: Account
) -> None:
    assert "nobody outside this machine can reach it" in there.get(path_of(acme)).words


def test_a_secret_that_cannot_be_read_is_said_with_what_to_do(
    there: Browser, acme: Account
) -> None:
    page = there.get(path_of(acme))
    tried = there.post(f"{path_of(acme)}/test")

    assert "App secret Not readable" in page.words
    assert "adds the key that it was locked with to SWIFTCRM_SECRET_KEY" in page.words
    assert tried.status == 503
    assert "This needs a correction The secret that is set cannot be read" in tried.words


def test_a_secret_that_cannot_be_stored_is_said_and_the_rest_is_still_there(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = Store(tmp_path_factory.mktemp("no-key") / "leads.db")
    account = store.account()
    with serving(store) as server:
        admin = signed_in(server, store, "admin@example.com", admin=True)
        store.path.with_name(f"{store.path.name}.key").write_text("no key")
        page = save(admin, account, set_app_secret=SECRET, set_phone_number_ids="106")
        cause = server.line_with(status=503)["cause"]

    assert page.status == 503
    assert "Nothing is saved, since no secret can be stored" in page.words
    assert "is not a key" in cause
    assert "106</textarea>" in page.text
    assert SECRET not in page.text
