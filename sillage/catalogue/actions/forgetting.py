"""Erasure: a person leaves the catalogue and everything above it in one transaction, and no import brings them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sillage.catalogue.engine.keys import creator_key_hash
from sillage.catalogue.models import Account, Connection, Creator, Tombstone
from sillage.catalogue.queries import get_creator
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Workspace

Forgetter = Callable[[int, Sequence[int]], dict[str, int]]
_forgetters: list[Forgetter] = []


def also_forget(forgetter: Forgetter) -> None:
    """Let a room above remove what points to accounts without a foreign key: named once, in `front/wiring.py`."""
    if forgetter not in _forgetters:
        _forgetters.append(forgetter)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What an erasure removed: rows per table."""

    accounts: int
    removed: dict[str, int]


@transaction.atomic
def forget(*, key: str, actor: Actor, now: datetime) -> Forgotten:
    """Remove a creator, every account of theirs and all that was made from them. Tombstones keep keyed hashes only.

    Raises NotFound for a creator that is not in the actor's workspace.
    """
    require(actor, Right.ERASE)
    creator = get_creator(actor.workspace_id, key)
    creator_id, accounts = creator.pk, list(creator.accounts.select_for_update())
    _bury(actor.workspace_id, accounts, now)
    removed: Counter[str] = Counter()
    for forgetter in _forgetters:
        removed.update(forgetter(actor.workspace_id, [a.pk for a in accounts]))
    _, connections = Connection.objects.filter(account__in=accounts).delete()
    _, rows = Creator.objects.filter(pk=creator_id).delete()
    removed.update({label.rpartition(".")[2].lower(): n for label, n in {**connections, **rows}.items()})
    governance.record(
        verb="catalogue.creator_forgotten",
        subject_kind="creator",
        subject_id=creator_id,
        actor=actor,
        now=now,
        facts={"removed": dict(removed)},
    )
    return Forgotten(len(accounts), {name: n for name, n in sorted(removed.items()) if n})


def _bury(workspace_id: int, accounts: Sequence[Account], now: datetime) -> None:
    """Two hashes per account: of its id and of its handle, because some exports know only the handle."""
    salt = bytes(Workspace.objects.get(pk=workspace_id).salt)
    named = {(a.network, name) for a in accounts for name in (a.network_id, a.handle) if name}
    Tombstone.objects.bulk_create(
        [
            Tombstone(workspace_id=workspace_id, key_hash=creator_key_hash(salt, network, name), forgotten_at=now)
            for network, name in sorted(named)
        ],
        ignore_conflicts=True,
    )
