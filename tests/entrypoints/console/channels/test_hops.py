"""What is said of each hop of a test delivery."""

import re
from collections.abc import Mapping, Sequence

import pytest

from application.channels.diagnosis import HopAdvice, Ours, Step
from application.channels.show_channel import ChannelView
from application.channels.try_channel import Trial
from domain.passage import Hop
from entrypoints.console.advice import ADVICE
from entrypoints.console.channels.hops import HOP_NAMES, HOPS, rows_of
from entrypoints.console.held.reasons import REASONS

A_COMMAND = re.compile(r"`swiftcrm (\w+)")


def a_trial(url: str, *steps: Step) -> Trial:
    view = ChannelView(
        channel="postcards", webhook_url=url, target=url, key_id="key_1", settings={}
    )
    return Trial(view=view, steps=steps, checklist=())


def states(trial: Trial) -> Mapping[str, str]:
    return {row.name: row.state for row in rows_of(trial)}


def test_each_hop_has_a_name() -> None:
    assert list(HOP_NAMES) == ["address", *Hop, *Ours]


def test_no_sentence_names_a_command() -> None:
    reasons = (reason.sentence for reason in REASONS.values())

    named = [
        text for text in (*HOPS.values(), *ADVICE.values(), *reasons) if A_COMMAND.search(text)
    ]

    assert named == []


@pytest.mark.parametrize(
    ("url", "hops"),
    [
        ("http://leads.example.com", ["Name", "Connection", "Answer"]),
        ("https://leads.example.com", ["Name", "Connection", "Certificate", "Answer"]),
    ],
)
def test_a_hop_that_was_not_reached_is_listed_and_a_certificate_only_of_https(
    url: str, hops: Sequence[str]
) -> None:
    shown = states(a_trial(url, Step("address", ok=True, found=url)))

    assert list(shown) == ["Address", *hops, "This service", "Key", "Signature", "Lead"]
    assert {*shown.values()} == {"Good", "Not reached"}


def test_a_hop_says_whether_it_is_good_and_what_to_mend() -> None:
    trial = a_trial(
        "http://leads.example.com",
        Step("address", ok=True, found="http://leads.example.com", advice=HopAdvice.NOT_HTTPS),
        Step(Hop.NAME, ok=True, found="192.0.2.1"),
        Step(Hop.CONNECTION, ok=False, found="refused", advice=HopAdvice.PORT_CLOSED),
    )
    address, name, connection, answer, *_ = rows_of(trial)

    assert (address.state, name.state, connection.state) == ("Good, but", "Good", "Failed")
    assert (address.mark, name.mark, connection.mark) == ("attention", "good", "wrong")
    assert (name.found, name.advice) == ("192.0.2.1", "")
    assert connection.advice == HOPS[HopAdvice.PORT_CLOSED]
    assert (answer.mark, answer.state) == ("", "Not reached")


def test_what_is_held_on_arrival_leads_to_the_page_of_what_is_held() -> None:
    held = Step(Ours.KEPT, ok=False, found="200", advice=HopAdvice.HELD)
    *_, kept = rows_of(a_trial("http://leads.example.com", held))

    assert (kept.advice, kept.below) == (HOPS[HopAdvice.HELD], "/held")
