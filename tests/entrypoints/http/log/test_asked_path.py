"""Which paths the log names: ours that were meant, and theirs only if no person can be in it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrypoints.http.log.asked_path import LONGEST, OurPaths

LEAD = "/api/public/lead"
WEBHOOK = "/api/whatsapp/webhook"
OURS = OurPaths([LEAD, LEAD, "/api/health", "/api/ready", WEBHOOK, "/api/google_ads/webhook"])


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/api/public/leads", LEAD),
        ("/api/public/lead/", LEAD),
        ("/api/lead", LEAD),
        ("/api/leads", LEAD),
        ("/lead", LEAD),
        ("/API/public/lead", LEAD),
        ("/public/lead", LEAD),
        ("//api//public/lead", LEAD),
        ("/api/v1/public/lead", LEAD),
        ("/healthz", "/api/health"),
        ("/ready", "/api/ready"),
        ("/api/whatsapp/webhooks", WEBHOOK),
        ("/api/whatsap/webhook", WEBHOOK),
        ("/whatsapp/webhook", WEBHOOK),
        ("/api/google-ads/webhook", "/api/google_ads/webhook"),
    ],
)
def test_a_slip_is_named_beside_the_path_that_was_meant(asked: str, meant: str) -> None:
    assert OURS.logged_members(asked) == {"path": asked, "meant": meant}


@pytest.mark.parametrize(
    "asked",
    [
        "/api/public/lead/ada@example.com",
        "/api/public/lead/ada",
        "/api/public/lead/4917",
        "/ada/api/public/lead",
    ],
)
def test_of_a_path_with_more_in_it_ours_alone_is_named(asked: str) -> None:
    assert OURS.logged_members(asked) == {"path": None, "meant": LEAD}


@pytest.mark.parametrize(
    "asked",
    [
        "*",
        "/",
        "/api",
        "/api/users",
        "/wp-login.php",
        "/api/ada@example.com",
        "/api/491701234567/webhook",
        "/api/" + "a" * 32 + "/webhook",
        "/api/public/lead/" + "x" * LONGEST,
        "/api/public/le\u00e4d",
    ],
)
def test_what_is_nothing_of_ours_is_not_named(asked: str) -> None:
    assert OURS.logged_members(asked) == {"path": None}


def test_a_channel_that_is_not_switched_on_is_named() -> None:
    assert OURS.logged_members("/api/telegram/webhook") == {
        "path": "/api/telegram/webhook",
        "channel": "telegram",
        "cause": "No channel of this name is switched on.",
    }


def test_a_path_of_ours_with_another_method_is_named_as_it_is() -> None:
    assert OURS.logged_members(LEAD) == {"path": LEAD}


PIECES = st.sampled_from(["/api", "/public", "/lead", "leads", "/", "/webhook", "whatsapp", "ada"])


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=8).map("".join)))
def test_whatever_is_asked_for_no_more_than_three_characters_of_it_that_are_not_ours_are_named(
    asked: str,
) -> None:
    named = OURS.logged_members(asked)
    if named["path"] is None or "meant" not in named:
        return

    theirs = Counter(asked.lower()) - Counter(named["meant"])
    assert theirs.total() <= 3
