from typing import Any

import pytest

from domain.project import InvalidProject, Project, new_key_id, new_project_id
from tests.support.builders import a_project


@pytest.mark.parametrize("name", ["a", "A" * 100, "Über uns GmbH & Söhne", "株式会社", "a b"])
def test_a_project_may_have_this_name(name: str) -> None:
    assert a_project(name=name).name == name


@pytest.mark.parametrize(
    "name",
    ["", " ", " a", "a ", "\u00a0a", "A" * 101, "a\nb", "a\0", "a\x7f", "a\n", "prj_", "prj_1"],
)
def test_a_project_may_not_have_this_name(name: str) -> None:
    with pytest.raises(InvalidProject):
        a_project(name=name)


@pytest.mark.parametrize("limit", [None, 0, 1, 2**53])
def test_a_monthly_limit_is_none_or_a_whole_number_from_zero_on(limit: int | None) -> None:
    assert a_project(monthly_limit=limit).monthly_limit == limit


@pytest.mark.parametrize("limit", [-1, 2**53 + 1])
def test_a_limit_that_no_month_can_have_is_refused(limit: int) -> None:
    with pytest.raises(InvalidProject):
        a_project(monthly_limit=limit)


def test_a_project_has_no_limit_and_allows_every_page_until_it_is_told_otherwise() -> None:
    plain = a_project()
    project = Project(project_id=plain.project_id, name="plain", created_at=plain.created_at)

    assert project.monthly_limit is None
    assert project.allows(origin="https://anywhere.com", referer=None)
    assert project.allows(origin=None, referer=None)


@pytest.mark.parametrize(
    ("fields", "headers", "allowed"),
    [
        ({}, {"origin": "https://example.com", "referer": None}, True),
        ({}, {"origin": "https://evil.com", "referer": None}, False),
        ({}, {"origin": "https://evil.com", "referer": "https://example.com/"}, False),
        ({}, {"origin": None, "referer": "https://example.com/"}, True),
        ({}, {"origin": None, "referer": None}, True),
        ({"require_origin": True}, {"origin": None, "referer": None}, False),
        ({"require_origin": True}, {"origin": None, "referer": "https://example.com/"}, True),
    ],
)
def test_a_project_judges_calls_by_its_own_settings(
    fields: dict[str, Any], headers: dict[str, str | None], allowed: bool
) -> None:
    project = a_project("example.com", **fields)

    assert project.allows(**headers) is allowed


@pytest.mark.parametrize("require_origin", [True, False])
@pytest.mark.parametrize(
    ("domains", "origin", "referer", "allowed"),
    [
        ([], None, None, False),
        ([], "null", None, False),
        ([], "https://evil.com", None, True),
        (["example.com"], None, None, False),
        (["example.com"], "https://evil.com", None, False),
        (["example.com"], "https://example.com", None, True),
        (["example.com"], None, "https://example.com/", True),
    ],
)
def test_with_a_page_key_a_project_lets_in_its_pages_alone(
    domains: list[str],
    origin: str | None,
    referer: str | None,
    allowed: bool,
    require_origin: bool,
) -> None:
    project = a_project(*domains, require_origin=require_origin)

    assert project.allows(origin=origin, referer=referer, for_page=True) is allowed


def test_new_ids_differ_and_say_what_they_name() -> None:
    projects = {new_project_id() for _ in range(1000)}
    keys = {new_key_id() for _ in range(1000)}

    assert len(projects) == len(keys) == 1000
    assert all(name.startswith("prj_") and name.isascii() for name in projects)
    assert all(name.startswith("key_") and name.isascii() for name in keys)
