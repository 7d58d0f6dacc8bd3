"""What a process keeps for itself where no server is configured."""

from adapters.inprocess.health_probe import InProcessHealthProbe
from adapters.inprocess.rate_guard import InProcessRateGuard, NoRateGuard, SlidingRateGuard

__all__ = ["InProcessHealthProbe", "InProcessRateGuard", "NoRateGuard", "SlidingRateGuard"]
