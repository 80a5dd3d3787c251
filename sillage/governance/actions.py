"""Writing governance: the ledger, workspaces, members, tokens and receipts."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Q

from sillage.governance.engine.actors import Actor, Right, Role, require
from sillage.governance.engine.ledger import GENESIS, Line, line_hash
from sillage.governance.models import ApiToken, Entry, IdempotencyKey, Member, Person, Receipt, Workspace
from sillage.lib import receipts
from sillage.lib.errors import Malformed, NotFound, Refusal

TOKEN_PREFIX = "sil_"  # noqa: S105  # what a token begins with, so that leaked ones are recognised


@transaction.atomic(savepoint=False)
def record(
    *,
    verb: str,
    subject_kind: str,
    subject_id: str | int,
    actor: Actor,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Append one entry to the actor's workspace's ledger, in the transaction of the change that it records.

    A run that commits in portions calls it outside of one: then the entry is a transaction of its own.
    """
    with connection.cursor() as cursor:  # entries of one workspace are numbered one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ledger', %s))", [actor.workspace_id])
    last = Entry.objects.filter(workspace_id=actor.workspace_id).order_by("-number").first()
    line = Line(
        workspace_id=actor.workspace_id,
        number=last.number + 1 if last else 1,
        at=now,
        actor_kind=actor.kind.value,
        actor_name=actor.name,
        actor_version=actor.version,
        member_id=actor.member_id,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        facts=facts or {},
    )
    previous = bytes(last.hash) if last else GENESIS
    return Entry.objects.create(
        **{name: getattr(line, name) for name in Line.__slots__},
        previous_hash=previous,
        hash=line_hash(line, previous),
    )


class SlugTaken(Refusal):
    """Another workspace has this address."""


class SlugMalformed(Malformed):
    """The slug cannot be part of an address."""


@transaction.atomic
def open_workspace(*, slug: str, name: str, actor: Actor, now: datetime, is_sample: bool = False) -> Workspace:
    """Make an empty workspace. The actor comes from outside any workspace (`workspace_id` 0)."""
    require(actor, Right.ADMIN)
    if re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?", slug) is None:
        raise SlugMalformed(
            f"“{slug}” cannot be part of an address.",
            "Take small letters, digits and hyphens: up to 50, such as my-brand.",
        )
    if Workspace.objects.filter(slug=slug).exists():
        raise SlugTaken(f"A workspace “{slug}” exists already.", "Choose another slug.")
    workspace = Workspace.objects.create(
        slug=slug, name=name, is_sample=is_sample, salt=secrets.token_bytes(16), created_at=now
    )
    record(
        verb="governance.workspace_opened",
        subject_kind="workspace",
        subject_id=workspace.pk,
        actor=replace(actor, workspace_id=workspace.pk),
        now=now,
        facts={"slug": slug, "is_sample": is_sample},
    )
    return workspace


class AlreadyMember(Refusal):
    """This person is a member already."""


class PasswordTooWeak(Malformed):
    """The password is too short, too common or too like the person."""

    title = "Password too weak"


class EmailMalformed(Malformed):
    """This is not an e-mail address."""


@transaction.atomic
def add_member(*, email: str, role: Role, password: str | None, actor: Actor, now: datetime, name: str = "") -> Member:
    """Let a person into the actor's workspace; a person who is new to Sillage gets the password."""
    require(actor, Right.ADMIN)
    person = Person.objects.filter(email__iexact=email).first() or _new_person(email, name, password, now)
    if Member.objects.filter(workspace_id=actor.workspace_id, person=person).exists():
        raise AlreadyMember(f"{email} is a member of this workspace already.", "Change their role instead.")
    member = Member.objects.create(workspace_id=actor.workspace_id, person=person, role=role.value, joined_at=now)
    record(
        verb="governance.member_added",
        subject_kind="member",
        subject_id=member.pk,
        actor=actor,
        now=now,
        facts={"role": role.value},
    )
    return member


@transaction.atomic
def set_password(*, email: str, password: str, actor: Actor, now: datetime) -> Member:
    """Give a member of the workspace a new password; whoever is signed in with the old one is signed out.

    A person may belong to several workspaces, so no door lets one member do this to another: it is the operator's.
    """
    require(actor, Right.ADMIN)
    member = Member.objects.filter(workspace_id=actor.workspace_id, person__email__iexact=email).first()
    if member is None:
        raise NotFound(f"{email} is no member of this workspace.", "See them with `sillage members list`.")
    member.person.password = _accepted(password, member.person)
    member.person.save(update_fields=["password"])
    record(verb="governance.password_set", subject_kind="member", subject_id=member.pk, actor=actor, now=now)
    return member


def _accepted(password: str, person: Person) -> str:
    """Its hash."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages), "Choose a longer, less common password.") from error
    return make_password(password)


def _new_person(email: str, name: str, password: str | None, now: datetime) -> Person:
    try:
        validate_email(email)
    except ValidationError as error:
        raise EmailMalformed(f"“{email}” is not an e-mail address.", "Give one like ada@example.org.") from error
    person = Person(email=email.lower(), name=name, joined_at=now)
    if password is None:
        person.set_unusable_password()
    else:
        person.password = _accepted(password, person)
    person.save()
    return person


class LastOwner(Refusal):
    """A workspace needs an owner."""


@transaction.atomic
def change_role(*, member_id: int, role: Role, actor: Actor, now: datetime) -> Member:
    require(actor, Right.ADMIN)
    member = _member_of(actor, member_id)
    if role is not Role.OWNER:
        _refuse_last_owner(member)
    before, member.role = member.role, role.value
    member.save(update_fields=["role"])
    record(
        verb="governance.role_changed",
        subject_kind="member",
        subject_id=member.pk,
        actor=actor,
        now=now,
        facts={"from": before, "to": role.value},
    )
    return member


@transaction.atomic
def remove_member(*, member_id: int, actor: Actor, now: datetime) -> None:
    """End a membership; the person's tokens for this workspace end with it."""
    require(actor, Right.ADMIN)
    member = _member_of(actor, member_id)
    _refuse_last_owner(member)
    member.delete()
    record(verb="governance.member_removed", subject_kind="member", subject_id=member_id, actor=actor, now=now)


def _member_of(actor: Actor, member_id: int) -> Member:
    member = Member.objects.select_for_update().filter(workspace_id=actor.workspace_id, pk=member_id).first()
    if member is None:
        raise NotFound(f"No member {member_id} in this workspace.", "See the list with `sillage members list`.")
    return member


def _refuse_last_owner(member: Member) -> None:
    if member.role != Role.OWNER.value:
        return
    owners = Member.objects.select_for_update().filter(workspace_id=member.workspace_id, role=Role.OWNER.value)
    if len(owners) == 1:
        raise LastOwner("This is the workspace's only owner.", "Make somebody else an owner first.")


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
            "The token would have rights that you do not have.", "Ask for fewer scopes, or ask an owner."
        )
    if expires_at is not None and expires_at <= now:
        raise ExpiryPast(f"{expires_at:%Y-%m-%d %H:%M} is over.", "Give a later instant, or none for no expiry.")
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
        raise NotFound(f"No live token {token_id} of yours.", "See the list with `sillage tokens list`.")
    record(verb="governance.token_revoked", subject_kind="token", subject_id=token_id, actor=actor, now=now)


def keep_receipts(*, workspace_id: int, proven: Iterable[receipts.Receipt]) -> None:
    """Store receipts as part of another action, whose own ledger entry covers them. The same receipt twice is one."""
    rows = [
        Receipt(
            workspace_id=workspace_id,
            key=r.key,
            metric=r.metric,
            version=r.version,
            subject_kind=r.subject.partition(":")[0],
            subject_id=r.subject.partition(":")[2],
            value=r.value,
            inputs=receipts.inputs_as_json(r.inputs),
            source_class=r.source_class,
            n=r.n,
            computed_at=r.computed_at,
            code_version=r.code_version,
            hash=r.hash,
        )
        for r in proven
    ]
    Receipt.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def forget_receipts(workspace_id: int, subject_kind: str, subject_ids: Iterable[str | int]) -> dict[str, int]:
    """Remove receipts of things that are being erased, as part of that erasure."""
    ids = [str(subject_id) for subject_id in subject_ids]
    rows = Receipt.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id__in=ids)
    return {"receipt": rows.delete()[0]}


def forget_receipts_citing(workspace_id: int, subject_kind: str, subject_id: str | int, refs: Iterable[str]) -> int:
    """Remove receipts of a thing that rest on any of these sources, as part of the sources' removal. Returns how many."""
    gone = frozenset(refs)
    rows = Receipt.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id=str(subject_id))
    citing = [
        pk
        for pk, inputs in rows.values_list("pk", "inputs")
        if any(not gone.isdisjoint(given["refs"]) for given in inputs.values())
    ]
    return Receipt.objects.filter(pk__in=citing).delete()[0]


def forget_receipts_before(
    workspace_id: int, subject_kind: str, subject_ids: Iterable[str | int], limit: datetime
) -> int:
    """Remove older receipts of things whose sources may be kept only so long, as part of removing them. Returns how many."""
    ids = [str(subject_id) for subject_id in subject_ids]
    rows = Receipt.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id__in=ids)
    return rows.filter(computed_at__lt=limit).delete()[0]


def forget_answers(workspace_id: int, names: Iterable[str]) -> dict[str, int]:
    """Remove kept answers of the API that mention any of these names, as part of an erasure."""
    spelled = {json.dumps(name, ensure_ascii=is_ascii)[1:-1] for name in names for is_ascii in (True, False)}
    mentions = Q(pk__in=[])
    for form in sorted(spelled):
        mentions |= Q(body__icontains=form)
    answers = IdempotencyKey.objects.filter(workspace_id=workspace_id).filter(mentions)
    return {"answer": answers.delete()[0]}


ANSWERS_KEPT = timedelta(days=7)


class KeyReused(Refusal):
    """The same Idempotency-Key came with another request."""

    status = 422


def keep_answer(*, workspace_id: int, key: str, request_digest: bytes, status: int, body: str, now: datetime) -> None:
    """Remember the API's answer to a write, as part of that write and in its transaction; older ones are let go."""
    IdempotencyKey.objects.filter(workspace_id=workspace_id, created_at__lt=now - ANSWERS_KEPT).delete()
    IdempotencyKey.objects.create(
        workspace_id=workspace_id,
        key=key,
        request_digest=request_digest,
        status=status,
        body=body,
        created_at=now,
    )
