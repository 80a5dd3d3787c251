"""Erasure: a person leaves the catalogue and everything above it in one transaction, and no import brings them back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from sillage.catalogue.actions.removing import per_kind
from sillage.catalogue.engine.keys import creator_key_hash, plain_handle
from sillage.catalogue.models import Account, Comment, Connection, Creator, Import, Tombstone
from sillage.catalogue.queries import get_creator
from sillage.catalogue.rejects import Named, kept_lines, rewrite_rejects
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.privacy import RequestKind
from sillage.governance.models import Workspace
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


class NotAsked(Refusal):
    """The request asks for something else, or about somebody else."""


TELLING = 3  # characters that a name needs, to be looked for in texts


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who is being erased: their accounts, and every name by which something may still call them."""

    workspace_id: int
    account_ids: tuple[int, ...]
    names: tuple[str, ...]
    creator_id: int = 0


Forgetter = Callable[[Leaving], dict[str, int]]
_forgetters: list[Forgetter] = []


def also_forget(forgetter: Forgetter) -> None:
    """Let a room above remove what points to accounts without a foreign key: named once, in `front/wiring.py`."""
    if forgetter not in _forgetters:
        _forgetters.append(forgetter)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What an erasure removed: rows per table, and lines of rejects files."""

    accounts: int
    removed: dict[str, int]


@transaction.atomic
def forget(*, key: str, actor: Actor, now: datetime, request_id: int | None = None) -> Forgotten:
    """Remove a creator, every account of theirs and all that was made from them. Tombstones keep keyed hashes only.

    With `request_id` it answers that request for erasure. Lines of rejects files that name them leave the disk once this is
    committed. Raises NotFound for a creator that is not in the actor's workspace.
    """
    require(actor, Right.ERASE)
    creator = get_creator(actor.workspace_id, key)
    creator_id = creator.pk
    if request_id is not None:
        _close(request_id, creator_id, actor, now)
    accounts = list(creator.accounts.select_for_update())
    counts = remove_creator(creator, accounts)
    _bury(actor.workspace_id, accounts, now)
    governance.record(
        verb="catalogue.creator_forgotten",
        subject_kind="creator",
        subject_id=creator_id,
        actor=actor,
        now=now,
        facts={"removed": counts} | ({"request": request_id} if request_id else {}),
    )
    return Forgotten(len(accounts), counts)


def _close(request_id: int, creator_id: int, actor: Actor, now: datetime) -> None:
    """The request that this erasure answers; who asks was checked."""
    request = governance.get_open_request(actor.workspace_id, request_id)
    asked = (request.kind, request.subject_kind, request.subject_id)
    if asked != (RequestKind.ERASURE, "creator", str(creator_id)):
        raise NotAsked(
            Sentence(
                "Request %(request_id)s does not ask that creator %(creator_id)s be erased.",
                request_id=request_id,
                creator_id=creator_id,
            ),
            Sentence("Open the request from its page."),
        )
    governance.close_data_request(request, answer="", member_id=actor.member_id, now=now)


def remove_creator(creator: Creator, accounts: Sequence[Account]) -> dict[str, int]:
    """Delete a creator with all that was made from them, as part of an erasure or of retention: rows per kind."""
    workspace_id, creator_id = creator.workspace_id, creator.pk
    leaving = Leaving(workspace_id, tuple(a.pk for a in accounts), _names(creator, accounts), creator_id)
    removed = Counter(governance.forget_receipts(workspace_id, "account", leaving.account_ids))
    removed.update(governance.forget_answers(workspace_id, [*leaving.names, *map(str, leaving.account_ids)]))
    for forgetter in _forgetters:
        removed.update(forgetter(leaving))
    removed.update(governance.forget_subject(workspace_id, "creator", creator_id, leaving.account_ids))
    removed["comment"] += _comments_elsewhere(workspace_id, accounts)
    removed["connection"] += _connections(workspace_id, accounts)
    removed.update(per_kind(creator.delete()[1]))
    removed["rejected_row"] += _rejected_rows(workspace_id, accounts)
    return {kind: n for kind, n in sorted(removed.items()) if n}


def _names(creator: Creator, accounts: Sequence[Account]) -> tuple[str, ...]:
    named = {creator.name, creator.key, *(n for a in accounts for n in (a.handle, a.name, a.network_id, a.key, a.url))}
    return tuple(sorted(name for name in named if len(name) >= TELLING and not name.isdecimal()))


def _bury(workspace_id: int, accounts: Sequence[Account], now: datetime) -> None:
    """Two hashes per account: of its id and of its handle, because some exports know only the handle."""
    salt = bytes(Workspace.objects.get(pk=workspace_id).salt)
    named = {(a.network, name) for a in accounts for name in (a.network_id, plain_handle(a.handle)) if name}
    Tombstone.objects.bulk_create(
        [
            Tombstone(workspace_id=workspace_id, key_hash=creator_key_hash(salt, network, name), forgotten_at=now)
            for network, name in sorted(named)
        ],
        ignore_conflicts=True,
    )


def _comments_elsewhere(workspace_id: int, accounts: Sequence[Account]) -> int:
    """What they wrote under other people's posts, known by the hash of its author."""
    salt = bytes(Workspace.objects.get(pk=workspace_id).salt)
    authors = [creator_key_hash(salt, a.network, a.network_id) for a in accounts]
    written = Comment.objects.filter(account__workspace_id=workspace_id, author_hash__in=authors)
    return written.exclude(account__in=accounts).delete()[0]


def _connections(workspace_id: int, accounts: Sequence[Account]) -> int:
    """Connections to their accounts, also those whose target names one that was never reached."""
    ids = set(Connection.objects.filter(account__in=accounts).values_list("pk", flat=True))
    for account in accounts:
        names = "|".join(re.escape(n.casefold()) for n in {account.network_id, plain_handle(account.handle)} if n)
        names_it = re.compile(rf"(?:^|[/@=:])(?:{names})(?:$|[/?#&])")
        known = Connection.objects.filter(workspace_id=workspace_id, network=account.network)
        ids |= {pk for pk, target in known.values_list("pk", "target") if names_it.search(target.casefold())}
    return Connection.objects.filter(pk__in=ids).delete()[0]


def _rejected_rows(workspace_id: int, accounts: Sequence[Account]) -> int:
    """How many rows set aside name them; the rows leave their files once this transaction is committed."""
    named = [Named(a.network, a.network_id, plain_handle(a.handle), a.name) for a in accounts]
    imports = Import.objects.filter(workspace_id=workspace_id).exclude(rejects_path="")
    found = 0
    for row in imports:
        _, dropped = kept_lines(Path(row.rejects_path), row.counts.get("rejects_bytes", 0), named)
        if dropped:
            transaction.on_commit(partial(_drop_rejected_rows, row.pk, named))
        found += dropped
    return found


@transaction.atomic
def _drop_rejected_rows(import_id: int, named: Sequence[Named]) -> None:
    """Rewrite one rejects file, held still so that an import which is running goes on after its new end."""
    row = Import.objects.select_for_update().get(pk=import_id)
    length = rewrite_rejects(Path(row.rejects_path), row.counts.get("rejects_bytes", 0), named)
    row.counts = {**row.counts, "rejects_bytes": length}
    row.save(update_fields=["counts"])
