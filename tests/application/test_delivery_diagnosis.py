"""From how far a delivery came to what is to be mended."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from application.delivery_diagnosis import Step, diagnose
from application.ports.delivery_sender import Answer, Failure, Hop, Passage, Trouble
from application.ports.errors import StorageUnavailable
from application.sample_advice import PASSED, REFUSALS, TROUBLES, Ours
from domain import refusals

URL = "https://leads.example.com/api/whatsapp/webhook?api_key=swk_secret"
REQUEST_ID = "req_0192f0c1a2b37c4d8e5f60718293a4b5"
REACHED = {Hop.NAME: ["8.8.8.8"], Hop.CONNECTION: ["8.8.8.8:443"], Hop.CERTIFICATE: ["TLSv1.3"]}
RECEIPT = {"received": 1, "new_leads": 1, "duplicates": 0, "ignored": 0}


def after(
    status: int, body: object = b"", seconds: float = 0.1, url: str = URL, **headers: str
) -> Sequence[Step]:
    """The diagnosis once this was answered; underscores in the names of headers are hyphens."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return diagnose(url, Passage(REACHED, Answer(status, named, data, seconds)))


def refused(status: int, code: str, **fields: Any) -> Sequence[Step]:
    """The diagnosis once this program refused it."""
    body = {"code": code, "message": "No.", "request_id": REQUEST_ID, **fields}
    return after(status, body, x_request_id=REQUEST_ID)


def last(steps: Sequence[Step]) -> tuple[str, bool]:
    """The hop that was reached last, and whether it was passed; all before it were."""
    assert all(step.ok for step in steps[:-1])
    return steps[-1].hop, steps[-1].ok


def test_a_sample_that_is_kept_passed_every_hop_in_order() -> None:
    steps = after(200, RECEIPT, x_request_id=REQUEST_ID)

    assert [step.hop for step in steps] == ["address", *REACHED, "answer", *PASSED]
    assert all(step.ok and step.found and not step.advice for step in steps)


def test_a_sample_that_is_held_is_not_kept_as_a_lead() -> None:
    steps = after(200, {**RECEIPT, "held": 1}, x_request_id=REQUEST_ID)

    assert last(steps) == (Ours.KEPT, False)
    assert "swiftcrm held list" in steps[-1].advice
    assert last(after(200, {**RECEIPT, "held": 0})) == (Ours.KEPT, True)


def test_no_step_has_the_key_in_it() -> None:
    location = URL.replace("leads", "www.leads")

    assert "swk_secret" not in repr(after(301, location=location))
    assert "https://www.leads.example.com/api" in repr(after(301, location=location))


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("hop", Hop)
def test_every_trouble_has_advice(hop: Hop, trouble: Trouble) -> None:
    steps = diagnose(URL, Passage({}, Failure(hop, trouble, "in words")))

    assert last(steps) == (hop, False)
    assert (steps[-1].found, bool(steps[-1].advice)) == ("in words", True)
    assert set(TROUBLES) == set(Trouble)


def test_a_trouble_without_details_is_named_all_the_same() -> None:
    steps = diagnose(URL, Passage({}, Failure(Hop.NAME, Trouble.NO_SUCH_NAME)))

    assert steps[-1].found == "the name has no address"


def test_silence_of_the_program_is_told_from_that_of_a_firewall() -> None:
    advice = {
        hop: diagnose(URL, Passage({}, Failure(hop, Trouble.SILENT)))[-1].advice for hop in Hop
    }

    assert "firewall" in advice[Hop.CONNECTION]
    assert "swiftcrm serve" in advice[Hop.ANSWER]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (200, "lost"),
        (204, "lost"),
        (301, "redirect"),
        (302, "redirect"),
        (308, "redirect"),
        (400, "https"),
        (401, "login"),
        (403, "firewall"),
        (404, "Another service"),
        (405, "Another service"),
        (413, "4 MiB"),
        (429, "rate"),
        (500, "proxy"),
        (502, "swiftcrm serve"),
        (503, "swiftcrm serve"),
        (504, "swiftcrm serve"),
        (530, "tunnel"),
        (999, "Another service"),
    ],
)
@pytest.mark.parametrize(
    "body", [b"<html>no</html>", b"", b"\xff", b"[]", b"[" * 100_000, {"code": "ERROR"}]
)
def test_an_answer_that_is_not_this_programs_is_a_proxys_or_anothers(
    status: int, word: str, body: object
) -> None:
    steps = after(status, body, server="nginx")

    assert last(steps) == (Ours.SERVICE, False)
    assert word in steps[-1].advice
    assert str(status) in steps[-1].found
    assert "nginx" in steps[-1].found


@pytest.mark.parametrize("theirs", ["0192f0c1", "req_1", "req_" + "g" * 32, f"{REQUEST_ID}\n"])
def test_an_id_of_somebody_elses_is_not_taken_for_ours(theirs: str) -> None:
    assert last(after(200, {"ok": True}, x_request_id=theirs)) == (Ours.SERVICE, False)


@pytest.mark.parametrize(
    ("status", "code", "hop"),
    [
        (404, refusals.UnknownChannel.code, Ours.SERVICE),
        (401, refusals.InvalidApiKey.code, Ours.KEY),
        (401, refusals.SignatureMismatch.code, Ours.SIGNATURE),
        (400, refusals.InvalidJson.code, Ours.KEPT),
        (503, StorageUnavailable.code, Ours.KEPT),
        (503, refusals.Overloaded.code, Ours.KEPT),
        (413, "BODY_TOO_LARGE", Ours.KEPT),
        (500, "INTERNAL_ERROR", Ours.KEPT),
        (418, "SOMETHING_NEW", Ours.KEPT),
    ],
)
def test_a_refusal_of_ours_says_which_of_our_hops_it_was(status: int, code: str, hop: Ours) -> None:
    steps = refused(status, code)

    assert last(steps) == (hop, False)
    assert code in steps[-1].found
    assert REQUEST_ID in steps[-1].found
    assert steps[-1].advice


def test_another_store_and_a_changed_secret_are_told() -> None:
    assert "another store" in refused(401, refusals.InvalidApiKey.code)[-1].advice
    assert "two seconds" in refused(401, refusals.SignatureMismatch.code)[-1].advice


def test_no_refusal_is_advised_on_in_vain() -> None:
    codes = {getattr(refusals, name).code for name in vars(refusals) if _is_refusal(name)}

    assert set(REFUSALS) - codes == {StorageUnavailable.code, "BODY_TOO_LARGE"}


def _is_refusal(name: str) -> bool:
    return isinstance(getattr(refusals, name), type) and hasattr(getattr(refusals, name), "code")


def test_a_refusal_whose_text_a_proxy_replaced_is_still_ours() -> None:
    steps = after(401, b"<html>nginx</html>", x_request_id=REQUEST_ID)

    assert last(steps) == (Ours.SERVICE, False)
    assert "replaced" in steps[-1].advice
    assert REQUEST_ID in steps[-1].found


def test_a_header_that_a_proxy_removed_is_not_needed() -> None:
    assert last(after(200, RECEIPT)) == (Ours.KEPT, True)
    body = {"code": refusals.InvalidApiKey.code, "message": "No.", "request_id": REQUEST_ID}
    assert last(after(401, body)) == (Ours.KEY, False)


@pytest.mark.parametrize(("seconds", "is_slow"), [(0.9, False), (1.1, True)])
def test_a_slow_answer_is_advised_on_and_passes(seconds: float, is_slow: bool) -> None:
    steps = after(200, RECEIPT, seconds=seconds)

    [answer] = [step for step in steps if step.hop == "answer"]
    assert (answer.ok, bool(answer.advice)) == (True, is_slow)
    assert f"{seconds * 1000:.0f} ms" in answer.found


def test_an_address_that_nobody_outside_reaches_is_advised_on_and_tried_all_the_same() -> None:
    steps = after(200, RECEIPT, url="http://127.0.0.1:8000/api/whatsapp/webhook?api_key=swk_1")

    assert last(steps) == (Ours.KEPT, True)
    assert "loopback" in steps[0].advice


@pytest.mark.parametrize(
    ("url", "addresses", "advised"),
    [
        (URL, ["10.0.0.1", "fd00::1"], True),
        (URL, ["10.0.0.1", "8.8.8.8"], False),
        ("https://10.0.0.1/?api_key=k", ["10.0.0.1"], False),  # said of the address already
    ],
)
def test_a_name_that_leads_to_private_addresses_alone_is_advised_on(
    url: str, addresses: list[str], advised: bool
) -> None:
    answer = Answer(200, {}, json.dumps(RECEIPT).encode(), 0.1)
    steps = diagnose(url, Passage({Hop.NAME: addresses}, answer))

    assert (bool(steps[1].advice), steps[1].ok) == (advised, True)
