from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from domain import project as module
from domain.project import (
    LONGEST_REMEMBERED,
    MOST_REMEMBERED,
    InvalidProject,
    Project,
    new_key_id,
    new_project_id,
)
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


Judged = Counter[tuple[str | None, str | None]]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    """How often pages were judged, by their headers."""
    times: Judged = Counter()
    judge = module.is_allowed

    def count(*arguments: Any, **headers: Any) -> bool:
        times[headers["origin"], headers["referer"]] += 1
        return judge(*arguments, **headers)

    monkeypatch.setattr(module, "is_allowed", count)
    return times


def page(number: int) -> str:
    return f"https://shop{number}.example.com"


def test_a_page_is_judged_once_for_each_kind_of_key(judged: Judged) -> None:
    project = a_project("*.example.com")
    for _ in range(3):
        assert project.allows(origin=page(1), referer=None)
        assert project.allows(origin=page(1), referer=None, for_page=True)
        assert not project.allows(origin="https://evil.com", referer=None)
        assert project.allows(origin=None, referer=f"{page(1)}/")
        assert project.allows(origin=None, referer=None)
        assert not project.allows(origin=None, referer=None, for_page=True)

    assert sorted(judged.values()) == [1, 1, 2, 2]


def test_so_many_pages_are_remembered_and_no_more(judged: Judged) -> None:
    project = a_project("*.example.com")
    for number in range(3 * MOST_REMEMBERED):
        assert project.allows(origin=page(number), referer=None)
        assert len(project._judged) <= MOST_REMEMBERED

    assert project.allows(origin=page(0), referer=None)
    assert judged[page(0), None] == 2


def test_a_page_with_a_long_header_is_judged_and_not_remembered(judged: Judged) -> None:
    project = a_project("example.com")
    origin = "https://example.com"
    longest = f"{origin}/".ljust(LONGEST_REMEMBERED - len(origin), "a")

    for referer in (longest, longest + "a"):
        assert all(project.allows(origin=origin, referer=referer) for _ in range(3))

    assert (judged[origin, longest], judged[origin, longest + "a"]) == (1, 3)
    assert not project.allows(origin=None, referer="https://evil.com/" + "a" * 1_000)
    assert list(project._judged) == [(origin, longest, False)]


def test_a_project_with_other_settings_judges_anew(judged: Judged) -> None:
    project = a_project()
    assert project.allows(origin=None, referer=None)
    assert not replace(project, require_origin=True).allows(origin=None, referer=None)
    assert project.allows(origin=None, referer=None)


def test_what_a_project_remembers_of_pages_is_no_part_of_it() -> None:
    project = a_project("example.com")
    same = replace(project)
    project.allows(origin="https://example.com", referer=None)

    assert project == same
    assert hash(project) == hash(same)
    assert repr(project) == repr(same)


def test_new_ids_differ_and_say_what_they_name() -> None:
    projects = {new_project_id() for _ in range(1000)}
    keys = {new_key_id() for _ in range(1000)}

    assert len(projects) == len(keys) == 1000
    assert all(name.startswith("prj_") and name.isascii() for name in projects)
    assert all(name.startswith("key_") and name.isascii() for name in keys)
