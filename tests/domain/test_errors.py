import pytest

from domain.errors import StorageUnavailable, attribute_to
from domain.refusals import InvalidApiKey, Overloaded


@pytest.mark.parametrize(
    "failure", [StorageUnavailable("away"), Overloaded(retry_after_seconds=1), InvalidApiKey("odd")]
)
def test_a_refusal_or_a_failure_of_the_store_says_whose_call_it_was(
    failure: StorageUnavailable | Overloaded | InvalidApiKey,
) -> None:
    with pytest.raises(type(failure)) as raised, attribute_to("prj_1"):
        raise failure

    assert raised.value is failure
    assert failure.project_id == "prj_1"


def test_a_defect_goes_its_way_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError) as raised, attribute_to("prj_1"):
        raise ZeroDivisionError

    assert not hasattr(raised.value, "project_id")


def test_where_nothing_goes_wrong_nothing_happens() -> None:
    with attribute_to("prj_1"):
        answer = 1

    assert answer == 1
