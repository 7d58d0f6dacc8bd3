"""The examples in what `make test` needs anyway; the others are in `tests/pages`."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.examples.programs import ProgramContract
from tests.support.program import Server
from tests.support.stores import Account


@pytest.mark.usefixtures("curl_and_openssl")
class TestCurl(ProgramContract):
    command = ("sh", "curl.sh")

    def test_the_key_is_not_in_the_arguments_of_curl(
        self, tmp_path: Path, server: Server, account: Account
    ) -> None:
        arguments = tmp_path / "arguments"
        wrapper = tmp_path / "curl"
        wrapper.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" > {arguments}\nexec {shutil.which("curl")} "$@"\n'
        )
        wrapper.chmod(0o700)

        done = self._run(server.url, account.key, PATH=f"{tmp_path}:{os.environ['PATH']}")

        assert done.returncode == 0
        assert "zoe@example.com" in arguments.read_text("utf-8")
        assert account.key not in arguments.read_text("utf-8")


class TestPython(ProgramContract):
    command = (sys.executable, "-W", "error", "python.py")
