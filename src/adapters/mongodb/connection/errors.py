"""What the driver's errors mean."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from domain.errors import Advice, AdviceCode, StorageUnavailable, StoreUnusable

DUPLICATE_KEY = 11000
CANNOT_BE_STORED = frozenset(
    {
        2,  # BadValue
        9,  # FailedToParse
        15,  # Overflow: nested too deep
        22,  # InvalidBSON
        52,  # DollarPrefixedFieldName
        57,  # DottedFieldName
        121,  # DocumentValidationFailure
        10334,  # BSONObjectTooLarge
        17280,  # KeyTooLong
    }
)
"""The document itself is the cause; any other code may pass (mongo's `error_codes.yml`)."""
CANNOT_BE_PREPARED = "The MongoDB database cannot be prepared"
NOT_ALLOWED = "The MongoDB server does not let this user work with the database"
NOT_KNOWN = "The MongoDB server does not accept this user and password"
NOT_RESOLVED = "the name of the server cannot be resolved, or its URL is wrong"
MEND_LOGIN = Advice(AdviceCode.MEND_DATABASE_LOGIN)
MISCONFIGURED: Mapping[int | None, tuple[str, Sequence[Advice]]] = {
    13: (NOT_ALLOWED, [MEND_LOGIN]),  # Unauthorized
    18: (NOT_KNOWN, [MEND_LOGIN]),  # AuthenticationFailed
    85: (CANNOT_BE_PREPARED, []),  # IndexOptionsConflict
    86: (CANNOT_BE_PREPARED, []),  # IndexKeySpecsConflict
    DUPLICATE_KEY: (CANNOT_BE_PREPARED, []),
}
"""While the store is prepared: waiting does not help."""


def is_unreachable(error: BaseException | None) -> bool:
    """Whether there is no connection to a server that takes writes; nor is there for the next."""
    if isinstance(error, ServerSelectionTimeoutError):
        return True
    return isinstance(error, ConnectionFailure) and not error.timeout


def is_late(error: BaseException | None) -> bool:
    """Whether the time was over before there was an answer; the server may be there, and busy."""
    return (
        isinstance(error, PyMongoError) and error.timeout and not isinstance(error, WTimeoutError)
    )


@contextlib.contextmanager
def own_errors() -> Iterator[None]:
    """
    The driver's errors in our words, without its texts: they name hosts and hold values.

    Where a duplicate or a single document may fail, the caller deals with that inside the block.
    """
    try:
        yield
    except PyMongoError as error:
        raise StorageUnavailable(f"mongodb: {name_of(error)}", *_advice_on(error)) from error


@contextlib.contextmanager
def own_errors_of_preparing() -> Iterator[None]:
    """As `own_errors`; what waiting does not help against is `StoreUnusable`."""
    with own_errors():
        try:
            yield
        except OperationFailure as error:
            if error.code in MISCONFIGURED:
                text, advice = MISCONFIGURED[error.code]
                raise StoreUnusable(f"{text}: {name_of(error)}.", *advice) from error
            raise


def name_of(error: PyMongoError) -> str:
    """The kind of *error*, and the server's name for it where there is one."""
    if isinstance(error, ConfigurationError):  # said at the first use of a mongodb+srv:// name
        return f"{NOT_RESOLVED} ({type(error).__name__})"
    details = error.details if isinstance(error, OperationFailure) else None
    code_name = details.get("codeName") if isinstance(details, Mapping) else None
    return f"{type(error).__name__} {code_name}" if code_name else type(error).__name__


def _advice_on(error: PyMongoError) -> Sequence[Advice]:
    is_about_url = isinstance(error, ConfigurationError)
    return [Advice(AdviceCode.MEND_DATABASE_HOST)] if is_about_url else []


def duplicated_field(details: Mapping[str, Any]) -> str:
    """The last field of the unique index that a write met."""
    return str(list(details["keyPattern"])[-1])
