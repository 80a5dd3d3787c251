"""Taking in a batch of records, whatever brought it."""

from __future__ import annotations

import zlib
from datetime import datetime

from django.db import transaction

from sillage.catalogue.actions.storing import Ingested, find_owner, keep_rows, staged_or_refused
from sillage.catalogue.engine.records import Batch
from sillage.catalogue.engine.staged import Staged
from sillage.catalogue.models import Account, RawAnswer
from sillage.governance.actions import record
from sillage.governance.engine.actors import Actor, NotAllowed, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


class AccountMissing(Refusal):
    """A post, comment or number came without its account."""


@transaction.atomic
def ingest(*, workspace_id: int, batch: Batch, actor: Actor, now: datetime) -> Ingested:
    """Store a batch. The same batch again changes nothing."""
    refuse_stranger(workspace_id, actor)
    done = keep_batch(workspace_id=workspace_id, batch=batch, now=now)
    record(
        verb="catalogue.ingested",
        subject_kind="workspace",
        subject_id=workspace_id,
        actor=actor,
        now=now,
        facts=done.facts(),
    )
    return done


def keep_batch(*, workspace_id: int, batch: Batch, now: datetime) -> Ingested:
    """Store a batch as part of another action, whose own ledger entry covers it."""
    owner = find_owner(workspace_id)
    rows = staged_or_refused(batch, owner)
    _refuse_unknown_accounts(rows)
    done, _ = keep_rows(rows=rows, owner=owner, now=now)
    _keep_raw_answers(batch, rows)
    return done


def refuse_stranger(workspace_id: int, actor: Actor) -> None:
    """Refuse whoever may not write this workspace's catalogue."""
    require(actor, Right.CATALOGUE)
    if actor.workspace_id != workspace_id:
        raise NotAllowed(
            Sentence("%(actor)s acts in another workspace.", actor=actor.name),
            Sentence("Act in the workspace whose catalogue it is."),
        )


def _refuse_unknown_accounts(rows: Staged) -> None:
    coming = {row[0] for row in rows.accounts}
    wanted = {account: key for key, account in rows.account_ids.items() if account not in coming}
    known = set(Account.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    unknown = [":".join(key) for account, key in wanted.items() if account not in known]
    if unknown:
        raise AccountMissing(
            Sentence(
                "%(unknown_count)s accounts are neither in the batch nor in the catalogue, first %(unknown)s.",
                unknown_count=len(unknown),
                unknown=unknown[0],
            ),
            Sentence("Put each account's record into the batch."),
        )


def _keep_raw_answers(batch: Batch, rows: Staged) -> None:
    answers = [
        RawAnswer(
            account_id=rows.account_ids[answer.network, answer.account_network_id],
            network=answer.network,
            endpoint=answer.endpoint,
            body=zlib.compress(answer.body),
            fetched_at=answer.fetched_at,
            refresh_by=answer.refresh_by,
        )
        for answer in batch.raw
        if (answer.network, answer.account_network_id) in rows.account_ids
    ]
    RawAnswer.objects.bulk_create(answers, batch_size=500)
