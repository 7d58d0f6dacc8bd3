"""Where a delivery is sent as its sender would send it, to see how far it comes."""

from abc import abstractmethod
from typing import Protocol

from domain.delivery import Delivery
from domain.passage import Passage


class DeliverySender(Protocol):
    """
    Sends deliveries over the network, the way that a stranger's would come.

    Follows no redirect, since senders do not, and takes no proxy from the environment, which
    would go a way of its own. Keeps and logs neither URL nor body: there is a key in the one
    and a person in the other.
    """

    @abstractmethod
    async def deliver(self, url: str, delivery: Delivery) -> Passage:
        """
        Send *delivery* once to *url*, which has a query that the delivery's is added to.

        Ends within seconds, whatever the other side does. What the network does is in the
        passage; nothing is raised.
        """
