"""The one place where a port meets its adapter."""

from entrypoints.container.wiring import Container

__all__ = ["Container"]
