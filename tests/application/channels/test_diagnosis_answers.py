"""Whose answer a sample got: this program's, a proxy's or another service's."""

import pytest

from application.channels.diagnosis import REFUSALS, HopAdvice, Ours
from domain import refusals
from domain.errors import StorageUnavailable
from tests.application.channels.diagnoses import RECEIPT, REQUEST_ID, after, last, refused


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
