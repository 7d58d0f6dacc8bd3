"""All leads that the filter of the list finds, as a file."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from application.leads.find import FindLeads
from domain.errors import NotFound
from domain.leads.query import LeadQuery
from entrypoints.console.frame.downloads import Download, Turns
from entrypoints.console.frame.rules import Answer
from entrypoints.console.frame.visit import Visit
from entrypoints.console.leads.filters import filter_of, wrong_days
from entrypoints.console.pages.leads.leads import asked_by
from entrypoints.exports.columns import ALL_COLUMNS
from entrypoints.exports.formats import Format, format_of
from entrypoints.exports.wide import wide_columns


class ExportPage:
    """Files of leads, in their order in the list; a column for each attribute."""

    def __init__(self, find_leads: FindLeads) -> None:
        self._find_leads = find_leads
        self._turns = Turns()

    async def send(self, visit: Visit, form: str) -> Answer:
        """
        The file in the format *form*.

        Raises:
            NotFound: There is no such format.
            StorageUnavailable: It did not answer, and nothing was sent.
        """
        if form not in {*Format}:
            raise NotFound(form)
        asked = asked_by(visit)
        project = visit.project
        if wrong_days(asked):  # the list says so; all leads instead would be no answer
            path = f"/projects/{project.project_id}/leads?{visit.request.query_string}"
            return visit.redirect(path)
        query = filter_of(asked).query(project.project_id)
        await self._find_leads.page(query, after=None, limit=1)
        name = f"{project.name} leads {visit.frame.clock.now():%Y-%m-%d}"
        kind = format_of(Format(form))
        pieces = self._turns.take(visit.signed_in.user.user_id, self._pieces(query, Format(form)))
        return Download(f"{name}.{kind.suffix}", kind.media_type, pieces)

    async def _pieces(self, query: LeadQuery, form: Format) -> AsyncGenerator[bytes, None]:
        columns = ALL_COLUMNS
        if form is not Format.NDJSON:
            columns = await wide_columns(self._find_leads.all(query))
        exported = format_of(form, columns, for_excel=True)
        async with aclosing(exported.pieces(self._find_leads.all(query))) as pieces:
            async for piece in pieces:
                yield piece
