"""`swiftcrm held …`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.held.release import ReleaseCount
from domain.held import CODES, LINES, HeldCall, HeldQuery
from domain.lead import LeadDetails
from domain.names import did_you_mean, folded
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.messages import (
    HAVE_ARRIVED,
    NOTHING_HELD,
    NOTHING_OF_THIS_KIND,
    SOME_STILL_HELD,
    WITHOUT_PLACE,
    advice_for,
)
from entrypoints.cli.options import ProjectName, SentSince, moment_of
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
from entrypoints.http.body.flaws import flaws_of

if TYPE_CHECKING:
    from entrypoints.container import Container

PAGE = 100
COLUMNS = ("AT", "CODE", "NAME", "CONTACT", "TIMES", "ARRIVED_AS", "CHANNEL", "ORIGIN", "ID")
"""Who waits, and why, is within 80 columns; the ID, which is long, comes last."""
NAME_CELLS, CONTACT_CELLS = 20, 16
_HELP = """
Why did my lead not arrive? See what is held, and release it.

A call with a key of the project is held if it is refused because the month is full, its page is not
on the list, a field is wrong, or its body is no JSON. What a webhook brought is held when it cannot
be a lead now.

`held list` says what is held, why, and what to do; if nothing is, where else to look.
`held release` makes leads of what is held, once the cause is mended.
"""
MOST_LINES_OF_ADVICE = 5
"""For each code; anybody can call from hundreds of pages."""


Rows = tuple[Sequence[HeldCall], Mapping[str, int]]
"""What is held, and as which lead each has come in since, by id."""


def _one_of(codes: Sequence[str], typed: str | None) -> str | None:
    if typed is None:
        return None
    for code in codes:
        if folded(code) == folded(typed):
            return code
    raise typer.BadParameter(f"it is one of {', '.join(codes)}.{did_you_mean(typed, codes)}")


def _code(typed: str | None) -> str | None:
    return _one_of(CODES, typed)


def _code_or_line(typed: str | None) -> str | None:
    return _one_of((*CODES, *LINES), typed)


Code = Annotated[
    str | None,
    typer.Option(
        "--code",
        metavar="C",
        help=f"Only what is held for this reason: {', '.join(CODES)}.",
        callback=_code,
    ),
]
CodeOrLine = Annotated[
    str | None,
    typer.Option(
        "--code",
        metavar="C",
        help=f"Only what is held for this reason: {', '.join(CODES)}; or only these lines, which"
        f" hold nothing: {', '.join(LINES)}.",
        callback=_code_or_line,
    ),
]


def held_commands(new_container: NewContainer) -> typer.Typer:
    """Why did my lead not arrive? See what is held, and release it."""
    commands = typer.Typer(help=_HELP, no_args_is_help=True)

    @commands.command("list")
    def list_held(
        project: ProjectName,
        code: CodeOrLine = None,
        since: SentSince = None,
        as_json: AsJson = False,
    ) -> None:
        """
        List what is held and is not a lead yet, oldest first.

        TIMES is how often it was sent. ARRIVED_AS is the lead of somebody who tried again
        and got through. A line (RATE_LIMITED, KEY_REVOKED, NO_ROOM) only says that calls
        were refused: nothing of them is kept. Below the list you read what to do about
        each reason.

        \b
        swiftcrm held list "Acme Ltd" --since 24h
        swiftcrm held list "Acme Ltd" --code PLAN_LIMIT_REACHED --json
        """
        sent_since = moment_of(since)
        found = run(new_container, lambda container: _find(container, project, code, sent_since))
        calls, arrived = found
        if as_json:
            print_json([held_json(call, arrived.get(call.held_id)) for call in calls])
            return
        print_table(COLUMNS, [_row(call, arrived.get(call.held_id)) for call in calls])
        if not calls:
            hint(NOTHING_OF_THIS_KIND if code or since else NOTHING_HELD)
        for line in _advice(calls):
            hint(line)

    @commands.command("show")
    def show(
        project: ProjectName,
        held_id: Annotated[str, typer.Argument(metavar="ID", help="As `held list` shows it.")],
        as_json: AsJson = False,
    ) -> None:
        """
        Show one held item, with its body and what is wrong with it.

        \b
        swiftcrm held show "Acme Ltd" held_01a2074a32fe74ce8546a7c7b306bdc1.00000
        """
        shown = run(new_container, lambda container: _show(container, project, held_id))
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
        month. A call that finds no place stays held under the reason for which it was
        refused; what a webhook brought waits for the plan, unless it could not be read.

        Calls that were refused for different reasons and say the same become one lead
        together, also if you ask for one of them alone.

        What could not be read becomes a lead of what can be read of it, with its text
        beside it.

        Whoever tried again and is a lead by now (ARRIVED_AS in `held list`) is not counted
        twice: such a call stays held, unless you give its ID here.

        What was sent to a number that no project lists goes to the project that lists it
        by now. If none does, it stays held, unless you give its ID here: then it becomes a
        lead of this project.

        \b
        swiftcrm held release "Acme Ltd" --code UNREADABLE
        """
        count = run(new_container, lambda container: _release(container, project, code, held_ids))
        shown = _numbers(count, as_json)
        print_json(shown) if as_json else print_facts(shown)
        _say_who_waits(count)

    return commands


def held_json(call: HeldCall, arrived_as: int | None) -> dict[str, Any]:
    """A held item as `held list` prints it."""
    arrived = {} if arrived_as is None else {"arrived_as": arrived_as}
    return {
        "id": call.held_id,
        "at": moment(call.at),
        "code": call.code,
        "origin": call.origin,
        "request_id": call.request_id,
        "advice": advice_for(call),
        "times": call.times,
        "last_at": moment(call.last_at or call.at),
        **arrived,
    }


def _numbers(count: ReleaseCount, as_json: bool) -> dict[str, int]:
    """What became of them; a person reads of those who have arrived only if there are any."""
    numbers = {"released": count.released, "still_held": count.still_held}
    if as_json or count.arrived:
        numbers["arrived"] = count.arrived
    return numbers


def _say_who_waits(count: ReleaseCount) -> None:
    if count.without_place:
        warn(WITHOUT_PLACE.format(count=count.without_place))
    if count.still_held > count.without_place:
        warn(SOME_STILL_HELD)
    if count.arrived:
        hint(HAVE_ARRIVED.format(count=count.arrived))


def _advice(calls: Sequence[HeldCall]) -> Sequence[str]:
    """A line for each code, and for each page of the first few that are not allowed."""
    lines = dict.fromkeys(f"{call.code}: {advice_for(call)}" for call in calls)
    by_code: dict[str, list[str]] = {}
    for line in lines:
        by_code.setdefault(line.partition(":")[0], []).append(line)
    return [line for code in sorted(by_code) for line in by_code[code][:MOST_LINES_OF_ADVICE]]


def _row(call: HeldCall, arrived_as: int | None) -> tuple[object, ...]:
    details = call.capture.details if call.capture else LeadDetails()
    name = cut(plain(details.name), NAME_CELLS)
    contact = cut(plain(details.phone or details.email), CONTACT_CELLS)
    at = f"{call.at:%Y-%m-%dT%H:%M:%SZ}"
    return (
        *(at, call.code, name, contact, call.times, arrived_as),
        *(call.channel, call.origin, call.held_id),
    )


async def _find(
    container: "Container", project: str, code: str | None, since: datetime | None
) -> Rows:
    project_id = (await container.find_project()(project)).project_id
    query = HeldQuery(project_id=project_id, code=code, since=since)
    calls: list[HeldCall] = []
    arrived: dict[str, int] = {}
    arrivals = await container.arrivals().among(query)
    async for page in _pages(container, query):
        arrived |= await arrivals.of(page)
        calls += map(_slim, page)
    return calls, arrived


async def _show(container: "Container", project: str, held_id: str) -> dict[str, Any]:
    project_id = (await container.find_project()(project)).project_id
    call = await container.find_held()(project_id, held_id)
    arrived = await container.arrivals().follow(project_id).of([call])
    shown = {**held_json(call, arrived.get(call.held_id)), "channel": call.channel}
    if flaws := flaws_of(call, container.address_syntax().is_email):
        shown["flaws"] = list(flaws)
    shown["body"] = call.body
    if call.body_base64 is not None:
        shown["body_base64"] = call.body_base64
    return shown


async def _release(
    container: "Container", project: str, code: str | None, held_ids: Sequence[str] | None
) -> ReleaseCount:
    found = await container.find_project()(project)
    query = HeldQuery(project_id=found.project_id, code=code, held_ids=held_ids or None)
    await container.find_held().refuse_unknown(query)
    writer = container.writer()
    writer.start()
    try:
        return await container.release_by_hand()(query)
    finally:
        await writer.stop()


async def _pages(container: "Container", query: HeldQuery) -> AsyncIterator[Sequence[HeldCall]]:
    after = None
    while page := await container.held_archive().page(query, after=after, limit=PAGE):
        yield page
        after = page[-1].held_id


def _slim(call: HeldCall) -> HeldCall:
    """*call* without what may be large: of its capture, what says whom it is from is left."""
    capture = call.capture
    if capture is not None:
        full = capture.details
        details = LeadDetails(name=full.name, email=full.email, phone=full.phone)
        capture = replace(capture, details=details, message=None)
    return replace(call, body="", body_base64=None, capture=capture)
