"""What Google Ads sends, made up after its documentation and its test button."""

from typing import Any

from adapters.google_ads import GoogleAdsChannel
from domain.channel import SettingValues
from domain.delivery import Inbound
from entrypoints.channel_contract import SecretMemberSender
from entrypoints.channel_contract.json_values import json_bytes

KEY = "a-key_of.ours!1"
TEST_ID = (
    "TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-0123456789"
    "-AaBbCcDdEeFfGgHhIiJjKkLl"
)


class Google(SecretMemberSender):
    secret_member = "google_key"
    secrets = (KEY, "another_key", "a_third_key")

    def settings(self, *secrets: str) -> SettingValues:
        return {"google_key": secrets}

    def payload(self, *items: Any) -> dict[str, Any]:
        return items[0] if items else {}

    def item(self, number: int) -> dict[str, Any]:
        answers = {"FULL_NAME": f"Person {number}", "PHONE_NUMBER": f"+1650555{number:04}"}
        return a_form(answers, lead_id=f"Cj0KCQjw-{number}", gcl_id=f"Cj0KCQjw_{number}")

    def nameless(self) -> dict[str, Any]:
        return a_form({"FULL_NAME": "Somebody"}, lead_id=None)


def a_column(column_id: str | None, answer: Any, **members: Any) -> dict[str, Any]:
    column = {"column_id": column_id, "string_value": answer} | members
    return {name: value for name, value in column.items() if value is not None}


def a_form(answers: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A submitted form without its key; a member that is None is left out."""
    form = {
        "lead_id": "Cj0KCQjwit_8BRCoARIsAIx3Rj7g",
        "user_column_data": [a_column(*pair) for pair in (answers or {}).items()],
        "api_version": "1.0",
        "form_id": 40000000000,
        "campaign_id": 21000000123,
        "is_test": False,
        "gcl_id": "Cj0KCQjwit_8BRCo",
        "adgroup_id": 20000000000,
        "creative_id": 30000000000,
    }
    return {name: value for name, value in (form | members).items() if value is not None}


def the_test_data() -> dict[str, Any]:
    """What the button "Send test data" sends, each time."""
    answers = {
        "FULL_NAME": "FirstName LastName",
        "EMAIL": "test@example.com",
        "PHONE_NUMBER": "+16505550123",
        "CITY": "Mountain View",
    }
    return a_form(answers, lead_id=TEST_ID, gcl_id=TEST_ID, is_test=True)


def read_one(form: dict[str, Any]) -> Inbound:
    (item,) = GoogleAdsChannel().read(Google().proven(form)).items
    assert isinstance(item, Inbound)
    return item


def sent(form: dict[str, Any], **members: Any) -> bytes:
    """With a key, as Google would post it."""
    return json_bytes(form | {"google_key": KEY} | members)
