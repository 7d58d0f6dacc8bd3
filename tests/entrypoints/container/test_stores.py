"""What is chosen is what is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import environment
from tests.support.stores import SECRET_KEY

DRIVERS = ("pymongo", "redis")
LOADED = f"""
import sys
from entrypoints.container import Container
from entrypoints.process.settings import Settings
container = Container(settings=Settings(_env_file=None))
container.database(), container.rate_guard()
print(*(name for name in {DRIVERS} if name in sys.modules))
"""


@pytest.mark.parametrize(
    ("variables", "drivers"),
    [
        ({"rate_limit": "5/minute"}, set()),
        ({"redis_url": "redis://127.0.0.1"}, {"redis"}),
        ({"database_url": "mongodb://127.0.0.1/a", "secret_key": SECRET_KEY}, {"pymongo"}),
    ],
)
def test_no_driver_is_loaded_that_is_not_used(
    tmp_path: Path, variables: dict[str, str], drivers: set[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=environment(tmp_path / "leads.db", **variables),
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(done.stdout.split()) == drivers
