"""When keys were last used, noted off the path of the requests."""

from datetime import datetime

from application.ports.clock import Clock
from application.ports.key_register import KeyRegister
from application.process.write_behind import WriteBehind

FLUSH_EVERY_SECONDS = 10.0


class KeyUsage(WriteBehind[str]):
    """Remembers the minute in which each key was last used."""

    def __init__(self, keys: KeyRegister, clock: Clock) -> None:
        super().__init__(keys.mark_used, every_seconds=FLUSH_EVERY_SECONDS)
        self._clock = clock
        self._minute: datetime | None = None
        self._in_this_minute: set[str] = set()
        self._minute_ends_at = float("-inf")

    def note(self, key_id: str) -> None:
        """This key opened a door just now; of many calls in a minute the first one counts."""
        monotonic = self._clock.monotonic()
        if key_id in self._in_this_minute and monotonic < self._minute_ends_at:
            return
        now = self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        self._minute_ends_at = monotonic + 60 - (now - minute).total_seconds()
        if minute != self._minute:
            self._minute, self._in_this_minute = minute, set()
        if key_id not in self._in_this_minute:
            self._in_this_minute.add(key_id)
            self.note_at(key_id, minute)
