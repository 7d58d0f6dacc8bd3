"""How much a process takes on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterLimits:
    """
    How much a writer takes on.

    Attributes:
        batch: Captures in one write.
        queue: Captures of one project that may wait.
        deadline_seconds: By then a capture is answered, with `StorageUnavailable` if need be.
        retry_pause_seconds: Between two tries of one batch.
        patience_seconds: After so long a write holds up no other: the next one begins beside it,
            where the ledger is concurrent.
        under_way: Captures in all the writes that are under way at once.
    """

    batch: int = 500
    queue: int = 2_000
    deadline_seconds: float = 2.0
    retry_pause_seconds: float = 0.05
    patience_seconds: float = 0.1
    under_way: int = 2_000

    @property
    def least_seconds(self) -> float:
        """What is nearer to its deadline is not tried: it would cut the time of its whole batch."""
        return self.deadline_seconds / 20
