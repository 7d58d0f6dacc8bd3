"""Why the console turns somebody away; see `domain.refusals`."""

from domain.refusals import Refusal


class WrongPassword(Refusal):
    """No user has this e-mail and password; the answer does not say which of them is wrong."""

    code = "WRONG_PASSWORD"
    message = "E-mail or password is wrong."


class TooManyTries(Refusal):
    """Too many passwords were wrong; `retry_after_seconds` says how long to wait."""

    code = "TOO_MANY_TRIES"
    message = "Too many wrong passwords. Please wait before you try again."


class LinkGone(Refusal):
    """No user has this link any more."""

    code = "LINK_GONE"
    message = "This link was used already, has expired, or was replaced by a newer one."


class WeakPassword(Refusal):
    """The password cannot be chosen."""

    code = "WEAK_PASSWORD"
    message = "A password has at least 10 characters, and at most 1,000."


class NotOurForm(Refusal):
    """The form lacks the token of the session, or another site's page sent it."""

    code = "NOT_OUR_FORM"
    message = "This form did not come from a page of this console. Please load the page again."


class NotThere(Refusal):
    """There is no such page, or it is none that this user may see."""

    code = "NOT_FOUND"
    message = "There is nothing at this address."


class HashingBusy(Refusal):
    """Too many passwords wait to be checked."""

    code = "OVERLOADED"
    message = "Many people are signing in at this moment. Please try again."
