"""Every reason has its words, and what mends it for whom."""

import pytest

from domain.held import (
    CODES,
    KEY_REVOKED,
    LINES,
    PLAN_LIMIT_REACHED,
    UNPROVEN,
    VALIDATION_FAILED,
)
from entrypoints.console import words
from entrypoints.console.held.reasons import BY_THEMSELVES, CALLS_WAIT, REASONS, remedies
from tests.support.builders import a_project


def test_every_reason_and_every_line_has_its_words_and_no_other_has() -> None:
    assert list(REASONS) == [*CODES, *LINES]


@pytest.mark.parametrize(
    ("code", "channels", "links"),
    [
        (PLAN_LIMIT_REACHED, (), {"Raise the limit": "#monthly_limit"}),
        (VALIDATION_FAILED, (), {"Read leniently": "#lenient"}),
        (UNPROVEN, ("whatsapp",), {"Set the secret of WhatsApp": "/whatsapp#settings"}),
        (UNPROVEN, (), {}),
        (KEY_REVOKED, (), {"API keys": "/keys"}),
    ],
)
def test_a_reason_leads_an_admin_to_where_it_is_mended(
    code: str, channels: tuple[str, ...], links: dict[str, str]
) -> None:
    project = a_project()
    found = remedies(code, project, is_admin=True, channels=channels)

    settings = f"/projects/{project.project_id}/settings"
    assert {one.link: one.path for one in found if one.link} == {
        words: f"{settings}{below}" for words, below in links.items()
    }


def test_who_may_not_raise_the_limit_reads_who_can() -> None:
    found = remedies(PLAN_LIMIT_REACHED, a_project(), is_admin=False)

    assert [one.sentence for one in found] == [CALLS_WAIT, words.ADMIN_RAISES_LIMIT]
    assert not any(one.link for one in found)


def test_what_is_set_already_is_no_remedy() -> None:
    project = a_project(lenient=True, release_held_calls=True)

    assert remedies(VALIDATION_FAILED, project, is_admin=True) == ()
    assert remedies(PLAN_LIMIT_REACHED, project, is_admin=True)[0].sentence == BY_THEMSELVES
