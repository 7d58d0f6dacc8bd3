from typing import Any

import pytest

from domain.refusals import (
    DomainNotAllowed,
    FieldError,
    InvalidApiKey,
    InvalidJson,
    InvalidLead,
    PlanLimitReached,
    Refusal,
)

EVERY_REFUSAL = [one for one in Refusal.__subclasses__() if one.__module__ == Refusal.__module__]
"""Of calls. Those of the console share a code with them where they mean the same."""


WITH: dict[type[Refusal], list[Any]] = {
    DomainNotAllowed: ["evil.com"],
    InvalidApiKey: ["The key was revoked."],
    InvalidJson: ["It is empty."],
    InvalidLead: [[]],
}
"""What a refusal is made with, where it says more than its code."""


def a_refusal(kind: type[Refusal]) -> Refusal:
    return kind(*WITH.get(kind, ()))


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        (InvalidApiKey, "INVALID_API_KEY", "Invalid or missing project API key."),
        (DomainNotAllowed, "DOMAIN_NOT_ALLOWED", "Origin or Referer not in project allowlist."),
        (
            PlanLimitReached,
            "PLAN_LIMIT_REACHED",
            "Monthly lead limit reached. Please upgrade.",
        ),
    ],
)
def test_the_contracts_refusals_have_its_words(
    kind: type[Refusal], code: str, message: str
) -> None:
    assert (kind.code, kind.message) == (code, message)


@pytest.mark.parametrize("kind", EVERY_REFUSAL)
def test_a_refusal_has_a_code_for_programs_and_a_sentence_for_people(kind: type[Refusal]) -> None:
    refusal = a_refusal(kind)

    assert refusal.code == refusal.code.upper()
    assert refusal.code.replace("_", "").isalpha()
    assert str(refusal) == refusal.message
    assert refusal.message.endswith(".")


def test_no_two_refusals_have_one_code() -> None:
    codes = [kind.code for kind in EVERY_REFUSAL]

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", [k for k in EVERY_REFUSAL if k not in WITH])
def test_a_refusal_may_say_when_to_come_again(kind: type[Refusal]) -> None:
    assert kind().retry_after_seconds is None
    assert kind(retry_after_seconds=7).retry_after_seconds == 7


@pytest.mark.parametrize("kind", [k for k in EVERY_REFUSAL if k is not InvalidLead])
def test_what_the_log_says_of_a_refusal_is_not_answered(kind: type[Refusal]) -> None:
    assert a_refusal(kind).extra_members() == {}


def test_an_invalid_lead_names_its_wrong_fields_in_order() -> None:
    refusal = InvalidLead([FieldError("name", "too long"), FieldError("email", "no e-mail")])

    assert refusal.retry_after_seconds is None
    assert refusal.extra_members() == {
        "errors": [
            {"field": "name", "message": "too long"},
            {"field": "email", "message": "no e-mail"},
        ]
    }
    assert refusal.logged_members() == {"fields": {"name": "too long", "email": "no e-mail"}}
