"""From how far a delivery came to what is to be mended."""

import json

import pytest

from application.channels.diagnosis import PASSED, REFUSALS, TROUBLES, HopAdvice, Ours, diagnose
from domain import refusals
from domain.errors import StorageUnavailable
from domain.passage import Answer, Failure, Hop, Passage, Trouble
from tests.application.channels.diagnoses import (
    REACHED,
    RECEIPT,
    REQUEST_ID,
    URL,
    after,
    last,
    refused,
)


def test_a_sample_that_is_kept_passed_every_hop_in_order() -> None:
    steps = after(200, RECEIPT, x_request_id=REQUEST_ID)

    assert [step.hop for step in steps] == ["address", *REACHED, "answer", *PASSED]
    assert all(step.ok and step.found and not step.advice for step in steps)


def test_a_sample_that_is_held_is_not_kept_as_a_lead() -> None:
    steps = after(200, {**RECEIPT, "held": 1}, x_request_id=REQUEST_ID)

    assert last(steps) == (Ours.KEPT, False)
    assert steps[-1].advice is HopAdvice.HELD
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


def test_every_trouble_is_advised_on_at_any_hop() -> None:
    assert set(TROUBLES) == set(Trouble)


def test_a_trouble_without_details_is_named_all_the_same() -> None:
    steps = diagnose(URL, Passage({}, Failure(Hop.NAME, Trouble.NO_SUCH_NAME)))

    assert steps[-1].found == "the name has no address"


def test_silence_of_the_program_is_told_from_that_of_a_firewall() -> None:
    advice = {
        hop: diagnose(URL, Passage({}, Failure(hop, Trouble.SILENT)))[-1].advice for hop in Hop
    }

    assert advice[Hop.CONNECTION] is HopAdvice.SILENT
    assert advice[Hop.ANSWER] is HopAdvice.NO_ANSWER


@pytest.mark.parametrize(("host", "is_here"), [("127.0.0.1:8000", True), ("10.0.0.1", False)])
def test_a_refusal_at_this_machine_is_told_from_one_elsewhere(host: str, is_here: bool) -> None:
    url = URL.replace("leads.example.com", host)
    refused = Passage({}, Failure(Hop.CONNECTION, Trouble.REFUSED))

    advice = HopAdvice.PORT_CLOSED_HERE if is_here else HopAdvice.PORT_CLOSED
    assert diagnose(url, refused)[-1].advice is advice


def test_of_the_headers_of_strangers_no_more_is_repeated_than_people_read() -> None:
    assert len(after(502, b"", server="n" * 5000)[-1].found) < 200


def test_only_the_name_is_said_to_lead_to_private_addresses() -> None:
    answer = Answer(200, {}, json.dumps(RECEIPT).encode(), 0.1)
    steps = diagnose(URL, Passage({Hop.NAME: ["8.8.8.8"], Hop.CONNECTION: ["10.0.0.1"]}, answer))

    assert {step.advice for step in steps} == {None}


@pytest.mark.parametrize(("seconds", "advice"), [(0.9, None), (1.1, HopAdvice.SLOW)])
def test_a_slow_answer_is_advised_on_and_passes(seconds: float, advice: HopAdvice | None) -> None:
    steps = after(200, RECEIPT, seconds=seconds)

    [answer] = [step for step in steps if step.hop == "answer"]
    assert (answer.ok, answer.advice) == (True, advice)
    assert f"{seconds * 1000:.0f} ms" in answer.found


def test_an_address_that_nobody_outside_reaches_is_advised_on_and_tried_all_the_same() -> None:
    steps = after(200, RECEIPT, url="http://127.0.0.1:8000/api/whatsapp/webhook?api_key=swk_1")

    assert last(steps) == (Ours.KEPT, True)
    assert steps[0].advice is HopAdvice.LOOPBACK


@pytest.mark.parametrize(
    ("url", "addresses", "advice"),
    [
        (URL, ["10.0.0.1", "fd00::1"], HopAdvice.NAME_IS_PRIVATE),
        (URL, ["10.0.0.1", "8.8.8.8"], None),
        ("https://10.0.0.1/?api_key=k", ["10.0.0.1"], None),  # said of the address already
    ],
)
def test_a_name_that_leads_to_private_addresses_alone_is_advised_on(
    url: str, addresses: list[str], advice: HopAdvice | None
) -> None:
    answer = Answer(200, {}, json.dumps(RECEIPT).encode(), 0.1)
    steps = diagnose(url, Passage({Hop.NAME: addresses}, answer))

    assert (steps[1].advice, steps[1].ok) == (advice, True)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (200, HopAdvice.ANOTHER_SERVICE),
        (204, HopAdvice.ANOTHER_SERVICE),
        (301, HopAdvice.REDIRECT),
        (302, HopAdvice.REDIRECT),
        (308, HopAdvice.REDIRECT),
        (400, HopAdvice.BAD_REQUEST),
        (401, HopAdvice.GUARDED),
        (403, HopAdvice.GUARDED),
        (404, HopAdvice.ANOTHER_SERVICE),
        (405, HopAdvice.ANOTHER_SERVICE),
        (413, HopAdvice.TOO_LARGE),
        (429, HopAdvice.RATE_LIMITED),
        (500, HopAdvice.PROGRAM_NOT_REACHED),
        (502, HopAdvice.PROGRAM_NOT_REACHED),
        (503, HopAdvice.PROGRAM_NOT_REACHED),
        (504, HopAdvice.PROGRAM_NOT_REACHED),
        (530, HopAdvice.PROGRAM_NOT_REACHED),
        (999, HopAdvice.ANOTHER_SERVICE),
    ],
)
@pytest.mark.parametrize(
    "body", [b"<html>no</html>", b"", b"\xff", b"[]", b"[" * 100_000, {"code": "ERROR"}]
)
def test_an_answer_that_is_not_this_programs_is_a_proxys_or_anothers(
    status: int, advice: HopAdvice, body: object
) -> None:
    steps = after(status, body, server="nginx")

    assert last(steps) == (Ours.SERVICE, False)
    assert steps[-1].advice is advice
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
        (503, StorageUnavailable.code, Ours.SERVICE),
        (503, refusals.Overloaded.code, Ours.SERVICE),
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
    assert refused(401, refusals.InvalidApiKey.code)[-1].advice is HopAdvice.ANOTHER_STORE
    assert refused(401, refusals.SignatureMismatch.code)[-1].advice is HopAdvice.NOT_PROVEN


def test_a_store_or_a_secret_that_cannot_be_read_says_nothing_of_key_and_signature() -> None:
    steps = refused(503, StorageUnavailable.code)

    assert not {Ours.KEY, Ours.SIGNATURE} & {step.hop for step in steps}
    assert steps[-1].advice is HopAdvice.STORE_AWAY


def test_no_refusal_is_advised_on_in_vain() -> None:
    codes = {getattr(refusals, name).code for name in vars(refusals) if _is_refusal(name)}

    assert set(REFUSALS) - codes == {StorageUnavailable.code, "BODY_TOO_LARGE"}


def _is_refusal(name: str) -> bool:
    return isinstance(getattr(refusals, name), type) and hasattr(getattr(refusals, name), "code")


def test_a_refusal_whose_text_a_proxy_replaced_is_still_ours() -> None:
    steps = after(401, b"<html>nginx</html>", x_request_id=REQUEST_ID)

    assert last(steps) == (Ours.SERVICE, False)
    assert steps[-1].advice is HopAdvice.REFUSED_AND_REPLACED
    assert REQUEST_ID in steps[-1].found


def test_a_header_that_a_proxy_removed_is_not_needed() -> None:
    assert last(after(200, RECEIPT)) == (Ours.KEPT, True)
    body = {"code": refusals.InvalidApiKey.code, "message": "No.", "request_id": REQUEST_ID}
    assert last(after(401, body)) == (Ours.KEY, False)
