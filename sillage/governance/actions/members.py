"""Workspaces, and who is a member of them in which role."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, Right, Role, require
from sillage.governance.models import Member, Person, Workspace
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence


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
            Sentence("“%(slug)s” cannot be part of an address.", slug=slug),
            Sentence("Take small letters, digits and hyphens: up to 50, such as my-brand."),
        )
    if Workspace.objects.filter(slug=slug).exists():
        raise SlugTaken(Sentence("A workspace “%(slug)s” exists already.", slug=slug), Sentence("Choose another slug."))
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
        raise AlreadyMember(
            Sentence("%(email)s is a member of this workspace already.", email=email),
            Sentence("Change their role instead."),
        )
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
        raise NotFound(
            Sentence("%(email)s is no member of this workspace.", email=email),
            Sentence("See the page “Members”, or `sillage members list`."),
        )
    member.person.password = _accepted(password, member.person)
    member.person.save(update_fields=["password"])
    record(verb="governance.password_set", subject_kind="member", subject_id=member.pk, actor=actor, now=now)
    return member


def _accepted(password: str, person: Person) -> str:
    """Its hash."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages), Sentence("Choose a longer, less common password.")) from error
    return make_password(password)


def _new_person(email: str, name: str, password: str | None, now: datetime) -> Person:
    try:
        validate_email(email)
    except ValidationError as error:
        raise EmailMalformed(
            Sentence("“%(email)s” is not an e-mail address.", email=email), Sentence("Give one like ada@example.org.")
        ) from error
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
        raise NotFound(
            Sentence("No member %(member_id)s in this workspace.", member_id=member_id),
            Sentence("See the page “Members”, or `sillage members list`."),
        )
    return member


def _refuse_last_owner(member: Member) -> None:
    if member.role != Role.OWNER.value:
        return
    owners = Member.objects.select_for_update().filter(workspace_id=member.workspace_id, role=Role.OWNER.value)
    if len(owners) == 1:
        raise LastOwner(Sentence("This is the workspace's only owner."), Sentence("Make somebody else an owner first."))
