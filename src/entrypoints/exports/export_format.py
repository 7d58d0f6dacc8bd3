"""What a format of an export consists of."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.lead import Lead


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """
    How leads become the text of a file.

    Attributes:
        head: What the file begins with; also that of a file without leads.
        line: The text of one lead, with its line end. Nothing of it is kept.
    """

    head: str
    line: Callable[[Lead], str]
