"""The source as the architecture tests look at it: files, imports, classes."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
LAYERS = ("domain", "application", "adapters", "entrypoints")


def files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the source."""
    return sorted(path for folder in folders for path in (SOURCE / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(*folders: str) -> list[ModuleType]:
    return [importlib.import_module(module_name(path)) for path in files(*folders)]


def imported(text: str) -> set[str]:
    """The top-level names of all that *text* imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else (node.module or "").partition(".")[0])
    return found


def classes(*folders: str) -> Iterator[type]:
    """Every class that is written in these folders."""
    for module in modules(*folders):
        for _, member in inspect.getmembers(module, inspect.isclass):
            if member.__module__ == module.__name__:
                yield member


def ports() -> list[type]:
    """The protocols of `application.ports`."""
    return [found for found in classes("application/ports") if getattr(found, "_is_protocol", 0)]


def port_methods(port: type) -> list[str]:
    """What an adapter of *port* must write."""
    return [
        name
        for name, member in vars(port).items()
        if inspect.isfunction(member) and not name.startswith("_")
    ]


def adapters_of(port: type) -> list[type]:
    """
    The classes of `adapters` that say or look like it: by base, by name, or by methods.

    What inherits another port may have the methods of this one too, and is none of its adapters.
    """
    methods, others = port_methods(port), set(ports()) - {port}
    public = [found for found in classes("adapters") if not found.__name__.startswith("_")]
    return [
        found
        for found in public
        if port in found.__mro__
        or found.__name__.endswith(port.__name__)
        or (
            others.isdisjoint(found.__mro__)
            and all(callable(getattr(found, name, None)) for name in methods)
        )
    ]
