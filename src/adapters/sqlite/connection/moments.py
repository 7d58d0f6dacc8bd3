"""Moments as this store keeps them: whole milliseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_store(moment: datetime) -> int:
    """*moment* (aware), cut to the millisecond."""
    return (moment - _EPOCH) // _MILLISECOND


def from_store(milliseconds: int) -> datetime:
    """The moment, aware UTC."""
    return _EPOCH + milliseconds * _MILLISECOND


def to_store_or_none(moment: datetime | None) -> int | None:
    """As `to_store`, where there may be none."""
    return None if moment is None else to_store(moment)


def from_store_or_none(milliseconds: int | None) -> datetime | None:
    """As `from_store`, where there may be none."""
    return None if milliseconds is None else from_store(milliseconds)
