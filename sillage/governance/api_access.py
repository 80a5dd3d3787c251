"""How a program comes in: each endpoint of the API names the right it asks for, checked before anything else is read.

A token is sent as `Authorization: Bearer sil_…`. A signed-in person's browser may call too; its writes need the CSRF
token.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from sillage.governance.access import api_actor
from sillage.governance.engine.actors import Actor, NotAllowed, Right, require
from sillage.lib.sentences import Sentence

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Call(HttpRequest):
    """A request of the API whose caller is known: what an endpoint gets."""

    auth: Actor


class Kept(StrEnum):
    """When the answer to a write with an Idempotency-Key is kept."""

    WITH_IT = "with the write"  # one transaction: both or neither
    AFTERWARDS = "afterwards"  # the write commits in portions, and doing it again changes nothing
    NEVER = "never"  # the answer holds a secret
    NEEDLESS = "nothing is written"


class CsrfMissing(NotAllowed):
    """A browser session wrote without its CSRF token."""

    title = "CSRF token missing"


class Allowed(AuthBase):
    """Lets in the callers who hold a right in the workspace that the path names."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, right: Right) -> None:
        self.right = right
        super().__init__()

    def __call__(self, request: HttpRequest) -> Actor:
        match = request.resolver_match
        actor = api_actor(request, match.kwargs["workspace"] if match else "", self.right)
        if request.method not in READING and not has_token(request) and check_csrf(request) is not None:
            raise CsrfMissing(
                Sentence("A write of a browser session needs the CSRF token."),
                Sentence("Send the header X-CSRFToken with the cookie's value, or use a token of the API."),
            )
        return actor


def allowed(right: Right, *, kept: Kept = Kept.WITH_IT) -> dict[str, Any]:
    """What a router's operation takes: `@router.post("/briefs", **allowed(Right.BRIEF), response=…)`."""
    return {"auth": Allowed(right), "openapi_extra": {"x-right": right.value, "x-answer-kept": kept.value}}


def has_token(request: HttpRequest) -> bool:
    """True for a program with a token, false for a browser session."""
    return request.headers.get("Authorization", "").partition(" ")[0].lower() == "bearer"


def refuse_narrow_token(request: Call) -> None:
    """A token may make or end tokens only if it may administrate: a narrow one must not prolong its own life."""
    if has_token(request):
        require(request.auth, Right.ADMIN)
