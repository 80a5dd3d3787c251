"""Reading links. A secret that opens nothing says nothing about what there is."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sillage.governance.engine.act_words import SUBJECT_WORDS
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Link
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence


def get_link(secret: str, purpose: Purpose, now: datetime) -> Link:
    """The live link of that purpose. Unknown, expired, revoked and of another purpose are answered alike."""
    link = (
        Link.objects.select_related("workspace")
        .filter(digest=hashlib.sha256(secret.encode()).digest(), purpose=purpose.value)
        .filter(revoked_at=None, expires_at__gt=now)
        .first()
    )
    if link is None:
        raise NotFound(Sentence("This link opens nothing any more."), Sentence("Ask whoever sent it for a new one."))
    return link


def guest_of(link: Link) -> Actor:
    """Whoever holds the link, as an actor: a person without membership, who may do what the link is for."""
    return Actor(ActorKind.PERSON, f"link {link.pk}: {link.label}", link.workspace_id, frozenset({Right.LINK}))


def list_links_of(workspace_id: int, subject_kind: str, subject_id: str | int) -> list[Link]:
    """The links that open a thing, newest first, ended ones too."""
    links = Link.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id=str(subject_id))
    return list(links.order_by("-opened_at", "-pk"))


class LinkOfAnother(NotFound):
    """The link opens another thing than the one that is asked for."""


def require_or_link(actor: Actor, right: Right, link: Link | None, opens: tuple[str, str | int]) -> None:
    """Refuse unless the actor holds the right, or came by a link that opens exactly this thing (kind, id)."""
    if link is None:
        return require(actor, right)
    require(actor, Right.LINK)
    if (link.workspace_id, link.subject_kind, link.subject_id) != (actor.workspace_id, opens[0], str(opens[1])):
        raise LinkOfAnother(Sentence("This link opens something else."), Sentence("Use the link that was sent for it."))
    return None


def get_link_of(workspace_id: int, subject_kind: str, subject_id: str | int, link_id: int) -> Link:
    """A link that opens this thing. Raises NotFound for another thing's."""
    found = next((link for link in list_links_of(workspace_id, subject_kind, subject_id) if link.pk == link_id), None)
    if found is None:
        raise NotFound(
            Sentence(
                "No link %(link_id)s to this %(subject_kind)s.",
                link_id=link_id,
                subject_kind=SUBJECT_WORDS.get(subject_kind, subject_kind),
            ),
            Sentence("See the links on its page."),
        )
    return found
