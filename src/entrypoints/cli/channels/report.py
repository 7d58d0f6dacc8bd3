"""What is printed of a channel, and of a test delivery."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from application.channels.diagnosis import Step, advice_on
from application.channels.inspect_channel import ChannelReport
from application.channels.show_channel import ChannelView
from application.channels.try_channel import Trial
from application.channels.webhook_address import without_secrets
from domain.channel import ChannelEvent
from entrypoints.cli.channels.hops import HOPS
from entrypoints.cli.messages import COMPLETE_THE_URL, message_of
from entrypoints.cli.output import cut, hint, plain, print_facts, print_json, print_table, warn
from entrypoints.exports.json_text import moment

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
    """Say once what senders need to know of the webhook URLs, which all begin with one address."""
    found = {advice_on(view.webhook_url) for view in views if view.webhook_url}
    for advice in filter(None, found):
        warn(HOPS[advice])
    if any(view.hides_password for view in views):
        hint(COMPLETE_THE_URL)


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
        "address": without_secrets(trial.view.webhook_url),
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
