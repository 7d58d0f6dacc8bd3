from datetime import timedelta

import pytest

from domain.users.link import new_link
from tests.support.builders import NOW

NEARLY = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("sets_password", "lasts"), [(True, timedelta(hours=24)), (False, timedelta(minutes=10))]
)
def test_a_link_opens_until_its_time_is_over_and_by_its_token_alone(
    sets_password: bool, lasts: timedelta
) -> None:
    link = new_link(b"digest", NOW, sets_password=sets_password)

    assert link.opens(b"digest", NOW + lasts - NEARLY)
    assert not link.opens(b"digest", NOW + lasts)
    assert not link.opens(b"another", NOW)
