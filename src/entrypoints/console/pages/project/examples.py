"""Programs that send a lead, ready to copy, and the list in which it appears."""

from sanic import HTTPResponse

from application.ports.lead_archive import LeadArchive
from domain.users.refusals import NotThere
from entrypoints.console.frame.visit import Visit
from entrypoints.console.pages.leads.leads import few_newest
from entrypoints.console.programs import PROGRAMS

FIRST = next(iter(PROGRAMS))


class ExamplesPage:
    """One program at a time; the others are a link away."""

    def __init__(self, archive: LeadArchive) -> None:
        self._archive = archive

    async def show(self, visit: Visit, language: str = FIRST) -> HTTPResponse:
        """
        The program of a language.

        Raises:
            NotThere: There is none.
        """
        if language not in PROGRAMS:
            raise NotThere
        program, address = PROGRAMS[language], visit.service_url
        return visit.page(
            "examples.html",
            programs=PROGRAMS,
            language=language,
            program=program,
            text=program.text(address),
            run=program.run(address),
            rows=await few_newest(self._archive, visit),
        )
