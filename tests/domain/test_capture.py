from typing import Any

import pytest

from domain.idempotency import Idempotency
from tests.support.builders import a_capture, a_message, a_phone, a_project


def test_a_fresh_capture_that_nothing_names_is_unheard_of() -> None:
    assert a_capture(a_project(), is_fresh=True).is_unheard_of
    assert a_capture(a_project(), is_fresh=True, counts=False).is_unheard_of


@pytest.mark.parametrize(
    "field",
    [
        {"is_fresh": False},
        {"idempotency": Idempotency("key", b"fingerprint")},
        {"identities": (a_phone("12025550147"),)},
        {"message": a_message()},
        {"opens_lead": False},
    ],
    ids=lambda field: next(iter(field)),
)
def test_of_any_other_capture_something_may_be_known(field: dict[str, Any]) -> None:
    assert not a_capture(a_project(), **({"is_fresh": True} | field)).is_unheard_of
