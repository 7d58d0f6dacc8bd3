"""One lead whole: who it is, how to reach them, where they came from, and what they said."""

from collections.abc import Collection, Mapping
from typing import Any

from sanic import HTTPResponse

from application.leads.same_contact import FindSameContact
from application.ports.lead_archive import LeadArchive
from domain.errors import NotFound
from domain.leads.origin import FIRST_TOUCH, click_ids_of, first_touch_of
from entrypoints.console import words
from entrypoints.console.frame.visit import Visit
from entrypoints.console.lead_rows import rows_of
from entrypoints.console.leads.conversation import conversation_of
from entrypoints.console.leads.filters import LeadFilter
from entrypoints.console.leads.links import mailto, tel, web, whatsapp
from entrypoints.console.leads.story import first_page, first_touch_said, story_of
from entrypoints.console.pages.leads.leads import number_in


class LeadPage:
    """All that is known of a lead."""

    def __init__(self, archive: LeadArchive, find_same_contact: FindSameContact) -> None:
        self._archive = archive
        self._find_same_contact = find_same_contact

    async def show(self, visit: Visit, lead_id: str) -> HTTPResponse:
        """
        The lead with its messages, and other leads of the same person.

        Raises:
            NotFound: The project has no lead of this number.
        """
        number = number_in(lead_id)
        lead = await self._archive.get(visit.project.project_id, number) if number else None
        if lead is None:
            raise NotFound(lead_id)
        details, same = lead.details, await self._find_same_contact(lead)
        touch = first_touch_of(details)
        return visit.page(
            "lead.html",
            lead=lead,
            details=details,
            channel=words.channel_name(lead.channel),
            tel=tel(details.phone or ""),
            whatsapp=whatsapp(details.phone or ""),
            mailto=mailto(details.email or ""),
            web=web,
            story=story_of(lead),
            first_page=first_page(details),
            first_said=first_touch_said(lead),
            conversation=conversation_of(lead),
            attributes=_without(details.attributes, {FIRST_TOUCH} if touch else ()),
            touch=touch,
            click_ids=_without(click_ids_of(details), {*details.utm, *details.attributes}),
            same=rows_of(same.leads),
            same_looked_back_to=same.looked_back_to,
            searched=lambda text: LeadFilter(search=text).asked(),
        )


def _without(members: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    return {name: value for name, value in members.items() if name not in names}
