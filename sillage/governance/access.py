"""How somebody comes in: a signed-in person to a page, a token to the API, an operator to the command line.

Every door goes through here, so that no view can forget to ask who it is and which workspace it may see.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

import click
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sillage.governance import queries
from sillage.governance.engine.actors import Actor, NotAllowed, Right, require
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Link, Person, Workspace
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

P = ParamSpec("P")


class Visit(HttpRequest):
    """A request of a signed-in member: what a page of a workspace gets."""

    workspace: Workspace
    actor: Actor


def page(right: Right) -> Callable[[Callable[Concatenate[Visit, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A page of a workspace: `/w/<slug>/...`. Not signed in goes to sign-in; not a member is not found."""

    def decorate(view: Callable[Concatenate[Visit, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, Person):
                return redirect_to_login(request.get_full_path())
            visit = cast(Visit, request)
            visit.workspace, visit.actor = queries.get_actor(request.user, slug)
            require(visit.actor, right)
            return view(visit, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # the permission matrix test reads it
        return guarded

    return decorate


class Guest(HttpRequest):
    """A request of whoever holds a signed link: what a page without an account gets."""

    link: Link
    actor: Actor


def guest_page(
    purpose: Purpose,
) -> Callable[[Callable[Concatenate[Guest, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A page that a signed link opens: `/l/<secret>/...`. The address is a key: nobody is told it, nothing keeps it."""

    def decorate(view: Callable[Concatenate[Guest, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, secret: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            guest = cast(Guest, request)
            guest.link = queries.get_link(secret, purpose, timezone.now())
            guest.actor = queries.guest_of(guest.link)
            response = view(guest, *args, **kwargs)
            # Not “no-referrer”: browsers then send “Origin: null” with the page's own forms, and Django refuses them.
            response["Referrer-Policy"] = "same-origin"
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex"
            return response

        guarded.purpose = purpose  # type: ignore[attr-defined]  # the permission matrix test reads it
        return guarded

    return decorate


class NotSignedIn(NotAllowed):
    """The API was called without a live token or session."""

    status = 401
    title = "Not signed in"


def api_actor(request: HttpRequest, slug: str, right: Right) -> Actor:
    """Who calls the API: the token's member, or the signed-in member; in the workspace that the path names."""
    actor = _bearer(request)
    if actor is None and isinstance(request.user, Person):
        _, actor = queries.get_actor(request.user, slug)
    if actor is None:
        raise NotSignedIn(
            Sentence("This needs a live token."),
            Sentence("Send “Authorization: Bearer sil_…”; make one with `sillage tokens issue`."),
        )
    workspace = Workspace.objects.filter(pk=actor.workspace_id, slug=slug).first()
    if workspace is None:
        raise NotFound(
            Sentence("No workspace “%(slug)s” of yours.", slug=slug),
            Sentence("Use the workspace that the token was made in."),
        )
    require(actor, right)
    return actor


def _bearer(request: HttpRequest) -> Actor | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    actor = queries.find_actor_of_token(secret.strip(), timezone.now())
    if actor is None:
        raise NotSignedIn(
            Sentence("This token is unknown, expired or revoked."),
            Sentence("Make a new one on the page “Tokens”, or with `sillage tokens issue`."),
        )
    return actor


def operator(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --workspace and --as to a command, and hands it the `actor` that they name."""

    @click.option(
        "--workspace", "slug", envvar="SILLAGE_WORKSPACE", help="Slug of the workspace, if there are several."
    )
    @click.option("--as", "acting_as", envvar="SILLAGE_AS", help="Act as this member; by default the first owner.")
    @wraps(command)
    def asked(*args: Any, slug: str | None, acting_as: str | None, **kwargs: Any) -> Any:
        _, actor = queries.get_operator(slug, acting_as)
        return command(*args, actor=actor, **kwargs)

    return asked
