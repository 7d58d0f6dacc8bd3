"""
What every `ChannelLog` does.

Subclass and provide `log` and, over the same store as another process would have it, `other_log`.
"""

import asyncio
from datetime import timedelta

from application.ports.channel_log import ChannelLog
from domain.channel import ChannelEvent
from tests.support.builders import NOW

CHALLENGE, DELIVERY = ChannelEvent.CHALLENGE, ChannelEvent.DELIVERY
LATER = NOW + timedelta(seconds=1)


class ChannelLogContract:
    async def test_a_channel_through_which_nothing_came_has_no_moments(
        self, log: ChannelLog
    ) -> None:
        await log.mark({})
        await log.mark({("prj_2", "whatsapp", DELIVERY): NOW})

        assert await log.last("prj_1", "whatsapp") == {}

    async def test_each_event_has_its_last_moment(
        self, log: ChannelLog, other_log: ChannelLog
    ) -> None:
        for event in ChannelEvent:
            await log.mark({("prj_1", "whatsapp", event): NOW})
        await other_log.mark({("prj_1", "whatsapp", DELIVERY): LATER})

        assert await log.last("prj_1", "whatsapp") == {
            **dict.fromkeys(ChannelEvent, NOW),
            DELIVERY: LATER,
        }

    async def test_a_later_moment_that_is_kept_stays(
        self, log: ChannelLog, other_log: ChannelLog
    ) -> None:
        await log.mark({("prj_1", "whatsapp", DELIVERY): LATER})
        await other_log.mark(
            {("prj_1", "whatsapp", DELIVERY): NOW, ("prj_1", "whatsapp", CHALLENGE): NOW}
        )

        assert await log.last("prj_1", "whatsapp") == {DELIVERY: LATER, CHALLENGE: NOW}

    async def test_projects_and_channels_are_told_apart(self, log: ChannelLog) -> None:
        moments = {
            (project_id, channel, DELIVERY): NOW + timedelta(seconds=number)
            for number, (project_id, channel) in enumerate(
                [("prj_1", "whatsapp"), ("prj_1", "google_ads"), ("prj_2", "whatsapp")]
            )
        }
        await log.mark(moments)

        for (project_id, channel, event), moment in moments.items():
            assert await log.last(project_id, channel) == {event: moment}
        assert await log.last("prj_2", "google_ads") == {}

    async def test_a_moment_comes_back_to_the_millisecond_in_utc(self, log: ChannelLog) -> None:
        await log.mark({("prj_1", "whatsapp", DELIVERY): NOW})

        found = await log.last("prj_1", "whatsapp")
        assert found[DELIVERY].isoformat() == NOW.isoformat()

    async def test_of_concurrent_marks_the_latest_stays(
        self, log: ChannelLog, other_log: ChannelLog
    ) -> None:
        moments = [NOW + timedelta(seconds=number) for number in (3, 1, 4, 2, 0)]
        await asyncio.gather(
            *(
                one.mark({("prj_1", "whatsapp", DELIVERY): moment})
                for moment in moments
                for one in (log, other_log)
            )
        )

        assert await log.last("prj_1", "whatsapp") == {DELIVERY: max(moments)}
