"""Reading links. A secret that opens nothing says nothing about what there is."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sillage.governance.engine.actors import Actor, ActorKind, Right
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Link
from sillage.lib.errors import NotFound


def get_link(secret: str, purpose: Purpose, now: datetime) -> Link:
    """The live link of that purpose. Unknown, expired, revoked and of another purpose are answered alike."""
    link = (
        Link.objects.select_related("workspace")
        .filter(digest=hashlib.sha256(secret.encode()).digest(), purpose=purpose.value)
        .filter(revoked_at=None, expires_at__gt=now)
        .first()
    )
    if link is None:
        raise NotFound("This link opens nothing any more.", "Ask whoever sent it for a new one.")
    return link


def guest_of(link: Link) -> Actor:
    """Whoever holds the link, as an actor: a person without membership, who may do what the link is for."""
    return Actor(ActorKind.PERSON, f"link {link.pk}: {link.label}", link.workspace_id, frozenset({Right.LINK}))


def list_links_of(workspace_id: int, subject_kind: str, subject_id: str | int) -> list[Link]:
    """The links that open a thing, newest first, ended ones too."""
    links = Link.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id=str(subject_id))
    return list(links.order_by("-opened_at", "-pk"))
