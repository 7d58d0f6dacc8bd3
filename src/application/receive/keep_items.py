"""
The items of a delivery become leads and messages; an item that cannot become one is held.

First the limits, then the call that brought the items (`Delivered`) and its answer
(`WebhookReceipt`), then `KeepItems`, and small helpers after it.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from weakref import WeakValueDictionary

from application.capture.lead_writer import LeadWriter
from application.channels.route_item import Proves, RouteItem
from application.held.hold import hold_capture, hold_unreadable, wait_together
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.rate_guard import RateGuard
from application.receive.check_items import checked
from domain.capture import Capture, Kept, KeptAs, NotKept, NotKeptBecause, Outcome
from domain.delivery import Inbound, Reading, Unreadable
from domain.errors import StorageUnavailable
from domain.held import (
    NUMBER_NOT_LISTED,
    PLAN_LIMIT_REACHED,
    UNPROVEN,
    UNREADABLE,
    HeldCall,
    HeldLimits,
    HeldRoom,
)
from domain.identity import Identity
from domain.refusals import Overloaded, Refusal

WRITTEN_TOGETHER = 500
"""So many items of one delivery wait in the writer's queue, or are held, at a time."""
WRITTEN_AT_A_TIME = 3
"""
So many such parts of one project's deliveries may be in its queue; further ones wait outside.
Else they would fill the queue, and the project's REST calls would be refused.
"""
MOST_RECIPIENTS = 100
"""So many numbers of one delivery are looked up; an app has a few, an attacker sends many."""
MOST_UNREADABLE = 1_000
"""So many unreadable items of one delivery are held one by one; Meta sends at most 1,000."""
MANY_ITEMS = 100
"""More items than this are checked in a thread: a few megabytes can hold a million."""
TURN_ITEMS = 20
"""After so many items other calls have their turn."""
UNPROVEN_TOGETHER = 20
"""So many unproven items are written or held at a time, so that other leads come in between."""
HELD_FOR: Mapping[NotKeptBecause, str] = {
    NotKeptBecause.PLAN_FULL: PLAN_LIMIT_REACHED,
    NotKeptBecause.UNWRITABLE: UNREADABLE,
}
log = logging.getLogger("swiftcrm.webhook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """
    The call that brought the items.

    Attributes:
        project_id: The project whose webhook was called.
        proven: Whether a secret proved who sent it; if not, only the key in its URL was checked.
        together: Sets of details that belong together in this channel, such as those of an ad.
    """

    project_id: str
    channel: str
    request_id: str
    at: datetime
    proven: bool = True
    together: tuple[frozenset[str], ...] = ()

    def capture(self, number: int, item: Inbound, project_id: str) -> Capture:
        """The capture of *item* for this project."""
        return self._capture(
            number, item, project_id, counts=item.counts, opens_lead=item.opens_lead
        )

    def hold(self, number: int, item: Unreadable, project_id: str) -> HeldCall:
        """The call that is held for an item that cannot be read."""
        capture = self._capture(number, item, project_id)
        return hold_unreadable(capture, item.raw, origin=item.recipient)

    def _capture(
        self,
        number: int,
        item: Inbound | Unreadable,
        project_id: str,
        *,
        counts: bool = True,
        opens_lead: bool = True,
    ) -> Capture:
        return Capture(
            capture_id=self._item_id(number),
            project_id=project_id,
            channel=self.channel,
            captured_at=self.at,
            request_id=self.request_id,
            details=item.details,
            counts=counts,
            opens_lead=opens_lead,
            identities=item.identities,
            together=self.together,
            message=item.message,
        )

    def _item_id(self, number: int) -> str:
        """Ids sort as the items do."""
        return f"{self.request_id}.{number:05}"


@dataclass(frozen=True, slots=True)
class WebhookReceipt:
    """
    What became of the items of a delivery.

    Of the *received* ones, *new_leads* made a lead, *duplicates* were kept before, *held* wait;
    the rest was added to known leads. *ignored* counts statuses, reactions and the like.
    *has_brought_something* is False where all of it was ignored or test data.
    """

    received: int
    new_leads: int
    duplicates: int
    ignored: int
    held: int = 0
    project_id: str = field(default="", compare=False)
    has_brought_something: bool = field(default=False, compare=False)


class KeepItems:
    """
    Keep every item of a delivery.

    - Each goes to the project that lists the number it was sent to.
    - An item that finds no place, whose number no project lists, or that cannot be read is held,
      and so is one in which the channel broke its contract. The other items are kept as usual.
    - An edit or a revocation of a message that waits for a place waits with it.
    - The guard says how many items of unproven deliveries are taken a minute; the rest is held.
    - Text that is too long for its field is cut, never refused.

    The sender hears 200 only when every item is durable, and sends the whole delivery again if it
    hears anything else, or nothing: when this process was killed half-way, or answered too late.
    It may even come to two processes at once. So nothing here is undone, and every step may be
    done again: a message that has its lead is a duplicate, a held item is held once, and the
    delivery that comes again completes what is missing.
    """

    def __init__(
        self,
        route_item: RouteItem,
        writer: LeadWriter,
        held: HeldLedger,
        archive: HeldArchive,
        unproven_guard: RateGuard,
        note_person: Callable[[str, Sequence[Identity]], None],
        limits: HeldLimits,
    ) -> None:
        self._limits = limits
        self._route_item = route_item
        self._writer = writer
        self._held = held
        self._archive = archive
        self._unproven_guard = unproven_guard
        self._note_person = note_person
        self._rooms: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __call__(self, call: Delivered, reading: Reading, proves: Proves) -> WebhookReceipt:
        """
        The receipt; every item in it is durable, in a lead or held.

        Raises:
            StorageUnavailable, Overloaded: Not known to be kept in time.
        """
        items = await _readable(reading.items)
        owners: dict[str | None, str | None] = {}
        for recipient in dict.fromkeys(item.recipient for item in items):
            if len(owners) >= MOST_RECIPIENTS:
                owners[recipient] = None  # held as unlisted; if it is listed, it is released
                continue
            owners[recipient] = await self._route_item(
                call.channel, call.project_id, recipient, proves
            )
        return await self._keep(call, replace(reading, items=items), owners)

    async def _keep(
        self, call: Delivered, reading: Reading, owners: Mapping[str | None, str | None]
    ) -> WebhookReceipt:
        """
        Sort the items, write the captures, then hold what is to be held; in this order.

        Whether there is room for unproven items is asked before anything is written, so that a
        delivery that is refused has left nothing. What has no place is known only after the
        writing: therefore all holding comes last, and the answer after that.
        """
        captures: list[tuple[Capture, str | None]] = []
        held: list[HeldCall] = []
        for number, item in enumerate(reading.items):
            if number % TURN_ITEMS == TURN_ITEMS - 1:
                await asyncio.sleep(0)
            owner = owners[item.recipient]
            if isinstance(item, Unreadable):
                held.append(call.hold(number, item, owner or call.project_id))
                continue
            capture = call.capture(number, item, owner or call.project_id)
            if self._is_one_too_many(call):  # counted also where no project lists its number
                held.append(hold_capture(capture, UNPROVEN, origin=item.recipient))
            elif owner is None:
                held.append(hold_capture(capture, NUMBER_NOT_LISTED, origin=item.recipient))
            else:
                captures.append((capture, item.recipient))
        together = WRITTEN_TOGETHER if call.proven else UNPROVEN_TOGETHER
        await self._refuse_beyond_the_bound(held)
        written = await self._write(call.project_id, [c for c, _ in captures], together)
        tried = [(c, outcome) for (c, _), outcome in zip(captures, written, strict=True)]
        outcomes = await wait_together(self._archive, tried)
        for (capture, recipient), outcome in zip(captures, outcomes, strict=True):
            if isinstance(outcome, NotKept) and outcome.because in HELD_FOR:
                held.append(hold_capture(capture, HELD_FOR[outcome.because], origin=recipient))
            elif isinstance(outcome, Kept) and outcome.kept_as is not KeptAs.KNOWN_MESSAGE:
                self._note_person(capture.project_id, capture.identities)
        await self._refuse_beyond_the_bound(held)
        for start in range(0, len(held), together):
            await self._held.hold(held[start : start + together])
        kept = [(c, outcome) for (c, _), outcome in zip(captures, outcomes, strict=True)]
        return _receipt(call, reading, kept, len(held))

    async def _refuse_beyond_the_bound(self, held: Sequence[HeldCall]) -> None:
        """
        Refuse a delivery if there is no room for what is held of it; the sender sends it again.

        Held items that were acknowledged are not removed for new ones: a flood would push the
        real ones out. Two processes may count at the same moment and both go on; then a project
        holds one delivery more than it may. That harms nobody: the bound is against growth.

        Raises:
            Overloaded: A project holds as many as it may.
        """
        more: dict[tuple[str, str], HeldRoom] = {}
        for call in held:
            key = (call.project_id, call.code)
            more[key] = more.get(key, HeldRoom(0, 0)) + HeldRoom(1, call.size)
        for key, wanted in more.items():
            room = await self._archive.room(*key)
            if not self._limits.has_room(key[1], room + wanted):
                raise Overloaded(retry_after_seconds=60)

    def _is_one_too_many(self, call: Delivered) -> bool:
        """Whether this item is beyond the unproven ones that a project takes in a minute."""
        if call.proven:
            return False
        return self._unproven_guard.seconds_to_wait(call.project_id, call.channel) is not None

    async def _write(
        self, project_id: str, captures: Sequence[Capture], together: int
    ) -> list[Outcome]:
        """Write all that can be written, and only then raise the first error."""
        room = self._rooms.setdefault(project_id, asyncio.Semaphore(WRITTEN_AT_A_TIME))
        answers: list[Outcome | BaseException] = []
        for start in range(0, len(captures), together):
            part = (self._writer.write(c) for c in captures[start : start + together])
            async with room:
                answers += await asyncio.gather(*part, return_exceptions=True)
            if any(isinstance(answer, StorageUnavailable | Refusal) for answer in answers):
                break  # the next part would wait in vain, too
        return [_outcome(answer) for answer in answers]


async def _readable(items: Sequence[Inbound | Unreadable]) -> Sequence[Inbound | Unreadable]:
    """The items, checked and bounded; in a thread if they are so many that other calls wait."""
    if len(items) > MANY_ITEMS:
        return await asyncio.to_thread(_checked_and_bounded, items)
    return _checked_and_bounded(items)


def _checked_and_bounded(items: Sequence[Inbound | Unreadable]) -> Sequence[Inbound | Unreadable]:
    return _bounded([checked(item) for item in items])


def _bounded(items: Sequence[Inbound | Unreadable]) -> Sequence[Inbound | Unreadable]:
    """
    The items; if very many cannot be read, those of each recipient are put into one.

    A few megabytes can hold a million things that are no message, and each would be held.
    """
    unreadable: dict[str | None, list[str]] = defaultdict(list)
    for item in items:
        if isinstance(item, Unreadable):
            unreadable[item.recipient].append(item.raw)
    if sum(map(len, unreadable.values())) <= MOST_UNREADABLE:
        return items
    if len(unreadable) > MOST_RECIPIENTS:
        unreadable = {None: [raw for raws in unreadable.values() for raw in raws]}
    together = [Unreadable(raw=f"[{','.join(r)}]", recipient=a) for a, r in unreadable.items()]
    return [*(item for item in items if isinstance(item, Inbound)), *together]


def _outcome(answer: Outcome | BaseException) -> Outcome:
    """
    The outcome; if a defect of ours raised, the item counts as one that cannot be written.

    It is held, and the answer is 200: sending it again would mend nothing.

    Raises:
        StorageUnavailable, Overloaded: The whole delivery is to come again.
    """
    if not isinstance(answer, BaseException):
        return answer
    if isinstance(answer, StorageUnavailable | Refusal) or not isinstance(answer, Exception):
        raise answer
    log.error("webhook.defect", exc_info=answer)
    return NotKept(NotKeptBecause.UNWRITABLE)


def _receipt(
    call: Delivered, reading: Reading, tried: Sequence[tuple[Capture, Outcome]], held: int
) -> WebhookReceipt:
    outcomes = [outcome for _, outcome in tried]
    ways = Counter(outcome.kept_as for outcome in outcomes if isinstance(outcome, Kept))
    nobody = outcomes.count(NotKept(NotKeptBecause.NOBODY_KNOWN))
    return WebhookReceipt(
        received=len(reading.items),
        new_leads=ways[KeptAs.NEW],
        duplicates=ways[KeptAs.KNOWN_MESSAGE],
        held=held,
        ignored=reading.ignored + nobody,
        project_id=call.project_id,
        has_brought_something=bool(held) or any(_is_brought(*one) for one in tried),
    )


def _is_brought(capture: Capture, outcome: Outcome) -> bool:
    return capture.counts and isinstance(outcome, Kept)
