"""Submitted forms, and the lead that each must give."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.google_ads import lead_form
from adapters.google_ads.lead_form import SentForm
from domain.identity import Identity
from tests.adapters.channel_tools.watched_json import watched
from tests.adapters.google_ads.deliveries import (
    TEST_ID,
    a_column,
    a_form,
    read_one,
    the_test_data,
)

IDS = {
    "form_id": "40000000000",
    "campaign_id": "21000000123",
    "adgroup_id": "20000000000",
    "creative_id": "30000000000",
    "gcl_id": "Cj0KCQjwit_8BRCo",
}


def _fields(**answers: Any) -> dict[str, Any]:
    """The lead's fields, without what every form says."""
    found = read_one(a_form(answers)).details.present()
    found["attributes"] = {k: v for k, v in found["attributes"].items() if k not in IDS}
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"FULL_NAME": "Ada Lovelace"}, {"name": "Ada Lovelace"}),
        ({"FIRST_NAME": "Ada", "LAST_NAME": "Lovelace"}, {"name": "Ada Lovelace"}),
        ({"LAST_NAME": "Lovelace", "FIRST_NAME": "Ada"}, {"name": "Ada Lovelace"}),
        ({"LAST_NAME": "Lovelace"}, {"name": "Lovelace"}),
        ({"GIVEN_NAME": "Ada", "FAMILY_NAME": "Lovelace"}, {"name": "Ada Lovelace"}),
        ({"FULL_NAME": "Ada L", "FIRST_NAME": "Ada"},
         {"name": "Ada L", "attributes": {"FIRST_NAME": "Ada"}}),
        ({"EMAIL": "a@example.com"}, {"email": "a@example.com"}),
        ({"WORK_EMAIL": "a@acme.com"}, {"email": "a@acme.com"}),
        ({"WORK_EMAIL": "a@acme.com", "EMAIL": "a@example.com"},
         {"email": "a@example.com", "attributes": {"WORK_EMAIL": "a@acme.com"}}),
        ({"PHONE_NUMBER": "+16505550123"}, {"phone": "+16505550123"}),
        ({"PHONE_NUMBER": "1-650-555-0123"}, {"phone": "1-650-555-0123"}),
        ({"WORK_PHONE": "+16505550199"}, {"phone": "+16505550199"}),
        ({"PHONE_NUMBER": "+1650", "WORK_PHONE": "+1651"},
         {"phone": "+1650", "attributes": {"WORK_PHONE": "+1651"}}),
        ({"CITY": "Zürich", "POSTAL_CODE": "8001", "COMPANY_NAME": "Acme"},
         {"attributes": {"CITY": "Zürich", "POSTAL_CODE": "8001", "COMPANY_NAME": "Acme"}}),
        ({"what_is_your_budget?": "₹50,000"}, {"attributes": {"what_is_your_budget?": "₹50,000"}}),
        ({"$where": "a", "a.b": "c"}, {"attributes": {"$where": "a", "a.b": "c"}}),
        ({"FULL_NAME": " Ada \0"}, {"name": "Ada"}),
        ({"FULL_NAME": "cut \ud83d"}, {"name": "cut \ufffd"}),
        ({"POSTAL_CODE": 94043}, {"attributes": {"POSTAL_CODE": "94043"}}),
        ({"FULL_NAME": "", "EMAIL": " "}, {}),
        ({"FULL_NAME": ["Ada"], "EMAIL": {"$ne": ""}, "PHONE_NUMBER": None}, {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_an_answer_is_a_field_or_an_attribute(
    answers: dict[str, Any], fields: dict[str, Any]
) -> None:
    assert _fields(**answers) == fields


def _attributes(**members: Any) -> dict[str, Any]:
    return dict(read_one(a_form(**members)).details.attributes)


def test_a_question_without_an_id_is_known_by_its_name() -> None:
    columns = [a_column(None, "soon", column_name="When do you move?")]

    assert _attributes(user_column_data=columns) == {"When do you move?": "soon", **IDS}


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ({"column_name": "Full Name"}, "name"),
        ({"column_name": "User Email"}, "email"),
        ({"column_name": "User Phone"}, "phone"),
        ({"column_name": "Work email"}, "email"),
        ({"column_id": "full_name"}, "name"),
        ({"column_id": "user_email"}, "email"),
        ({"column_id": "Phone_Number", "column_name": "How can we reach you?"}, "phone"),
    ],
)
def test_a_column_of_the_older_schema_is_known_by_its_name_and_an_id_in_any_case(
    column: dict[str, Any], field: str
) -> None:
    form = a_form(user_column_data=[{"string_value": "ada@example.com"} | column])

    details = read_one(form).details

    assert details.present() == {field: "ada@example.com", "attributes": IDS}


@pytest.mark.parametrize("name", ["city", "What is your full name?", "postal_code"])
def test_a_column_that_is_no_field_keeps_its_own_name(name: str) -> None:
    assert name in _attributes(user_column_data=[a_column(name, "x")])


def test_two_answers_to_one_question_are_both_kept() -> None:
    columns = [a_column("interest", "sales"), a_column("interest", "rental")]

    assert _attributes(user_column_data=columns)["interest"] == "sales, rental"


@pytest.mark.parametrize("columns", [None, {}, "text", [], [None, 7, [], "x", {}], [[[]]]])
def test_a_form_whose_answers_cannot_be_read_is_a_lead_all_the_same(columns: Any) -> None:
    assert _attributes(user_column_data=columns) == IDS


def test_the_ids_of_the_ad_are_text_that_no_reader_rounds() -> None:
    assert _attributes(form_id=2**63 - 1)["form_id"] == "9223372036854775807"
    assert _attributes(asset_group_id=7)["asset_group_id"] == "7"


def test_an_ad_that_has_no_group_says_nothing_of_it() -> None:
    assert not {"adgroup_id", "creative_id"} & set(_attributes(adgroup_id=0, creative_id="0"))


def test_what_google_says_of_the_lead_is_kept() -> None:
    words = {"lead_stage": "ACTIVE", "lead_source": "LEAD_FORM"}

    assert _attributes(**words) == IDS | words


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-24T08:42:10Z", datetime(2026, 9, 24, 8, 42, 10, tzinfo=UTC)),
        ("2026-10-09T14:02:11-04:00", datetime(2026, 10, 9, 18, 2, 11, tzinfo=UTC)),
        ("2026-09-24T08:42:10", datetime(2026, 9, 24, 8, 42, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:00", None),
        ("yesterday", None),
        (1795341600, None),
        (None, None),
    ],
)
def test_the_moment_of_submission_is_the_messages(text: Any, moment: datetime | None) -> None:
    message = read_one(a_form(lead_submit_time=text)).message

    assert message is not None
    assert message.sent_at == moment


def test_a_moment_without_a_zone_is_in_utc_wherever_this_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/Sao_Paulo")
        time.tzset()
        message = read_one(a_form(lead_submit_time="2026-09-24T08:42:10")).message
    time.tzset()

    assert message is not None
    assert message.sent_at == datetime(2026, 9, 24, 8, 42, 10, tzinfo=UTC)


def test_one_submission_is_one_lead_whoever_made_it() -> None:
    first, second = (
        read_one(a_form({"EMAIL": "a@example.com"}, lead_id=lead_id)) for lead_id in ("one", "two")
    )

    assert first.identities == (Identity("lead", "one"),)
    assert second.identities == (Identity("lead", "two"),)


def test_every_member_that_is_read_is_shown_in_the_form() -> None:
    form = a_form({"EMAIL": "ada@example.com"}, is_test=True)
    form["user_column_data"].append(a_column(None, "Ada", column_name="Full Name"))
    not_shown: set[str] = set()

    lead_form.read(watched(form, SentForm, not_shown))

    assert not_shown == set()


def test_the_message_is_the_form_as_it_came_without_the_key() -> None:
    form = a_form({"FULL_NAME": "Ada"}, unknown={"new": [1, None]}, form_id=2**70)
    message = read_one(form).message

    assert message is not None
    assert (message.message_id, message.type, message.text) == (form["lead_id"], "lead_form", None)
    assert json.loads(message.raw) == form


def test_the_data_of_googles_test_button_is_marked_and_does_not_count() -> None:
    item = read_one(the_test_data())

    assert not item.counts
    assert item.opens_lead
    assert item.details.name == "FirstName LastName"
    assert item.details.attributes["test"] is True
    assert item.identities == (Identity("test_lead", TEST_ID),)


def test_the_test_button_pressed_again_says_nothing_new() -> None:
    assert read_one(the_test_data()) == read_one(the_test_data())


@pytest.mark.parametrize("odd", ["true", True])
def test_a_test_may_say_so_as_text(odd: Any) -> None:
    assert not read_one(a_form(is_test=odd)).counts


@pytest.mark.parametrize("odd", [False, None, 0, "false", "", [], {}, "yes"])
def test_what_does_not_say_that_it_is_a_test_counts(odd: Any) -> None:
    item = read_one(a_form(is_test=odd))

    assert item.counts
    assert "test" not in item.details.attributes


def test_a_test_with_the_id_of_a_real_lead_takes_nothing_from_it() -> None:
    real, test = (read_one(a_form(is_test=is_test)) for is_test in (False, True))

    assert not set(real.identities) & set(test.identities)
    assert real.message is not None
    assert test.message is not None
    assert real.message.message_id != test.message.message_id
