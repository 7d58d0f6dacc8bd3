"""Sends a sample delivery to the public address, and says at which hop it fails."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.channels.channel_settings import ChannelSettings
from application.channels.diagnosis import Step, diagnose
from application.channels.show_channel import ChannelView, ShowChannel
from application.ports.delivery_sender import DeliverySender


class SampleNotKept(Exception):
    """A test delivery did not come through; the text says at which hop, and why."""

    code = "SAMPLE_NOT_KEPT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    How far a sample came.

    Attributes:
        steps: Every hop that was reached.
        checklist: What to look at on the sender's side if the sample arrived and nothing else does.
    """

    view: ChannelView
    steps: Sequence[Step]
    checklist: Sequence[str]

    @property
    def failed(self) -> Step | None:
        """The hop at which it stopped; None if it arrived."""
        return next((step for step in self.steps if not step.ok), None)


class TryChannel:
    """Send what the channel's sender would send; it makes a lead that does not count."""

    def __init__(
        self, show: ShowChannel, settings: ChannelSettings, sender: DeliverySender
    ) -> None:
        self._show = show
        self._settings = settings
        self._sender = sender

    async def __call__(self, project_id: str, channel: str) -> Trial:
        """
        How far the sample came; what goes wrong on its way is in the trial, and not raised.

        Raises:
            UnknownChannel: No channel of this name is switched on.
            StoreUnusable: A secret of the project's cannot be read.
        """
        view = await self._show(project_id, channel)
        reader = self._settings.channel(channel)
        sample = reader.sample(await self._settings.read(project_id, channel))
        passage = await self._sender.deliver(view.target, sample)
        return Trial(
            view=view, steps=diagnose(view.webhook_url, passage), checklist=reader.checklist
        )
