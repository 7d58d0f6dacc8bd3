"""`swiftcrm channel …`: what is printed of a channel, then the commands."""

import sys
from collections.abc import Mapping, Sequence
from getpass import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from application.channels.diagnosis import Step, advice_on, without_key
from application.channels.inspect_channel import ChannelReport
from application.channels.show_channel import ChannelView
from application.channels.try_channel import SampleNotKept, Trial
from domain.channel import ChannelEvent
from domain.errors import NotFound
from entrypoints.cli.failures import NewContainer, reported, run
from entrypoints.cli.messages import HOPS, NO_SUCH_CHANNEL, message_of
from entrypoints.cli.options import ProjectName
from entrypoints.cli.output import (
    AsJson,
    cut,
    plain,
    print_facts,
    print_json,
    print_table,
    warn,
)
from entrypoints.exports.json_text import moment

if TYPE_CHECKING:
    from entrypoints.container import Container

NOTHING_CAME = "Nothing has arrived yet. If the address was verified and nothing comes:"
NOTHING_CAME_UNASKED = "Nothing has arrived yet. If the sender has the URL and nothing comes:"
NOTHING_BUT_IGNORED = (
    "Deliveries arrive, and none has brought anything yet: receipts and the like are ignored, and"
    " a test comes from nobody. If people write and nothing comes:"
)
WAY_IS_OPEN = "The way is open. If the sender's own deliveries still do not come:"
SIGNED_WRONGLY = (
    "The last delivery was refused: its signature or secret does not fit any secret that is set"
    " here. Compare them with the sender's."
)
LISTED_TWICE = (
    "The project {project} lists {numbers} too. A message to a number that both list goes to the"
    " project whose webhook it comes to. List each number in one project alone."
)
NUMBERS = 10
NUMBER_CELLS = 40
"""Of the numbers that nobody lists, so many are shown to people, and so much of each."""
PASSED, WARNED, FAILED = "ok", "ok, but", "FAILS"


def channel_json(view: ChannelView) -> dict[str, Any]:
    """A channel as every command prints it; of a secret only whether it is set."""
    shown: dict[str, Any] = {"webhook_url": view.webhook_url or None}
    for setting, values in view.settings.items():
        if setting.secret:
            shown[f"{setting.name}_set"] = bool(values)
        elif setting.at_most == 1:
            shown[setting.name] = values[0] if values else None
        else:
            shown[setting.name] = list(values)
    return shown | {"key_id": view.key_id or None}


def print_report(report: ChannelReport, *, as_json: bool) -> None:
    """A channel with what came through it."""
    shown = channel_json(report.view)
    for event in ChannelEvent:
        if report.asks_challenge or event is not ChannelEvent.CHALLENGE:
            shown[event.value] = moment(report.last.get(event))
    numbers = _most_first(report.unlisted_numbers)
    if as_json:
        unlisted = [{"number": number, "held": held} for number, held in numbers]
        named = {} if report.unlisted_numbers is None else {"unlisted_numbers": unlisted}
        print_json(shown | named)
    else:
        for_people = _first(numbers)
        print_facts(shown | ({"unlisted_numbers": for_people} if for_people else {}))
        _print_checklist(_heading(report), report.checklist)
    _warn_of(report.view)
    if report.is_signed_wrongly:
        warn(SIGNED_WRONGLY)
    for other, listed in report.listed_by_others.items():
        warn(LISTED_TWICE.format(project=plain(other.name), numbers=cut(plain(listed))))
    warn_of_address(report.view)


def warn_of_address(*views: ChannelView) -> None:
    """Say once what keeps senders from the webhook URLs, which all begin with one address."""
    found = {advice_on(view.webhook_url) for view in views if view.webhook_url}
    for advice in filter(None, found):
        warn(HOPS[advice])


def _heading(report: ChannelReport) -> str:
    if report.brings_nothing:
        return NOTHING_BUT_IGNORED
    return NOTHING_CAME if report.asks_challenge else NOTHING_CAME_UNASKED


def print_trial(trial: Trial, *, as_json: bool) -> None:
    """How far a sample came; advice on the hop that failed is the failure's own line."""
    if as_json:
        print_json(_trial_json(trial))
    else:
        rows = [(step.hop, _state(step), step.found) for step in trial.steps]
        print_table(("STEP", "", "FOUND"), rows)
        if trial.failed is None:
            _print_checklist(WAY_IS_OPEN, trial.checklist)
    _warn_of(trial.view)
    for step in trial.steps:
        if step.ok and step.advice:
            warn(f"{step.hop}: {HOPS[step.advice]}")


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "ok": trial.failed is None,
        "address": without_key(trial.view.webhook_url),
        "hops": [
            {
                "hop": s.hop,
                "ok": s.ok,
                "found": s.found,
                "advice": HOPS[s.advice] if s.advice else None,
            }
            for s in trial.steps
        ],
    }


def _state(step: Step) -> str:
    if not step.ok:
        return FAILED
    return WARNED if step.advice else PASSED


def _most_first(numbers: Mapping[str, int] | None) -> Sequence[tuple[str, int]]:
    return sorted((numbers or {}).items(), key=lambda pair: (-pair[1], pair[0]))


def _first(numbers: Sequence[tuple[str, int]]) -> Sequence[str]:
    """The first of them, cut: senders say what they like."""
    first = [f"{cut(number, NUMBER_CELLS)} ({held} held)" for number, held in numbers[:NUMBERS]]
    more = len(numbers) - len(first)
    return [*first, f"and {more} more"] if more else first


def _print_checklist(heading: str, checklist: Sequence[str]) -> None:
    if checklist:
        lines = [f"  {number}. {plain(line)}" for number, line in enumerate(checklist, 1)]
        sys.stdout.write("\n".join(["", heading, *lines, ""]))


def _warn_of(view: ChannelView) -> None:
    if view.fault:
        warn(message_of(view.fault))
    for setting, values in view.settings.items():
        if setting.warning_when_unset and not values:
            warn(setting.warning_when_unset)


ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name, e.g. whatsapp.")]
FROM_STANDARD_INPUT = "-"


def channel_commands(new_container: NewContainer) -> typer.Typer:
    """Connect channels such as WhatsApp."""
    commands = typer.Typer(help="Connect channels such as WhatsApp.", no_args_is_help=True)

    @commands.command("set")
    def set_values(
        project: ProjectName,
        channel: ChannelName,
        settings: Annotated[
            list[str],
            typer.Argument(
                metavar="NAME=VALUE",
                help="Commas separate several values; NAME= removes the setting; NAME=- reads the"
                " value from standard input, so that it is not in the shell's history: at a"
                " terminal it asks for it, and does not show what you type.",
            ),
        ],
        as_json: AsJson = False,
    ) -> None:
        """
        Change the settings of a channel. Every process knows of it within two seconds.

        \b
        swiftcrm channel set "Acme Ltd" whatsapp app_secret=- phone_number_ids=106540352242922
        """
        given = _given(settings)
        if FROM_STANDARD_INPUT in given.values():  # nobody shall type a secret in vain
            run(new_container, lambda container: _find(container, project, channel))
        values = {name: _values(name, text) for name, text in given.items()}

        async def use(container: "Container") -> ChannelReport:
            project_id = await _find(container, project, channel)
            await container.channel_settings().change(project_id, channel, values)
            return await container.inspect_channel()(project_id, channel)

        print_report(run(new_container, use), as_json=as_json)

    @commands.command("show")
    def show(project: ProjectName, channel: ChannelName, as_json: AsJson = False) -> None:
        """
        Show webhook URL and settings, and when something last came in.

        Give the webhook URL to the sender. It is made when you run this for the first time.

        \b
        swiftcrm channel show "Acme Ltd" whatsapp
        """

        async def use(container: "Container") -> ChannelReport:
            project_id = await _find(container, project, channel)
            return await container.inspect_channel()(project_id, channel)

        print_report(run(new_container, use), as_json=as_json)

    @commands.command("test")
    def test(project: ProjectName, channel: ChannelName, as_json: AsJson = False) -> None:
        """
        Send a sample, and say at which step it fails and what to mend.

        It goes through SWIFTCRM_PUBLIC_URL, as the sender's own deliveries do, and is
        kept as a lead that does not count.

        \b
        swiftcrm channel test "Acme Ltd" whatsapp
        """

        async def use(container: "Container") -> Trial:
            project_id = await _find(container, project, channel)
            return await container.try_channel()(project_id, channel)

        trial = run(new_container, use)
        print_trial(trial, as_json=as_json)
        if (failed := trial.failed) is not None:
            advice = HOPS[failed.advice] if failed.advice else ""
            with reported():
                raise SampleNotKept(f"{failed.hop}: {failed.found}. {advice}")

    return commands


async def _find(container: "Container", project: str, channel: str) -> str:
    """The id of the project, once it is known that there are both."""
    found = await container.find_project()(project)
    known = container.channels()
    if channel not in known:
        switched_on = ", ".join(known) or "none"
        raise NotFound(NO_SUCH_CHANNEL.format(channel=channel, known=switched_on))
    return found.project_id


def _given(settings: Sequence[str]) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for text in settings:
        name, separator, value = text.partition("=")
        if not separator or not name:
            raise typer.BadParameter(f"{name!r} is not NAME=VALUE", param_hint="NAME=VALUE")
        if name in given:
            raise typer.BadParameter(f"{name} is given twice", param_hint="NAME=VALUE")
        given[name] = value
    return given


def _values(name: str, text: str) -> Sequence[str]:
    if text == FROM_STANDARD_INPUT:
        text = _read(name)
        if not text:
            raise typer.BadParameter(
                f"standard input has no value for {name}; {name}= removes it",
                param_hint="NAME=VALUE",
            )
    return [part.strip() for part in text.split(",") if part.strip()]


def _read(name: str) -> str:
    """A line from standard input; a person at a terminal is asked, and sees nothing of it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    try:
        return getpass(f"{name} (not shown): ", stream=sys.stderr).strip()
    except EOFError:
        return ""
