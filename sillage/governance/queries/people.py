"""Reading who there is. A thing of another workspace is not found."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import Q

from sillage.governance.engine.actors import RIGHTS_OF_ROLE, Actor, ActorKind, Right, Role
from sillage.governance.models import ApiToken, Member, Person, Workspace
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence


def list_workspaces_of(person: Person) -> list[Workspace]:
    return list(Workspace.objects.filter(members__person=person).order_by("name"))


def list_workspaces() -> list[Workspace]:
    """All of them: for the operator's command line only."""
    return list(Workspace.objects.order_by("pk"))


def get_actor(person: Person, slug: str) -> tuple[Workspace, Actor]:
    """The person as an actor in a workspace. Not a member is not found: the answer does not say that it exists."""
    member = Member.objects.select_related("workspace").filter(person=person, workspace__slug=slug).first()
    if member is None or not person.is_active:
        raise NotFound(
            Sentence("No workspace “%(slug)s” of yours.", slug=slug), Sentence("Choose one of your workspaces.")
        )
    return member.workspace, actor_of(member, person)


def actor_of(member: Member, person: Person, scopes: frozenset[Right] | None = None) -> Actor:
    rights = RIGHTS_OF_ROLE[Role(member.role)]
    return Actor(
        ActorKind.PERSON,
        person.email,
        member.workspace_id,
        rights if scopes is None else rights & scopes,
        member_id=member.pk,
    )


def find_actor_of_token(secret: str, now: datetime) -> Actor | None:
    """Who a token speaks for, with the rights that both its scopes and the member's role give."""
    token = (
        ApiToken.objects.select_related("member__person")
        .filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
        .filter(digest=hashlib.sha256(secret.encode()).digest(), member__person__is_active=True)
        .first()
    )
    if token is None:
        return None
    return actor_of(token.member, token.member.person, frozenset(Right(s) for s in token.scopes))


def get_operator(slug: str | None, email: str | None) -> tuple[Workspace, Actor]:
    """Who the command line acts as: the named member, or the first owner of the named or only workspace."""
    members = Member.objects.select_related("workspace", "person").order_by("workspace_id", "pk")
    if slug:
        members = members.filter(workspace__slug=slug)
    members = members.filter(person__email__iexact=email) if email else members.filter(role=Role.OWNER.value)
    found = list(members)
    if not found:
        raise NotFound(
            Sentence("No such workspace or member."),
            Sentence("Make one with `sillage workspace open`, or check --workspace and --as."),
        )
    if len({m.workspace_id for m in found}) > 1:
        slugs = ", ".join(sorted({m.workspace.slug for m in found}))
        raise NotFound(
            Sentence("There are several workspaces: %(slugs)s.", slugs=slugs), Sentence("Say which with --workspace.")
        )
    return found[0].workspace, actor_of(found[0], found[0].person)


def list_members(workspace_id: int) -> list[Member]:
    return list(Member.objects.select_related("person").filter(workspace_id=workspace_id).order_by("joined_at", "pk"))


def list_tokens(actor: Actor) -> list[ApiToken]:
    """One's own tokens; all of the workspace's for an owner."""
    tokens = ApiToken.objects.select_related("member__person").filter(member__workspace_id=actor.workspace_id)
    if Right.ADMIN not in actor.rights:
        tokens = tokens.filter(member_id=actor.member_id or 0)
    return list(tokens.order_by("-created_at"))
