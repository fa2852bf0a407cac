"""Who asks for a page or for data, and whether they may: decided from the request's headers alone."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from shared.errors import Refused, UnciaError
from shared.verdict import check

# What the platform's sign-in (App Service authentication) tells; it takes these headers out of what strangers send.
SIGNED_IN = "x-ms-client-principal-name"
# On one machine nobody signs in: the page asks for a name. Percent-encoded, since headers carry ASCII only.
NAMED = "x-uncia-name"
# No other site's form or image can send a header of its own without asking this one first, which says no (CORS).
OWN = "x-uncia"


def visitor(headers: Mapping[str, str], *, local: bool, guarded: bool) -> str:
    """The name of who asks, from headers by lower-case name; may be empty on one machine. Raises Refused.

    `guarded`: the platform's sign-in stands before the app. Without it anyone could send its header: nobody is let in.
    """
    if local:
        return _named(unquote(headers.get(NAMED, "")))
    if not guarded:
        raise Refused("nobody is let in: the platform's sign-in is off, see docs/deploying.md", 403)
    if not (name := headers.get(SIGNED_IN, "").strip()):
        raise Refused("sign in first", 401)
    return _named(name)


def check_writing(who: str, headers: Mapping[str, str]) -> None:
    """Raises Refused for a request to write that has no name, or may come from another site's page."""
    if headers.get(OWN) != "1" or headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Refused("this does not come from Uncia's own page", 403)
    if not headers.get("content-type", "").startswith("application/json"):
        raise Refused("this is not JSON", 415)
    if not who:
        raise Refused("say who you are first", 401)


def _named(name: str) -> str:
    try:
        if name:
            check("your name", name)
    except UnciaError as error:
        raise Refused(str(error), 400) from error
    return name
