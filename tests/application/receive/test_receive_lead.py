"""A refused call is held, and becomes a lead later: nobody has to be asked again."""

import json
from typing import Any

import pytest

from application.receive.receive_lead import Parse
from domain.api_key import new_key
from domain.errors import StorageUnavailable
from domain.held import DOMAIN_NOT_ALLOWED, HeldCall, HeldQuery
from domain.json_value import JsonObject
from domain.project import Project
from domain.refusals import (
    DomainNotAllowed,
    InvalidApiKey,
    InvalidJson,
    InvalidLead,
    PlanLimitReached,
    Refusal,
)
from entrypoints.container import Container
from tests.application.in_force import change
from tests.application.kept import held_by, leads_of
from tests.application.receive.calling import ADA, OUR_ADDRESS, PAGE, Calls, fail, parse
from tests.support.builders import a_project
from tests.support.clocks import StillClock


@pytest.fixture
async def project(container: Container) -> Project:
    project = a_project("example.com")
    await container.projects().add(project)
    return project


@pytest.fixture
async def call(container: Container, writer: object, project: Project) -> Calls:
    made = await container.create_key()(project.project_id)
    return Calls(container, made.secret)


async def only_held(container: Container, project: Project) -> HeldCall:
    (held,) = await held_by(container, project)
    return held


async def release(container: Container, project: Project, *held_ids: str) -> None:
    await container.release_by_hand()(
        HeldQuery(project_id=project.project_id, held_ids=held_ids or None)
    )


@pytest.mark.parametrize(
    ("body", "more", "refusal"),
    [
        (ADA, {"origin": "https://evil.com"}, DomainNotAllowed),
        ({**ADA, "name": 7}, {}, InvalidLead),
        (b'{"name": "Ada', {}, InvalidJson),
    ],
)
async def test_what_is_refused_is_held_under_the_code_of_its_refusal_with_its_body_as_received(
    call: Calls,
    container: Container,
    project: Project,
    clock: StillClock,
    body: Any,
    more: dict[str, Any],
    refusal: type[Refusal],
) -> None:
    with pytest.raises(refusal):
        await call(body, **more)

    held = await only_held(container, project)
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    assert (held.code, held.body) == (refusal.code, sent.decode())
    assert (held.channel, held.at, held.times) == ("rest", clock.now(), 1)
    assert held.origin == (more.get("origin", PAGE)).removeprefix("https://")
    assert await leads_of(container, project) == []


async def test_in_a_full_month_a_call_is_held_and_its_refusal_says_so(
    call: Calls, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)

    with pytest.raises(PlanLimitReached) as refused:
        await call()

    assert refused.value.is_held
    assert (await only_held(container, project)).code == "PLAN_LIMIT_REACHED"


async def test_what_is_released_is_the_lead_that_was_sent_with_its_own_time(
    call: Calls, container: Container, project: Project, clock: StillClock
) -> None:
    came_at = clock.now()
    with pytest.raises(DomainNotAllowed):
        await call({**ADA, "plan": "pro"}, origin="https://evil.com")
    clock.advance(3600)

    await release(container, project)

    (lead,) = await leads_of(container, project)
    assert lead.details.present() == {**ADA, "attributes": {"plan": "pro"}}
    assert (lead.captured_at, lead.channel) == (came_at, "rest")
    assert await held_by(container, project) == []


@pytest.mark.parametrize(
    ("body", "attributes"),
    [
        ({"name": "Ada", "email": "nobody"}, {"email": "nobody"}),
        (b'{"name": "Ada', {"unreadable": '{"name": "Ada'}),
        (b"\xff{", {"unreadable": "ÿ{"}),
    ],
)
async def test_what_no_field_can_take_goes_into_the_attributes_when_it_is_released(
    call: Calls, container: Container, project: Project, body: Any, attributes: JsonObject
) -> None:
    with pytest.raises((InvalidLead, InvalidJson)):
        await call(body)

    await release(container, project)

    (lead,) = await leads_of(container, project)
    assert lead.details.attributes == attributes


async def test_a_body_that_is_no_utf8_is_held_byte_for_byte_too(
    call: Calls, container: Container, project: Project
) -> None:
    with pytest.raises(InvalidJson):
        await call(b"\xff{")

    held = await only_held(container, project)
    assert (held.body, held.body_base64) == ("ÿ{", "/3s=")


async def test_who_tries_again_and_again_is_held_once_and_counted(
    call: Calls, container: Container, project: Project, clock: StillClock
) -> None:
    await change(container, project, monthly_limit=0)
    for body in (ADA, dict(reversed(ADA.items())), {**ADA, "name": " Ada ", "phone": None}):
        with pytest.raises(PlanLimitReached):
            await call(body)
        clock.advance(1)

    held = await only_held(container, project)
    assert held.times == 3
    assert held.last_at is not None
    assert (held.last_at - held.at).total_seconds() == 2


async def test_calls_that_say_something_else_or_are_refused_for_another_reason_are_held_apart(
    call: Calls, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    for body, origin in ((ADA, PAGE), ({"name": "Eve"}, PAGE), (ADA, "https://evil.com")):
        with pytest.raises(Refusal):
            await call(body, origin=origin)

    assert len(await held_by(container, project)) == 3


async def test_who_got_through_meanwhile_is_released_only_by_the_id_of_the_call(
    call: Calls, container: Container, project: Project, clock: StillClock
) -> None:
    with pytest.raises(DomainNotAllowed):
        await call({"name": "Ada", "email": "ADA@example.com"}, origin="https://evil.com")
    clock.advance(60)
    await call(ADA)
    held = await only_held(container, project)

    arrived = await container.arrivals().follow(project.project_id).of([held])
    await release(container, project)
    by_itself = len(await leads_of(container, project))
    await release(container, project, held.held_id)

    assert arrived == {held.held_id: 1}
    assert by_itself == 1
    assert len(await leads_of(container, project)) == 2


@pytest.mark.parametrize(
    ("first", "later", "is_same"),
    [
        ({"phone": "+44 20 7946"}, {"phone": "0044-20 7946"}, False),
        ({"phone": "+44 20 7946"}, {"phone": "+44207946", "name": "Ada"}, True),
        ({"name": "Ada"}, {"name": "Ada"}, True),
        ({"name": "Ada"}, {"name": "Ada", "x": 1}, False),
        ({"email": "a@b.co"}, {"email": "c@d.co"}, False),
    ],
)
async def test_an_address_a_number_or_the_whole_lead_says_that_it_is_the_same_person(
    call: Calls,
    container: Container,
    project: Project,
    clock: StillClock,
    first: JsonObject,
    later: JsonObject,
    is_same: bool,
) -> None:
    with pytest.raises(DomainNotAllowed):
        await call(first, origin="https://evil.com")
    clock.advance(1)
    await call(later)

    held = await only_held(container, project)
    arrived = await container.arrivals().follow(project.project_id).of([held])

    assert bool(arrived) == is_same


async def test_a_lead_from_before_is_no_arrival(
    call: Calls, container: Container, project: Project, clock: StillClock
) -> None:
    await call(ADA)
    clock.advance(1)
    with pytest.raises(DomainNotAllowed):
        await call(ADA, origin="https://evil.com")

    held = await only_held(container, project)

    assert await container.arrivals().follow(project.project_id).of([held]) == {}


async def test_an_idempotency_key_that_comes_again_names_the_lead_that_was_released(
    call: Calls, container: Container, project: Project
) -> None:
    with pytest.raises(DomainNotAllowed):
        await call(ADA, origin="https://evil.com", idempotency_key="k")
    await release(container, project)

    again = await call(ADA, idempotency_key="k")

    assert (again.lead_id, again.replayed) == (1, True)
    assert len(await leads_of(container, project)) == 1


async def test_two_that_are_held_under_one_key_are_two_leads_the_second_without_it(
    call: Calls, container: Container, project: Project
) -> None:
    for body in (ADA, {"name": "Eve"}):
        with pytest.raises(DomainNotAllowed):
            await call(body, origin="https://evil.com", idempotency_key="k")

    await release(container, project)

    assert [lead.details.name for lead in await leads_of(container, project)] == ["Ada", "Eve"]
    assert await held_by(container, project) == []


@pytest.mark.parametrize(("says_so", "leads"), [(False, 0), (True, 1)])
async def test_a_raised_limit_makes_leads_of_calls_only_where_the_project_says_so(
    call: Calls, container: Container, project: Project, says_so: bool, leads: int
) -> None:
    await change(container, project, monthly_limit=0)
    with pytest.raises(PlanLimitReached):
        await call()

    await change(container, project, monthly_limit=5, release_held_calls=says_so)
    await container.release_for_plan()(project.project_id)

    assert len(await leads_of(container, project)) == leads


async def test_a_call_that_waits_for_a_command_keeps_no_webhook_item_from_its_place(
    call: Calls, container: Container, project: Project, clock: StillClock
) -> None:
    await change(container, project, monthly_limit=0)
    with pytest.raises(PlanLimitReached):
        await call()
    held = await only_held(container, project)
    clock.advance(1)
    webhook = HeldCall(
        **{
            **{name: getattr(held, name) for name in HeldCall.__dataclass_fields__},
            "held_id": "held_999999",
            "channel": "postcards",
            "once": "other",
            "says": None,
        }
    )
    await container.held_ledger().hold([webhook])

    await change(container, project, monthly_limit=5)
    await container.release_for_plan()(project.project_id)

    assert [one.channel for one in await held_by(container, project)] == ["rest"]
    assert len(await leads_of(container, project)) == 1


async def test_a_key_of_ours_in_a_body_is_replaced_before_anything_is_stored(
    call: Calls, container: Container, project: Project
) -> None:
    key, looks_like = new_key(), f"swk_{'a' * 33}"
    await call({"name": "Ada", "x": f"my {key}", "y": looks_like})
    with pytest.raises(InvalidLead):
        await call({"name": 7, "x": key})

    (lead,) = await leads_of(container, project)
    assert lead.details.attributes == {"x": "my [a key was here]", "y": looks_like}
    assert key not in repr(await held_by(container, project))


async def test_too_many_calls_and_a_revoked_key_leave_a_line_a_minute_for_each_page(
    call: Calls, container: Container, project: Project, clock: StillClock
) -> None:
    await container.revoke_key()((await container.keys().of_project(project.project_id))[0].key_id)
    clock.advance(3)
    for origin in (PAGE, PAGE, "https://www.example.com"):
        with pytest.raises(InvalidApiKey):
            await call(ADA, origin=origin)
    hold_refused = container.hold_refused()
    hold_refused.start()
    await hold_refused.stop()

    lines = await held_by(container, project)
    assert sorted((line.code, line.origin, line.times) for line in lines) == [
        ("KEY_REVOKED", "example.com", 2),
        ("KEY_REVOKED", "www.example.com", 1),
    ]
    assert {line.body for line in lines} == {""}
    assert (await container.show_project()(project.project_id)).held == 0
    await release(container, project)
    assert await leads_of(container, project) == []


async def test_while_the_store_is_away_a_full_month_is_no_refusal_that_could_be_held(
    call: Calls, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await change(container, project, monthly_limit=0)

    async def away(*_: object, **__: object) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(container.held_ledger(), "hold_or_count", away)

    with pytest.raises(StorageUnavailable):
        await call()
    with pytest.raises(DomainNotAllowed):
        await call(ADA, origin="https://evil.com")


@pytest.mark.parametrize(
    ("body", "parse"),
    [(ADA, fail), ({"name": "\ud800"}, parse)],
    ids=["nobody foresaw how it is read", "no store can hold what is read"],
)
async def test_a_defect_in_reading_a_refused_call_costs_nobody_the_call(
    call: Calls,
    container: Container,
    project: Project,
    caplog: pytest.LogCaptureFixture,
    body: JsonObject,
    parse: Parse,
) -> None:
    with pytest.raises(DomainNotAllowed):
        await call(body, origin="https://evil.com", parse=parse)

    held = await only_held(container, project)
    assert (held.code, held.body, held.capture) == (DOMAIN_NOT_ALLOWED, json.dumps(body), None)
    assert "held.defect" in caplog.text
    await release(container, project)
    (lead,) = await leads_of(container, project)
    assert lead.details.attributes == {"unreadable": json.dumps(body)}


async def test_a_name_from_a_program_that_sends_windows_1252_is_right_in_the_lead(
    call: Calls, container: Container, project: Project
) -> None:
    with pytest.raises(InvalidJson):
        await call('{"name": "Müller, 5 €'.encode("cp1252"))
    await release(container, project)

    (lead,) = await leads_of(container, project)
    assert list(lead.details.attributes.values()) == ['{"name": "Müller, 5 €']


async def test_our_own_address_as_referer_is_no_page_that_one_could_allow(
    call: Calls, container: Container, project: Project
) -> None:
    await change(container, project, require_origin=True)
    with pytest.raises(DomainNotAllowed):
        await call(origin=None, referer=OUR_ADDRESS)

    assert (await only_held(container, project)).origin is None
