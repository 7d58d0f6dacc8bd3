"""What is wrong with the body of a refused call, read again."""

from collections.abc import Sequence

import pytest

from adapters.internet import PublishedAddressSyntax
from domain.held import DOMAIN_NOT_ALLOWED, INVALID_JSON, VALIDATION_FAILED
from entrypoints.http.body.flaws import flaws_of
from tests.entrypoints.cli.leads.held_calls import refused

PROJECT = "prj_1"


@pytest.mark.parametrize(
    ("code", "body", "flaws"),
    [
        (VALIDATION_FAILED, b'{"email": "ada@"}', ["email: must be an e-mail address."]),
        (VALIDATION_FAILED, b'{"email": "ada@example.com"}', []),
        (INVALID_JSON, b'{"name": \n]', ["The body must be a JSON object in UTF-8. "]),
        (INVALID_JSON, b'{"name": "\xff"}', ["The body must be a JSON object in UTF-8. "]),
        (DOMAIN_NOT_ALLOWED, b'{"email": "ada@"}', []),
    ],
)
def test_what_is_wrong_with_a_body_is_read_again_from_it(
    code: str, body: bytes, flaws: Sequence[str]
) -> None:
    found = flaws_of(refused(PROJECT, 1, code, body=body), PublishedAddressSyntax().is_email)

    assert len(found) == len(flaws)
    assert all(one.startswith(flaw) for one, flaw in zip(found, flaws, strict=True))
