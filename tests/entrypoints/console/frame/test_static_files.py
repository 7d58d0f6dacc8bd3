"""The static files, their weight, and what no template may have in it."""

import re
from pathlib import Path

import pytest

from entrypoints.console.frame.static_files import FOLDER, static_files
from entrypoints.console.frame.templates import FOLDER as TEMPLATES
from entrypoints.console.frame.templates import environment

MOST_BYTES = {"console.css": 16_000, "console.js": 6_000, "icon.svg": 1_000}
LIVE = re.compile(r"<style|style=|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:|\|\s*safe")
"""What our own policy forbids a page, or what would let another's text be HTML."""
UNTOUCHED = re.compile(r"""(?:href|action|src)="/""")
"""A link that `url` has not made lacks the path of the public address."""


def test_the_files_are_as_light_as_they_should_be() -> None:
    sizes = {name: len(file.content) for name, file in static_files().items()}

    assert sizes.keys() == MOST_BYTES.keys()
    assert {name: size for name, size in sizes.items() if size >= MOST_BYTES[name]} == {}


def test_another_content_has_another_name(tmp_path: Path) -> None:
    names = set()
    for text in ("a {}", "b {}", "a {}"):
        (tmp_path / "look.css").write_text(text)
        names.add(static_files(tmp_path)["look.css"].name)

    assert len(names) == 2


def test_a_style_sheet_is_served_without_what_only_we_read(tmp_path: Path) -> None:
    css = '/* One\n look */\na, b i {\n  top: 0; /* Up */\n\n  content: "; {";\n}\n'
    (tmp_path / "look.css").write_text(css)

    assert static_files(tmp_path)["look.css"].content == b'a,b i{top: 0;content: "; {";}'


def test_nothing_is_asked_of_another_address() -> None:
    texts = [path.read_text("utf-8") for path in (*FOLDER.iterdir(), *TEMPLATES.iterdir())]
    found = {address for text in texts for address in re.findall(r"(?:https?:)?//[\w.]+", text)}

    assert {one for one in found if "." in one} == {"http://www.w3.org"}  # a name, not an address


@pytest.mark.parametrize("path", sorted(TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_a_template_has_no_live_part_and_no_link_of_its_own_making(path: Path) -> None:
    text = path.read_text("utf-8")

    assert LIVE.findall(text) == []
    assert UNTOUCHED.findall(text) == []
    assert environment(str, str, ()).get_template(path.name)


@pytest.mark.parametrize(
    "text",
    [
        '<p style="x">',
        "<style>",
        "<script>x",
        '<a onclick="x">',
        "href=javascript:x",
        "{{ x|safe }}",
    ],
)
def test_a_live_part_would_be_noticed(text: str) -> None:
    assert LIVE.search(text)


def test_what_is_put_into_a_template_is_text() -> None:
    template = environment(str, str, ()).from_string("{{ name }}")

    assert template.render(name="<script>") == "&lt;script&gt;"
