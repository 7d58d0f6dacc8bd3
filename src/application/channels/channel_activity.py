"""When something last came through a channel; no request waits until that is written."""

from application.ports.channel_log import ChannelLog
from application.ports.clock import Clock
from application.process.write_behind import WriteBehind
from domain.channel import ChannelEvent

FLUSH_EVERY_SECONDS = 2.0
"""Soon, since whoever connects a channel looks at once whether something came."""


class ChannelActivity(WriteBehind[tuple[str, str, ChannelEvent]]):
    """Remembers the second in which each event last happened, per project and channel."""

    def __init__(self, log: ChannelLog, clock: Clock) -> None:
        super().__init__(log.mark, every_seconds=FLUSH_EVERY_SECONDS)
        self._clock = clock

    def note(self, project_id: str, channel: str, event: ChannelEvent) -> None:
        """Note that it happened just now; the project must exist."""
        self.note_at((project_id, channel, event), self._clock.now().replace(microsecond=0))
