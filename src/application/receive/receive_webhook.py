"""
One webhook delivery is checked, read, and kept.

`ReceiveWebhook` takes a call in two steps: `expect()` checks its head; once its body is there,
`__call__()` does the rest.
"""

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial

from application.channels.channel_activity import ChannelActivity
from application.channels.channel_settings import ChannelSettings
from application.channels.route_item import is_proven
from application.keys.authenticate import AuthenticateKey
from application.ports.clock import Clock
from application.ports.lead_channel import LeadChannel
from application.process.settings_cache import SettingsCache
from application.receive.body_reader import SHORT_BODY_BYTES, BodyReader
from application.receive.keep_items import Delivered, KeepItems, WebhookReceipt
from application.receive.unproven import Turns
from domain.allowlist import judged_page
from domain.api_key import without_keys
from domain.channel import ChannelEvent, SettingValues
from domain.delivery import Delivery, Reading
from domain.errors import attribute_to
from domain.project import Project
from domain.refusals import DomainNotAllowed, SignatureMismatch

NOTHING = Delivery(b"", {})
"""A delivery that proves nothing: anybody can send it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """
    A delivery whose body may be received: the key is right, and nothing in the head is wrong.

    Attributes:
        needs_proof: Whether the project has a secret; without one, the key is enough.
    """

    channel: LeadChannel
    project: Project
    settings: SettingValues
    head: Delivery
    needs_proof: bool


class ReceiveWebhook:
    """
    Keep what is in one authentic delivery.

    - What the head shows of the caller is checked before the body is received.
    - Nothing is read before the channel has authenticated the delivery.
    - A browser is never a sender: a call with an `Origin` needs a proof.
    - A delivery that comes again makes nothing twice.

    The settings are those of the moment when the head came. The body may take half a minute more;
    an operator who changes a secret meanwhile changes it for the calls that begin after that.
    """

    def __init__(
        self,
        authenticate: AuthenticateKey,
        channels: ChannelSettings,
        settings: SettingsCache[tuple[str, str], SettingValues],
        keep_items: KeepItems,
        activity: ChannelActivity,
        body_reader: BodyReader,
        turns: Turns,
        clock: Clock,
    ) -> None:
        self._authenticate = authenticate
        self._channels = channels
        self._settings = settings
        self._keep_items = keep_items
        self._activity = activity
        self._body_reader = body_reader
        self._turns = turns
        self._clock = clock

    async def expect(self, channel: str, key: str | None, head: Delivery) -> Expected:
        """
        Check the *head* of a call: a delivery without its body.

        Raises:
            UnknownChannel, InvalidApiKey, SignatureMismatch, DomainNotAllowed: It is refused.
            StoreUnusable: A secret of the project's cannot be read.
            StorageUnavailable: The store did not answer in time.
        """
        reader = self._channels.channel(channel)
        project = await self._authenticate(key, channel=channel)
        with attribute_to(project.project_id):
            settings = await self._settings.get((project.project_id, channel))
            expected = Expected(
                reader, project, settings, head, not _takes_what_proves_nothing(reader, settings)
            )
            if not expected.needs_proof:
                _refuse_pages(head)
            try:
                reader.authenticate_head(head, settings)
            except SignatureMismatch:
                self._refuse(expected)
        return expected

    def refuse_crowd(self, expected: Expected, size: int) -> None:
        """
        Refuse an unproven body that has *size* bytes, or so far, before more of it is received.

        Raises:
            Overloaded: It would wait too long for its turn.
        """
        if not expected.needs_proof and size > SHORT_BODY_BYTES:
            self._turns.refuse_crowd(expected.project.project_id, size)

    async def __call__(self, expected: Expected, body: bytes, request_id: str) -> WebhookReceipt:
        """
        The receipt; every item in it is durable, in a lead or held.

        Raises:
            SignatureMismatch, DomainNotAllowed, InvalidJson: Nothing was read.
            StorageUnavailable, Overloaded: Not known to be kept in time; the same delivery
                may come again.
        """
        project_id = expected.project.project_id
        delivery = Delivery(body, expected.head.headers, expected.head.query)
        with attribute_to(project_id):
            async with self._turn(expected, len(body)):
                await self._prove(expected, delivery)
                self._activity.note(project_id, expected.channel.name, ChannelEvent.DELIVERY)
                receipt = await self._keep(expected, delivery, request_id)
            if receipt.has_brought_something:
                self._activity.note(project_id, expected.channel.name, ChannelEvent.ITEM)
            return receipt

    async def _prove(self, expected: Expected, delivery: Delivery) -> None:
        authenticate = partial(expected.channel.authenticate, delivery, expected.settings)
        try:
            await self._body_reader(delivery.body, authenticate)
        except SignatureMismatch:
            self._refuse(expected)

    def _refuse(self, expected: Expected) -> None:
        """
        Refuse a delivery that the channel did not take for its sender's.

        Raises:
            DomainNotAllowed: It comes from a page, and nothing proves it.
            SignatureMismatch: It may be the sender's, with another secret.
        """
        _refuse_pages(expected.head)
        project_id = expected.project.project_id
        self._activity.note(project_id, expected.channel.name, ChannelEvent.BAD_SIGNATURE)
        raise SignatureMismatch from None

    def _turn(self, expected: Expected, size: int) -> AbstractAsyncContextManager[None]:
        """The turn of an unproven delivery, unless it is short; any other need not wait."""
        if expected.needs_proof or size <= SHORT_BODY_BYTES:
            return nullcontext()
        return self._turns.turn(expected.project.project_id, size)

    async def _keep(
        self, expected: Expected, delivery: Delivery, request_id: str
    ) -> WebhookReceipt:
        read = partial(_read_without_keys, expected.channel, delivery)
        reading = await self._body_reader(delivery.body, read)
        call = Delivered(
            project_id=expected.project.project_id,
            channel=expected.channel.name,
            request_id=request_id,
            at=self._clock.now(),
            proven=expected.needs_proof,
            together=tuple(expected.channel.belong_together),
        )

        async def proves(settings: SettingValues) -> bool:
            prove = partial(is_proven, expected.channel, delivery, settings)
            return await self._body_reader(delivery.body, prove)

        return await self._keep_items(call, reading, proves)


def _read_without_keys(channel: LeadChannel, delivery: Delivery) -> Reading:
    """What *channel* reads of the delivery; no key of ours in it is stored."""
    return channel.read(replace(delivery, body=without_keys(delivery.body)))


def _takes_what_proves_nothing(channel: LeadChannel, settings: SettingValues) -> bool:
    """
    Whether the channel takes a delivery that carries nothing at all: then none is proven.

    If a defect of the channel raises, we say yes, which is the safe answer: its deliveries then
    have the limits of unproven ones.
    """
    try:
        channel.authenticate_head(NOTHING, settings)
        channel.authenticate(NOTHING, settings)
    except SignatureMismatch:
        return False
    except Exception:  # noqa: BLE001  the delivery itself will show what is wrong
        return True
    return True


def _refuse_pages(head: Delivery) -> None:
    """
    Refuse a call that a browser made for a page: nobody else sends an `Origin`.

    Raises:
        DomainNotAllowed: It has one.
    """
    origins = [origin for origin in head.headers.get("origin", ()) if origin.strip()]
    if origins:
        origin = ", ".join(dict.fromkeys(origins))
        raise DomainNotAllowed(judged_page(origin=origin, referer=None)) from None
