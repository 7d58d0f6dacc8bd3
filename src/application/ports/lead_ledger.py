"""Where captures become leads, for good."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from domain.capture import Batch, Outcome


class LeadLedger(Protocol):
    """
    The one way to make a lead.

    A lead has a `lead_id`, unique in its project: the first is 1, later ones are higher,
    gaps mean nothing. A lead that counts holds a place of its month, between 1 and the
    project's limit, unique in project and month. There is no counter: unique indexes decide,
    whichever processes write at the same time. While a place is free nobody is refused;
    above a lowered limit, as many of the highest free places stay closed as are taken there.

    In a large month it may take several calls of `record()` to know whether a place is free;
    until then a capture is undecided, and so is every capture that depends on it. Where many
    captures of a batch depend on one another, the last of them may be undecided, so that the
    others need not wait.

    Known messages, known persons and known idempotency keys are found before a capture
    is refused for the plan; they take no place.

    A person is all identities that ever came together in one capture, directly or through
    others, in whichever order and however concurrently they came. A capture that is refused for
    the plan changes nothing of this. Identities that came together before any of them had a lead
    are linked; links are followed up to `MOST_LINKED` identities, for more are not one person's.
    A person has one lead. Where two leads turn out to be one person's, the one with the higher
    number is joined into the other, for good: it keeps its number, its place and its messages,
    and points to the earlier lead; what comes later belongs to the earlier one.

    What a lead does not say yet it takes from later captures of its person, and from leads that
    are joined into it: as `domain.leads.filling` says, attributes one by one, of each the first,
    and what belongs together from one capture or not at all. Nothing that a lead says is ever
    overwritten.

    A known message that says more than before, as one does whose content came late, fills its
    lead too, and gives the kept message its text where that has none. Only its own person can:
    one of whose identities the lead has.

    Attributes:
        is_concurrent: Whether it records batches beside one another. A ledger that records one
            after the other gets the next batch when it is done with the last: what waits
            meanwhile is written together, and a slow disk makes large batches, not many.
    """

    is_concurrent: bool = False

    @abstractmethod
    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        """
        Record each capture of *batch* by itself; one that cannot be kept spoils no other.

        When this returns, what is kept is durable: it survives the end of this process
        and of the store. Recording the same captures again gives the same leads.

        Returns:
            The outcomes, in the order of the captures.

        Raises:
            StorageUnavailable: Not done within *timeout_seconds*; unknown for each capture.
        """
