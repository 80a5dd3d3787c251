"""Reading governance. A thing of another workspace is not found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sillage.governance.engine.actors import RIGHTS_OF_ROLE, Actor, ActorKind, Right, Role
from sillage.governance.engine.ledger import Break, Line, first_break
from sillage.governance.models import ApiToken, Entry, IdempotencyKey, Member, Person, Receipt, Workspace
from sillage.lib import receipts
from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of


def list_workspaces_of(person: Person) -> list[Workspace]:
    return list(Workspace.objects.filter(members__person=person).order_by("name"))


def list_workspaces() -> list[Workspace]:
    """All of them: for the operator's command line only."""
    return list(Workspace.objects.order_by("pk"))


def get_actor(person: Person, slug: str) -> tuple[Workspace, Actor]:
    """The person as an actor in a workspace. Not a member is not found: the answer does not say that it exists."""
    member = Member.objects.select_related("workspace").filter(person=person, workspace__slug=slug).first()
    if member is None or not person.is_active:
        raise NotFound(f"No workspace “{slug}” of yours.", "Choose one of your workspaces.")
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
            "No such workspace or member.",
            "Make one with `sillage workspace open`, or check --workspace and --as.",
        )
    if len({m.workspace_id for m in found}) > 1:
        slugs = ", ".join(sorted({m.workspace.slug for m in found}))
        raise NotFound(f"There are several workspaces: {slugs}.", "Say which with --workspace.")
    return found[0].workspace, actor_of(found[0], found[0].person)


def list_members(workspace_id: int) -> list[Member]:
    return list(Member.objects.select_related("person").filter(workspace_id=workspace_id).order_by("joined_at", "pk"))


def list_tokens(actor: Actor) -> list[ApiToken]:
    """One's own tokens; all of the workspace's for an owner."""
    tokens = ApiToken.objects.select_related("member__person").filter(member__workspace_id=actor.workspace_id)
    if Right.ADMIN not in actor.rights:
        tokens = tokens.filter(member_id=actor.member_id or 0)
    return list(tokens.order_by("-created_at"))


def list_entries(
    workspace_id: int,
    *,
    cursor: str | None = None,
    limit: int = 50,
    verb: str = "",
    subject_kind: str = "",
    subject_id: str = "",
    actor_kind: str = "",
) -> Page[Entry]:
    """The ledger, newest first."""
    entries = Entry.objects.filter(workspace_id=workspace_id).order_by("-number")
    wanted = {
        "verb": verb,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "actor_kind": actor_kind,
    }
    entries = entries.filter(**{name: value for name, value in wanted.items() if value})
    if cursor:
        (number,) = key_of(cursor, 1)
        if type(number) is not int:
            raise CursorMalformed("This cursor belongs to another list.", "Start again without a cursor.")
        entries = entries.filter(number__lt=number)
    rows = list(entries[: limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], cursor_of([rows[limit - 1].number]) if more else None)


def list_verbs(workspace_id: int) -> list[str]:
    verbs = Entry.objects.filter(workspace_id=workspace_id).values_list("verb", flat=True)
    return list(verbs.distinct().order_by("verb"))


def verify_ledger(workspace_id: int) -> tuple[int, Break | None]:
    """Recompute the whole chain. Returns how many entries there are and where it breaks first, if it does."""
    return Entry.objects.filter(workspace_id=workspace_id).count(), first_break(_chain(workspace_id))


def _chain(workspace_id: int) -> Iterator[tuple[Line, bytes, bytes]]:
    for e in Entry.objects.filter(workspace_id=workspace_id).order_by("number").iterator(chunk_size=5000):
        line = Line(
            e.workspace_id,
            e.number,
            e.at,
            e.actor_kind,
            e.actor_name,
            e.actor_version,
            e.member_id,
            e.verb,
            e.subject_kind,
            e.subject_id,
            e.facts,
        )
        yield line, bytes(e.previous_hash), bytes(e.hash)


def get_receipt(workspace_id: int, key: str) -> Receipt:
    receipt = Receipt.objects.filter(workspace_id=workspace_id, key=key).first()
    if receipt is None:
        raise NotFound(f"No receipt {key} in this workspace.", "Copy the key shown beside the number.")
    return receipt


def latest_receipts(workspace_id: int, subject_kind: str, subject_ids: Sequence[str]) -> dict[str, dict[str, Receipt]]:
    """The newest receipt of each metric: {subject id: {metric id: receipt}}."""
    rows = (
        Receipt.objects.filter(workspace_id=workspace_id, subject_kind=subject_kind, subject_id__in=subject_ids)
        .order_by("subject_id", "metric", "-computed_at", "-pk")
        .distinct("subject_id", "metric")
    )
    found: dict[str, dict[str, Receipt]] = {}
    for row in rows:
        found.setdefault(row.subject_id, {})[row.metric] = row
    return found


SourceReader = Callable[[int, Sequence[str]], Mapping[str, float | None]]
_readers: dict[str, SourceReader] = {}


def read_sources_with(kind: str, reader: SourceReader) -> None:
    """Say who can re-read inputs of a kind: called once per kind, in `front/wiring.py`."""
    _readers[kind] = reader


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a receipt found. `changed` are inputs whose source now says something else or is gone."""

    receipt: Receipt
    is_intact: bool
    recomputed: float | None
    changed: tuple[str, ...]
    unread: int  # inputs that point to no row that can be read again

    @property
    def holds(self) -> bool:
        return self.is_intact and self.recomputed == self.receipt.value and not self.changed


def verify_receipt(workspace_id: int, key: str) -> Verification:
    """Recompute a receipt from its inputs, check its hash, and read the inputs' sources again."""
    row = get_receipt(workspace_id, key)
    inputs = receipts.inputs_from_json(row.inputs)
    metric = receipts.metric_of(row.metric, row.version)
    if metric is None:
        raise NotFound(
            f"This version of Sillage does not know {row.metric} version {row.version}.",
            f"Verify it with the version that computed it: {row.code_version}.",
        )
    digest = receipts.receipt_hash(
        f"{row.subject_kind}:{row.subject_id}",
        metric,
        row.value,
        inputs,
        row.source_class,
        row.n,
        row.computed_at,
        row.code_version,
    )
    changed, unread = _changed_inputs(workspace_id, inputs)
    return Verification(row, digest == bytes(row.hash), receipts.recomputed(metric, inputs), changed, unread)


def _changed_inputs(workspace_id: int, inputs: Mapping[str, receipts.Input]) -> tuple[tuple[str, ...], int]:
    changed: list[str] = []
    unread = 0
    for given in inputs.values():
        values = given.value if isinstance(given.value, list) else [given.value] * len(given.refs)
        if len(values) != len(given.refs):
            unread += len(given.refs)
            continue
        by_kind: dict[str, dict[str, object]] = {}
        for ref, value in zip(given.refs, values, strict=True):
            by_kind.setdefault(ref.partition(":")[0], {})[ref] = value
        for kind, expected in by_kind.items():
            reader = _readers.get(kind)
            if reader is None:
                unread += len(expected)
                continue
            found = reader(workspace_id, list(expected))
            changed += [ref for ref, value in expected.items() if found.get(ref) != value]
    return tuple(changed), unread


def find_answer(workspace_id: int, key: str) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(workspace_id=workspace_id, key=key).first()
