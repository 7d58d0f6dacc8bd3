"""From the items of a delivery to captures, and to what is held of those that cannot be read."""

from dataclasses import dataclass
from datetime import datetime

from application.held.hold import hold_unreadable
from application.ports.held_ledger import HeldCall
from application.ports.lead_channel import Inbound, Unreadable
from application.ports.lead_ledger import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """
    The call whose items these are; *project_id* is the one whose webhook was called.

    Attributes:
        proven: A secret proved who sent it; else it was taken on its key alone.
        together: What of the channel's details tells of one thing.
    """

    project_id: str
    channel: str
    request_id: str
    at: datetime
    proven: bool = True
    together: tuple[frozenset[str], ...] = ()

    def capture(self, number: int, item: Inbound, project_id: str) -> Capture:
        """What is to be kept of *item* in this project."""
        return Capture(
            capture_id=self._item_id(number),
            project_id=project_id,
            channel=self.channel,
            captured_at=self.at,
            request_id=self.request_id,
            details=item.details,
            counts=item.counts,
            opens_lead=item.opens_lead,
            identities=item.identities,
            together=self.together,
            message=item.message,
        )

    def hold(self, number: int, item: Unreadable, project_id: str) -> HeldCall:
        """What is held of an item that cannot be read."""
        capture = Capture(
            capture_id=self._item_id(number),
            project_id=project_id,
            channel=self.channel,
            captured_at=self.at,
            request_id=self.request_id,
            details=item.details,
            identities=item.identities,
            together=self.together,
            message=item.message,
        )
        return hold_unreadable(capture, item.raw, origin=item.addressee)

    def _item_id(self, number: int) -> str:
        """Ids sort as the items do."""
        return f"{self.request_id}.{number:05}"
