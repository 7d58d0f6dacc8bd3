"""The templates: what is put into them is text, unless a template itself says that it is HTML."""

from collections.abc import Callable, Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from entrypoints.console import words
from entrypoints.console.frame import times
from entrypoints.exports.json_text import escaped, json_text

FOLDER = Path(__file__).parents[1] / "templates"


def environment(
    url: Callable[[str], str], asset: Callable[[str], str], channels: Iterable[str]
) -> Environment:
    """
    All templates of the console.

    A name that nobody gave is a defect, not an empty place. For a value that there is not, a
    template says an en dash.

    Args:
        url: The link to a path below the console; every link of a template is made by it.
        asset: The link to a static file.
        channels: Those that are switched on; each has a page in the settings of a project.
    """
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    of_channels = [(words.channel_name(name), f"/{name}") for name in channels]
    settings_list = (("General", ""), ("API keys", "/keys"), *of_channels)
    templates.globals.update(url=url, asset=asset, settings_list=settings_list)
    templates.filters.update(in_words=times.in_words, exactly=times.exactly, iso=times.iso)
    templates.filters.update(json_text=json_text, escaped=escaped)
    return templates
