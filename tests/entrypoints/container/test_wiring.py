"""The container, which no type checker sees into."""

import os
from pathlib import Path
from typing import get_type_hints

import pytest
from dependency_injector import providers

from application.projects.find import FindProject
from domain.errors import StoreUnusable
from entrypoints.channels.loading import load_channels
from entrypoints.container import Container
from entrypoints.container.stores import Store
from entrypoints.process.lifecycle import opened_store
from entrypoints.process.settings import ConfigurationError, Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith("SWIFTCRM_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Settings(database_url=f"sqlite:///{tmp_path}/leads.db")


def test_every_provider_resolves(settings: Settings) -> None:
    container = Container(settings=settings)

    assert len(container.providers) > 20
    for name, provider in container.providers.items():
        assert provider() is not None, name


def test_resolving_touches_no_disk(settings: Settings) -> None:
    container = Container(settings=settings)
    for provider in container.providers.values():
        provider()

    assert not settings.sqlite_path.exists()
    assert not settings.secret_key_file.exists()


def test_a_misspelt_keyword_would_be_noticed(settings: Settings) -> None:
    class Misspelt(Container):
        find_project = providers.Singleton(FindProject, projekts=Container.projects)

    with pytest.raises(TypeError, match="projekts"):
        Misspelt(settings=settings).find_project()


def test_a_made_up_override_is_refused(settings: Settings) -> None:
    with pytest.raises(AttributeError):
        Container(settings=settings, made_up=1)


def test_what_is_one_is_made_once(settings: Settings) -> None:
    container = Container(settings=settings)

    assert container.database() is container.database()
    assert container.writer() is container.writer()
    assert container.clock() is container.clock()


@pytest.mark.parametrize("url", ["sqlite:////tmp/leads.db", "mongodb://127.0.0.1/leads"])
def test_what_lasts_is_kept_by_the_adapter_of_its_own_port(settings: Settings, url: str) -> None:
    container = Container(settings=settings.model_copy(update={"database_url": url}))
    store = container.store()
    ports = {name: port for name, port in get_type_hints(Store).items() if name != "database"}

    for name, port in ports.items():
        adapter = getattr(container, name)()
        assert adapter is getattr(store, name)
        assert port in type(adapter).__mro__, name


def test_two_containers_share_nothing(settings: Settings) -> None:
    one, other = Container(settings=settings), Container(settings=settings)

    assert one.database() is not other.database()
    assert one.state() is not other.state()


def test_a_wrong_channel_is_refused_when_it_is_resolved(settings: Settings) -> None:
    container = Container(settings=settings.model_copy(update={"channels": ("telegrm",)}))

    with pytest.raises(ConfigurationError, match="telegrm"):
        container.channels()
    assert load_channels(settings.channels)


async def test_a_store_is_made_only_on_purpose(settings: Settings) -> None:
    with pytest.raises(StoreUnusable):
        async with opened_store(Container(settings=settings), create=False):
            pass
    assert not settings.sqlite_path.exists()

    async with opened_store(Container(settings=settings), create=True):
        assert settings.sqlite_path.exists()
