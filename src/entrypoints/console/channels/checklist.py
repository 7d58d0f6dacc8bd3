"""How far a channel is connected: a row for each thing that it takes, with how it stands now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from application.channels.inspect_channel import ChannelReport
from domain.channel import ChannelEvent, ChannelSetting
from domain.errors import AdviceCode, StoreUnusable
from entrypoints.console.advice import advised
from entrypoints.console.channels.fields import field_name, label, some_of, valid

GOOD, OPEN, ATTENTION, WRONG = "good", "", "attention", "wrong"
"""How a state looks. Its words say the same."""
WEBHOOK_URL = "webhook_url"
"""The field that has it."""

NOT_VERIFIED = (
    "{name} has not asked for it yet. Paste the values below where it asks for them, and save"
    " there: it asks at once."
)
NOT_USED = "No lead has come to it yet. Paste the values below where {name} asks for them."
CANNOT_BE_READ = (
    "The secret that is set cannot be read, and every delivery is answered 503 until it can."
    " Meanwhile senders keep their deliveries, and bring them again."
)
OF_ALL = "Everything that comes to the webhook URL becomes leads of this project."
NUMBERS_WAIT = "Held: {count}, sent to numbers that no project lists. List yours below."
LISTED_TWICE = (
    "{project} lists {numbers} too. What is sent to a number that both list goes to the project"
    " whose webhook URL it comes to: list each number in one project alone."
)
ANOTHER_PROJECT = "Another project"
"""In place of its name, for who may not see it."""
SIGNED_WRONGLY = (
    "The last delivery was refused: its signature or secret does not fit any secret that is set"
    " here. Compare them with those of {name}."
)
NOTHING_BUT_IGNORED = (
    "Deliveries arrive, and none has brought anything yet: receipts and the like are ignored, and"
    " a test comes from nobody."
)

_NOT_YET = {True: ("Not verified", NOT_VERIFIED), False: ("Not used yet", NOT_USED)}
"""How the webhook URL stands at first, by whether the sender asks for it before it sends."""
_HAPPENED: Mapping[ChannelEvent, str] = MappingProxyType(
    {ChannelEvent.DELIVERY: "last delivery", ChannelEvent.BAD_SIGNATURE: "last wrong signature"}
)


@dataclass(frozen=True, slots=True)
class Row:
    """
    One thing that must be right.

    Attributes:
        field: Where it is set on the page; empty if it is nothing that somebody sets.
        look: One of those above.
        state: How it stands, in a word or two.
        sentences: What that means, and what to do.
        moments: What happened when, aware UTC.
    """

    title: str
    field: str
    look: str
    state: str
    sentences: tuple[str, ...] = ()
    moments: tuple[tuple[str, datetime], ...] = ()


def checklist(report: ChannelReport, name: str, visible: Collection[str]) -> Iterator[Row]:
    """
    The rows of a channel called *name*, in the order in which one connects it.

    *visible* are the ids of the projects that the reader may see: others have no name here.
    """
    yield _webhook_url(report, name)
    for setting, values in report.view.settings.items():
        if setting.recipients:
            yield _numbers(report, setting, values, visible)
        elif setting.secret:
            yield _secret(report, setting, values)
        elif setting.warning_when_unset and not values:
            yield _missing(setting)
    yield _deliveries(report, name)
    yield _leads(report)


def unreadable(fault: StoreUnusable | None) -> Collection[str]:
    """The names of secrets that cannot be read, and may be set again."""
    advice = fault.advice if fault is not None else ()
    again = [one.data for one in advice if one.code is AdviceCode.SET_SECRET_AGAIN]
    return [str(data["setting"]) for data in again]


def _webhook_url(report: ChannelReport, name: str) -> Row:
    title, last = "Webhook URL", report.last
    if at := last.get(ChannelEvent.CHALLENGE):
        return Row(title, WEBHOOK_URL, GOOD, "Verified", moments=(("", at),))
    if ChannelEvent.ITEM in last:
        return Row(title, WEBHOOK_URL, GOOD, "In use")
    state, said = _NOT_YET[report.asks_challenge]
    return Row(title, WEBHOOK_URL, OPEN, state, (said.format(name=name),))


def _secret(report: ChannelReport, setting: ChannelSetting, values: Sequence[str]) -> Row:
    title, field, fault = label(setting.name), field_name(setting.name), report.view.fault
    if fault is not None and setting.name in unreadable(fault):
        said = (CANNOT_BE_READ, advised(fault.advice))
        return Row(title, field, WRONG, "Not readable", said)
    if not values:
        return _missing(setting)
    return Row(title, field, GOOD, valid(len(values)))


def _missing(setting: ChannelSetting) -> Row:
    warning = setting.warning_when_unset
    look, said = (ATTENTION, (warning,)) if warning else (OPEN, ())
    return Row(label(setting.name), field_name(setting.name), look, "Not set", said)


def _numbers(
    report: ChannelReport,
    setting: ChannelSetting,
    values: Sequence[str],
    visible: Collection[str],
) -> Row:
    said = [] if values else [OF_ALL]
    if report.unlisted_numbers:
        said.append(NUMBERS_WAIT.format(count=sum(report.unlisted_numbers.values())))
    for project, numbers in report.listed_by_others.items():
        is_seen = project.project_id in visible
        who = f"The project {project.name}" if is_seen else ANOTHER_PROJECT
        said.append(LISTED_TWICE.format(project=who, numbers=some_of(numbers)))
    look = ATTENTION if report.unlisted_numbers or report.listed_by_others else GOOD
    state = f"{len(values)} listed" if values else "All"
    return Row(label(setting.name), field_name(setting.name), look, state, tuple(said))


def _deliveries(report: ChannelReport, name: str) -> Row:
    moments = tuple(
        (words, report.last[event]) for event, words in _HAPPENED.items() if event in report.last
    )
    if report.is_signed_wrongly:
        said = (SIGNED_WRONGLY.format(name=name),)
        return Row("Deliveries", "", WRONG, "Refused", said, moments)
    if not moments:
        return Row("Deliveries", "", OPEN, "None yet")
    return Row("Deliveries", "", GOOD, "Received", (), moments)


def _leads(report: ChannelReport) -> Row:
    if at := report.last.get(ChannelEvent.ITEM):
        return Row("Leads", "", GOOD, "Received", moments=(("", at),))
    if report.brings_nothing:
        return Row("Leads", "", ATTENTION, "None yet", (NOTHING_BUT_IGNORED,))
    return Row("Leads", "", OPEN, "None yet")
