"""Links for people without an account: opened by a member, revoked by a member."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Link
from sillage.lib.errors import Malformed, NotFound
from sillage.lib.sentences import Day, Sentence

LONGEST = timedelta(days=366)


class LinkTooLong(Malformed):
    """A link lives from now on, and for a year at most."""


@transaction.atomic
def open_link(
    *,
    purpose: Purpose,
    subject_kind: str,
    subject_id: str | int,
    label: str,
    expires_at: datetime,
    actor: Actor,
    now: datetime,
) -> tuple[Link, str]:
    """Let whoever holds the link open one thing. The secret is returned once and never stored."""
    require(actor, Right.CAMPAIGN)
    if not now < expires_at <= now + LONGEST:
        raise LinkTooLong(
            Sentence("%(expires_at)s is no end for a link.", expires_at=Day(expires_at)),
            Sentence("Give a day within the coming year."),
        )
    secret = secrets.token_urlsafe(24)
    link = Link.objects.create(
        workspace_id=actor.workspace_id,
        purpose=purpose.value,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        label=label.strip()[:200],
        digest=hashlib.sha256(secret.encode()).digest(),
        opened_by_id=actor.member_id,
        opened_at=now,
        expires_at=expires_at,
    )
    record(
        verb="governance.link_opened",
        subject_kind="link",
        subject_id=link.pk,
        actor=actor,
        now=now,
        facts={"purpose": purpose.value, "opens": [subject_kind, str(subject_id)]},
    )
    return link, secret


@transaction.atomic
def revoke_link(*, link_id: int, actor: Actor, now: datetime) -> None:
    """End a link before its time."""
    require(actor, Right.CAMPAIGN)
    live = Link.objects.filter(workspace_id=actor.workspace_id, pk=link_id, revoked_at=None)
    if not live.update(revoked_at=now):
        raise NotFound(
            Sentence("No live link %(link_id)s in this workspace.", link_id=link_id),
            Sentence("It may have been revoked already."),
        )
    record(verb="governance.link_revoked", subject_kind="link", subject_id=link_id, actor=actor, now=now)
