"""What to do about a failure, by the code that the core gives: what a page can say about it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from domain.errors import Advice, AdviceCode

ADVICE: Mapping[AdviceCode, str] = MappingProxyType(
    {
        AdviceCode.SET_SECRET_KEY: (
            "An operator sets SWIFTCRM_SECRET_KEY to 32 random bytes in URL-safe base64."
        ),
        AdviceCode.ADD_OLD_SECRET_KEY: (
            "An operator adds the key that it was locked with to SWIFTCRM_SECRET_KEY."
        ),
        AdviceCode.PUT_KEY_FILE_BACK: (
            "An operator puts the file with the key back beside the store, or sets"
            " SWIFTCRM_SECRET_KEY."
        ),
        AdviceCode.SET_SECRET_AGAIN: "Or set the secret again below.",
    }
)
"""Of those codes that somebody can meet on a page; of others the log says more."""


def advised(advice: Iterable[Advice]) -> str:
    """The sentences of all *advice* on one line; empty where there is none."""
    return " ".join(ADVICE[one.code] for one in advice if one.code in ADVICE)
