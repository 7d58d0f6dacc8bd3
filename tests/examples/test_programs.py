"""The examples that need nothing but what is on every machine; the others are in `tests/pages`."""

import sys

from tests.examples.programs import ProgramContract


class TestCurl(ProgramContract):
    command = ("sh", "curl.sh")


class TestPython(ProgramContract):
    command = (sys.executable, "-W", "error", "python.py")
