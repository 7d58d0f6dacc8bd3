"""Arguments and options that commands share."""

from typing import Annotated

import typer

ProjectName = Annotated[str, typer.Argument(metavar="PROJECT", help="A project's id or name.")]
Domains = Annotated[
    list[str] | None,
    typer.Option(
        "--domain",
        metavar="D",
        help="A domain whose pages may send leads: example.com (with www.), *.example.com"
        " (subdomains only), https://example.com:8443. Repeat it; none at all allows every page.",
    ),
]
Limit = Annotated[
    str | None,
    typer.Option("--monthly-limit", metavar="N", help="Leads per calendar month (UTC), or none."),
]
RequireOrigin = Annotated[
    bool | None,
    typer.Option(
        "--require-origin/--no-require-origin",
        help="Refuse calls without Origin and Referer, which servers send.",
    ),
]
