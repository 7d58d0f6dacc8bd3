"""What a browser says of a page that it should never have to say."""

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Response

from entrypoints.console.frame.answers import HEADERS
from tests.entrypoints.console.browser import CONSOLE

POLICY_BROKEN = "securitypolicyviolation"
_TELL = f"""
document.addEventListener('{POLICY_BROKEN}', (event) => console.error(
    '{POLICY_BROKEN}', event.effectiveDirective, event.blockedURI, event.sample));
"""
_EXPECTED = "Failed to load resource: the server responded with a status of "
"""Said of every page whose status is 4xx, which pages have that say what is wrong."""


@dataclass
class Watch:
    """
    Looks at all pages of a context, from before it opens the first one.

    Attributes:
        found: What broke our own policy, ran by itself, failed in a script or in the server, asked
            another site, or came without the headers of the console.
    """

    site: str
    found: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Begin to watch *context*."""
        context.add_init_script(_TELL)
        context.on("console", self._on_console)
        context.on("weberror", lambda one: self.found.append(f"error {one.error}"))
        context.on("dialog", self._on_dialog)
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        is_told = message.type in ("error", "warning")
        if is_told and not message.text.startswith(_EXPECTED):
            self.found.append(f"{message.type} {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.found.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if f"{asked.scheme}://{asked.netloc}" != self.site:
            self.found.append(f"request {request.url[:100]}")

    def _on_response(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.found.append(f"{response.status} of {path}")
        for name, value in HEADERS.items():
            if path.startswith(f"{CONSOLE}/static/") and name == "Cache-Control":
                continue  # kept for a year, under a name that changes with it
            if response.headers.get(name.lower()) != value:
                self.found.append(f"{name} of {path}: {response.headers.get(name.lower())}")
