"""Leads as an Excel file (.xlsx)."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from functools import partial

from domain.lead import Lead
from entrypoints.exports.columns import ALL_COLUMNS, Column
from entrypoints.exports.export_format import PIECE, ExportFormat
from entrypoints.exports.xlsx.sheets import Book
from entrypoints.exports.xlsx.workshop import Workshop

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BATCH = 500


def xlsx_format(columns: Sequence[Column] = ALL_COLUMNS) -> ExportFormat:
    """
    A sheet with these columns, and another one where its rows are too many.

    Its first piece comes when the last lead is written: until then the file is made in the folder
    for temporary files, by a thread of its own, and `FileNotMade` may be raised. Nothing stays
    there, also if nobody waits for the end.
    """

    async def pieces(leads: AsyncIterator[Lead]) -> AsyncGenerator[bytes, None]:
        with Workshop() as workshop:
            book = await workshop.do(lambda: Book(workshop.output, workshop.folder, columns))
            async for batch in _batches(leads):
                await workshop.do(partial(book.add, batch))
            await workshop.do(book.close)
            await workshop.do(partial(workshop.output.seek, 0))
            while piece := await workshop.do(partial(workshop.output.read, PIECE)):
                yield piece

    return ExportFormat("xlsx", MEDIA_TYPE, pieces)


async def _batches(leads: AsyncIterator[Lead]) -> AsyncIterator[Sequence[Lead]]:
    batch: list[Lead] = []
    async for lead in leads:
        batch.append(lead)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch
