"""What a process keeps for itself: no server is configured, or no store may have it."""

from adapters.inprocess.health_probe import InProcessHealthProbe
from adapters.inprocess.rate_guard import InProcessRateGuard, NoRateGuard, SlidingRateGuard
from adapters.inprocess.sign_in_tries import InProcessSignInTries

__all__ = [
    "InProcessHealthProbe",
    "InProcessRateGuard",
    "InProcessSignInTries",
    "NoRateGuard",
    "SlidingRateGuard",
]
