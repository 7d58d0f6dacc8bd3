"""The walk through `docs/adding-a-channel.md`, gone as it is written there."""

import inspect
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from entrypoints.channels.loading import load_channels
from entrypoints.process.settings import ConfigurationError
from tests.entrypoints.channel_contract.toys import StandardWebhooks

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-channel.md").read_text("utf-8")
_FILE = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = dict(_FILE.findall(PAGE))
EXAMPLE = ROOT / "examples"
_OURS = re.compile(
    r"^from ((?:application|domain|adapters)[\w.]*|entrypoints\.\w+)[\w.]* import", re.MULTILINE
)
BOOT_ERRORS = PAGE.partition("## When it does not boot")[2].partition("\n## ")[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the page."""
    folder = tmp_path_factory.mktemp("tally")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def test_the_page_has_the_files_that_it_names() -> None:
    assert set(FILES) == {
        "pyproject.toml", "src/tally_channel/__init__.py", "tests/test_tally.py", "relay.py",
    }  # fmt: skip


def test_the_tests_of_the_page_pass(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def test_the_sender_that_signs_the_time_is_the_one_that_passes_the_contract() -> None:
    assert f"\n```python\n{inspect.getsource(StandardWebhooks)}```\n" in PAGE


@pytest.mark.usefixtures("curl_and_openssl")
def test_the_line_that_signs_elsewhere_makes_the_signature_of_the_page() -> None:
    (line,) = re.findall(r"^printf .* openssl .*$", PAGE, re.MULTILINE)
    made = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)

    assert f'"{made.stdout.strip()}"' in FILES["tests/test_tally.py"]


def test_the_image_of_the_page_has_its_packages_where_ours_has_them() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    (version,) = set(re.findall(r"^FROM python:(\d+\.\d+)-", dockerfile, re.MULTILINE))
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")

    assert "venv --without-pip /venv" in dockerfile
    assert f"/venv/lib/python{version}/site-packages/" in PAGE
    assert "image: swiftcrm-lead-api" in compose


def test_the_page_asks_for_the_version_that_it_is_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (wanted,) = tomllib.loads(FILES["pyproject.toml"])["project"]["dependencies"]

    assert Requirement(wanted).specifier.contains(project["version"])


def test_a_channel_relies_on_the_modules_that_the_page_names_and_on_no_other() -> None:
    example = [path.read_text("utf-8") for path in EXAMPLE.rglob("*.py")]
    imported = set(_OURS.findall("\n".join([*FILES.values(), *example])))

    assert {name for name in imported if f"`{name}`" not in PAGE} == set()
    assert "entrypoints.channel_contract" in imported


_CHANNEL = """
from adapters.google_ads import GoogleAdsChannel

class Late(GoogleAdsChannel):
    async def read(self, delivery): ...

class Talking(GoogleAdsChannel):
    checklist = "one line"
    settings = GoogleAdsChannel.settings[0]

HEADER = "x"
def no_channel(): return object()
def a_class(): return GoogleAdsChannel
def late(): return Late()
def talking(): return Talking()
def fails(): raise KeyError("x")
def named():
    channel = GoogleAdsChannel()
    channel.name = "rest"
    return channel
"""


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("my-channel", "this is neither a channel's name nor package.module:factory"),
        ("telegrm", "outside this repository, write package.module:factory"),
        ("outside_doc:nothing", "has no function"),
        ("outside_doc:HEADER", "is not a function"),
        ("outside_doc:fails", "() failed: "),
        ("outside_doc:no_channel", "() did not give a LeadChannel that can be used: "),
        ("outside_doc:no_channel", "it lacks "),
        ("outside_doc:a_class", "is a class: give an instance of it"),
        ("outside_doc:late", "read() is async"),
        ("outside_doc:talking", "settings must be a tuple of ChannelSetting"),
        ("outside_doc:talking", "checklist must be a tuple of lines"),
        ("outside_doc:named", "a channel cannot be called"),
        ("google_ads", "another channel is called"),
    ],
)
def test_what_the_page_quotes_is_what_the_boot_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, quoted: str
) -> None:
    (tmp_path / "outside_doc.py").write_text(_CHANNEL)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "outside_doc", raising=False)

    with pytest.raises(ConfigurationError) as refused:
        load_channels(["google_ads", word])

    assert quoted in str(refused.value)
    assert quoted in BOOT_ERRORS
