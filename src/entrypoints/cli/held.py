"""`swiftcrm held …`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.held.release import ReleaseCount
from domain.errors import NotFound
from domain.held import CODES, HeldCall, HeldQuery
from domain.lead import LeadDetails
from domain.names import did_you_mean, folded
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.messages import NO_SUCH_HELD_CALL, NOTHING_HELD, SOME_STILL_HELD, held_advice
from entrypoints.cli.options import CameSince, ProjectName, moment_of
from entrypoints.cli.output import (
    AsJson,
    cut,
    hint,
    plain,
    print_facts,
    print_json,
    print_table,
    warn,
)
from entrypoints.exports.json_text import moment

if TYPE_CHECKING:
    from entrypoints.container import Container

PAGE = 100
COLUMNS = ("AT", "CODE", "NAME", "PHONE", "CHANNEL", "ORIGIN", "ID")
"""Who waits, and why, is within 80 columns; the ID, which is long, comes last."""
NAME_CELLS = 20


def _code(typed: str | None) -> str | None:
    if typed is None:
        return None
    for code in CODES:
        if folded(code) == folded(typed):
            return code
    raise typer.BadParameter(f"it is one of {', '.join(CODES)}.{did_you_mean(typed, CODES)}")


Code = Annotated[
    str | None,
    typer.Option(
        "--code",
        metavar="C",
        help=f"Only what is held for this reason: {', '.join(CODES)}.",
        callback=_code,
    ),
]


def held_commands(new_container: NewContainer) -> typer.Typer:
    """Why did my lead not arrive? See what is held, and release it."""
    commands = typer.Typer(
        help="Why did my lead not arrive? See what is held, and release it.", no_args_is_help=True
    )

    @commands.command("list")
    def list_held(
        project: ProjectName, code: Code = None, since: CameSince = None, as_json: AsJson = False
    ) -> None:
        """
        List what is held and is not a lead yet, oldest first.

        Below the list you read what to do about each reason.

        \b
        swiftcrm held list "Acme Ltd" --since 24h
        swiftcrm held list "Acme Ltd" --code PLAN_LIMIT_REACHED --json
        """
        came_since = moment_of(since)
        calls = run(new_container, lambda container: _find(container, project, code, came_since))
        if as_json:
            print_json([held_json(call) for call in calls])
            return
        print_table(COLUMNS, map(_row, calls))
        if not calls:
            hint(NOTHING_HELD.format(what="Nothing of this kind" if code or since else "Nothing"))
        for each in sorted({call.code for call in calls}):
            hint(f"{each}: {held_advice(each)}")

    @commands.command("show")
    def show(
        project: ProjectName,
        held_id: Annotated[str, typer.Argument(metavar="ID", help="As `held list` shows it.")],
        as_json: AsJson = False,
    ) -> None:
        """
        Show one held item, with its body as it came.

        \b
        swiftcrm held show "Acme Ltd" held_01a2074a32fe74ce8546a7c7b306bdc1.00000
        """
        call = run(new_container, lambda container: _get(container, project, held_id))
        shown = {**held_json(call), "channel": call.channel, "body": call.body}
        print_json(shown) if as_json else print_facts(shown)

    @commands.command("release")
    def release(
        project: ProjectName,
        held_ids: Annotated[
            list[str] | None,
            typer.Argument(metavar="ID", help="Only these; without any, all of them."),
        ] = None,
        code: Code = None,
        as_json: AsJson = False,
    ) -> None:
        """
        Make leads of what is held, oldest first.

        Each becomes one lead, with the time at which it came, and takes a place of this
        month. What finds no place stays held.

        What could not be read becomes a lead of what can be read of it, with its text
        beside it.

        What was sent to a number that no project lists goes to the project that lists it
        by now. If none does, it stays held, unless you give its ID here: then it becomes a
        lead of this project.

        \b
        swiftcrm held release "Acme Ltd" --code UNREADABLE
        """
        count = run(new_container, lambda container: _release(container, project, code, held_ids))
        shown = {"released": count.released, "still_held": count.still_held}
        print_json(shown) if as_json else print_facts(shown)
        if count.still_held:
            warn(SOME_STILL_HELD)

    return commands


def held_json(call: HeldCall) -> dict[str, Any]:
    """A held item as `held list` prints it."""
    return {
        "id": call.held_id,
        "at": moment(call.at),
        "code": call.code,
        "origin": call.origin,
        "request_id": call.request_id,
        "advice": held_advice(call.code),
    }


def _row(call: HeldCall) -> tuple[object, ...]:
    details = call.capture.details if call.capture else LeadDetails()
    name = cut(plain(details.name), NAME_CELLS)
    at = f"{call.at:%Y-%m-%dT%H:%M:%SZ}"
    return (at, call.code, name, details.phone, call.channel, call.origin, call.held_id)


async def _find(
    container: "Container", project: str, code: str | None, since: datetime | None
) -> Sequence[HeldCall]:
    found = await container.find_project()(project)
    return await _all(container, HeldQuery(project_id=found.project_id, code=code, since=since))


async def _get(container: "Container", project: str, held_id: str) -> HeldCall:
    found = await container.find_project()(project)
    _refuse_odd(held_id)
    query = HeldQuery(project_id=found.project_id, held_ids=[held_id])
    for call in await container.held_archive().page(query, after=None, limit=1):
        return call
    raise _unknown(held_id)


async def _release(
    container: "Container", project: str, code: str | None, held_ids: Sequence[str] | None
) -> ReleaseCount:
    found = await container.find_project()(project)
    query = HeldQuery(project_id=found.project_id, code=code, held_ids=held_ids or None)
    await _refuse_unknown(container, query)
    writer = container.writer()
    writer.start()
    try:
        return await container.release_by_hand()(query)
    finally:
        await writer.stop()


async def _all(container: "Container", query: HeldQuery) -> Sequence[HeldCall]:
    calls: list[HeldCall] = []
    after = None
    while page := await container.held_archive().page(query, after=after, limit=PAGE):
        calls += map(_slim, page)
        after = page[-1].held_id
    return calls


def _slim(call: HeldCall) -> HeldCall:
    """*call* without what may be large: of its capture, name and phone alone are left."""
    capture = call.capture
    if capture is not None:
        details = LeadDetails(name=capture.details.name, phone=capture.details.phone)
        capture = replace(capture, details=details, message=None)
    return replace(call, body="", capture=capture)


async def _refuse_unknown(container: "Container", query: HeldQuery) -> None:
    if query.held_ids is None:
        return
    for held_id in query.held_ids:
        _refuse_odd(held_id)
    codes = {call.held_id: call.code for call in await _all(container, replace(query, code=None))}
    for held_id in query.held_ids:
        if held_id not in codes:
            raise _unknown(held_id)
        if query.code not in (None, codes[held_id]):
            raise NotFound(f"{held_id} is held as {codes[held_id]}, not as {query.code}.")


def _refuse_odd(held_id: str) -> None:
    """No store is asked for what is no text, as a shell may pass it on."""
    if not held_id.isascii():
        raise _unknown(held_id)


def _unknown(held_id: str) -> NotFound:
    return NotFound(NO_SUCH_HELD_CALL.format(held_id=held_id))
