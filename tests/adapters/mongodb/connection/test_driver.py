import subprocess
import sys
from pathlib import Path

import pytest
from pymongo import ReadPreference, WriteConcern
from pymongo.read_concern import ReadConcern

from adapters.mongodb import MongoDatabase
from adapters.mongodb.connection.driver import CLIENTS, make_client
from domain.errors import Advice, AdviceCode, StoreUnusable
from tests.support.program import environment


@pytest.mark.parametrize(
    "option",
    ["w=1", "w=0", "W=1", "j=false", "journal=false", "readPreference=secondary",
     "readConcernLevel=local"],
)  # fmt: skip
@pytest.mark.parametrize("driver", CLIENTS)
def test_a_url_cannot_weaken_what_a_201_means(driver: str, option: str) -> None:
    with pytest.raises(StoreUnusable, match=option.partition("=")[0]) as caught:
        make_client(f"mongodb://ada:hunter2@db/swiftcrm?appName=x&{option}", driver)

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("option", ["w=majority", "journal=true", "readPreference=primary"])
@pytest.mark.parametrize("driver", CLIENTS)
def test_a_url_may_say_what_is_done_anyway(driver: str, option: str) -> None:
    make_client(f"mongodb://db/swiftcrm?{option}", driver)


@pytest.mark.parametrize(
    "url",
    ["mongodb://ada:hunter2@db:port/x", "mongodb://", "mongodb://hunter2:@:/", "mongodb://a/b?c=d"],
)
@pytest.mark.parametrize("driver", CLIENTS)
def test_a_url_that_cannot_be_used_is_named_and_not_repeated(driver: str, url: str) -> None:
    if url.endswith("c=d"):  # an option that the driver does not know is its warning
        with pytest.warns(UserWarning, match="c"):
            make_client(url, driver)
        return
    with pytest.raises(StoreUnusable, match="URL of the MongoDB database") as caught:
        make_client(url, driver)

    assert caught.value.advice == (Advice(AdviceCode.MEND_DATABASE_URL),)
    assert "hunter2" not in str(caught.value)


async def test_every_write_but_a_hint_is_acknowledged_by_the_majority_from_its_journal(
    database: MongoDatabase,
) -> None:
    with database.work() as store:
        concerns = {name: getattr(store, name).write_concern for name in store.__slots__}

    weaker = {name for name, c in concerns.items() if c != WriteConcern("majority", j=True)}
    assert weaker == {"hints", "lead_sums"}


async def test_answers_come_from_the_primary_and_the_majority_and_only_what_is_free_is_guessed(
    database: MongoDatabase,
) -> None:
    with database.work() as store:
        collections = {name: getattr(store, name) for name in store.__slots__}

    guessing = {n for n, c in collections.items() if c.read_concern != ReadConcern("majority")}
    assert guessing == {"latest_leads", "hints"}
    assert all(c.read_preference == ReadPreference.PRIMARY for c in collections.values())


@pytest.mark.parametrize(("driver", "is_loaded"), [("motor", True), ("pymongo", False)])
def test_motor_is_loaded_where_it_is_chosen(driver: str, is_loaded: bool) -> None:
    code = (
        "import sys; from adapters.mongodb.connection.driver import make_client;"
        f"make_client('mongodb://127.0.0.1/a', {driver!r}); print('motor' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(Path("none")),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str(is_loaded)
