"""A text in pieces."""

import json

from entrypoints.exports.export_format import PIECE
from entrypoints.exports.formats import Format, format_of
from entrypoints.exports.ndjson import NDJSON
from tests.entrypoints.exports.tables import a_lead, given


async def test_a_long_text_comes_in_pieces_of_whole_lines() -> None:
    leads = [a_lead(number, referrer="ö" * 2_000) for number in range(1, 101)]

    pieces = [piece async for piece in NDJSON.pieces(given(leads))]

    assert len(pieces) > 2
    assert all(len(piece.decode()) < PIECE + 10_000 for piece in pieces)
    assert all(piece.endswith(b"\n") for piece in pieces)
    lines = b"".join(pieces).splitlines()
    assert [json.loads(line)["lead_id"] for line in lines] == list(range(1, 101))


async def test_nothing_is_no_piece() -> None:
    assert [piece async for piece in NDJSON.pieces(given([]))] == []


def test_a_format_is_called_as_its_files_end() -> None:
    assert [format_of(form).suffix for form in Format] == list(Format)
