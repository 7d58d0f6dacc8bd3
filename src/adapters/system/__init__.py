"""The machine the program runs on."""

from adapters.system.clock import SystemClock

__all__ = ["SystemClock"]
