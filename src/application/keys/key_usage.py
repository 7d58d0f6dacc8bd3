"""When keys were last used, noted off the path of the requests."""

from application.ports.clock import Clock
from application.ports.key_register import KeyRegister
from application.process.write_behind import WriteBehind

FLUSH_EVERY_SECONDS = 10.0


class KeyUsage(WriteBehind[str]):
    """Remembers the minute in which each key was last used."""

    def __init__(self, keys: KeyRegister, clock: Clock) -> None:
        super().__init__(keys.mark_used, every_seconds=FLUSH_EVERY_SECONDS)
        self._clock = clock

    def note(self, key_id: str) -> None:
        """This key opened a door just now."""
        self.note_at(key_id, self._clock.now().replace(second=0, microsecond=0))
