"""Where projects and their settings are kept."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Protocol

from domain.project import Project


class ProjectRegister(Protocol):
    """
    The projects of this installation.

    Any method may raise `StorageUnavailable`; the caller may call again.
    """

    @abstractmethod
    async def add(self, project: Project) -> None:
        """
        Keep a new project.

        Raises:
            NameTaken: A project of this name or id exists; atomic.
        """

    @abstractmethod
    async def find(self, id_or_name: str) -> Project | None:
        """The project with this id, else the one with this name, else None."""

    @abstractmethod
    async def find_many(self, ids: Sequence[str]) -> Sequence[Project | None]:
        """The project with each of up to 100 ids, in their order, by one question; else None."""

    @abstractmethod
    async def all(self) -> Sequence[Project]:
        """Every project, oldest first."""

    @abstractmethod
    async def change(self, project_id: str, change: Callable[[Project], Project]) -> Project:
        """
        Replace the project by what *change* makes of it; the id stays.

        Atomic: of concurrent changes none is lost. *change* may be called more than once.

        Raises:
            NotFound: There is no such project.
            NameTaken: Another project has the new name.
        """
