"""The projects, and the first page of each."""

from sanic import HTTPResponse

from entrypoints.console.frame.visit import Visit


async def to_projects(visit: Visit) -> HTTPResponse:
    """From the address without a path, which is all that most people type."""
    return visit.redirect()


async def projects(visit: Visit) -> HTTPResponse:
    """Those that the visitor may see."""
    return visit.page("projects.html", projects=await visit.frame.projects_of(visit.signed_in.user))


async def overview(visit: Visit) -> HTTPResponse:
    """A project at a glance."""
    return visit.page("overview.html", room="")
