"""Keys for programs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, Right
from sillage.governance.models import ApiToken
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence

TOKEN_PREFIX = "sil_"  # noqa: S105  # what a token begins with, so that leaked ones are recognised


class ScopeBeyondRole(Refusal):
    """A token cannot do more than the person who makes it."""

    status = 403


class ExpiryPast(Malformed):
    """The token would have expired before it is made."""


@transaction.atomic
def issue_token(
    *, name: str, scopes: frozenset[Right], expires_at: datetime | None, actor: Actor, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token for the acting member. The secret is returned once and never stored."""
    if actor.member_id is None or not scopes <= actor.rights:
        raise ScopeBeyondRole(
            Sentence("The token would have rights that you do not have."),
            Sentence("Ask for fewer scopes, or ask an owner."),
        )
    if expires_at is not None and expires_at <= now:
        raise ExpiryPast(
            Sentence("%(expires_at)s is over.", expires_at=f"{expires_at:%Y-%m-%d %H:%M}"),
            Sentence("Give a later instant, or none for no expiry."),
        )
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        member_id=actor.member_id,
        name=name,
        prefix=secret[:12],
        digest=hashlib.sha256(secret.encode()).digest(),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    record(
        verb="governance.token_issued",
        subject_kind="token",
        subject_id=token.pk,
        actor=actor,
        now=now,
        facts={"scopes": sorted(scopes)},
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, now: datetime) -> None:
    """Revoke one's own token; an owner may revoke anybody's."""
    tokens = ApiToken.objects.filter(pk=token_id, member__workspace_id=actor.workspace_id)
    if Right.ADMIN not in actor.rights:
        tokens = tokens.filter(member_id=actor.member_id or 0)
    if not tokens.filter(revoked_at=None).update(revoked_at=now):
        raise NotFound(
            Sentence("No live token %(token_id)s of yours.", token_id=token_id),
            Sentence("See the page “Tokens”, or `sillage tokens list`."),
        )
    record(verb="governance.token_revoked", subject_kind="token", subject_id=token_id, actor=actor, now=now)
