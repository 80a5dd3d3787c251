"""Marking accounts whose biography says that they are a minor's: they are neither profiled nor proposed."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from django.db import transaction

from sillage.catalogue.models import Account
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding.actions.account_signals import Found, keep_account_signals
from sillage.understanding.engine.minors import MINOR, VERSION, said_minor
from sillage.understanding.models import AccountSignal
from sillage.understanding.queries.account_signals import digests_of, get_minor_signal

CONFIDENCE = 0.8  # people also write ages that are jokes, or were true once
MAY_SAY_IT = (  # which biographies are read: a coarse net, the rule decides
    r"\m(1[0-7]|[89])|20[012][0-9]|coll[ée]gien|lyc[ée]en|\men [3-6]e|\men (seconde|premi)|school|grader|\meso\M|licea|media"
    r"|gymnas"
)


@transaction.atomic
def mark_minors(*, actor: Actor, now: datetime) -> int:
    """Read the biographies that may say an age, and mark those that say one below 18. Returns how many are newly marked.

    A person's word stands against the mark (`clear_minor`). A biography that says it no longer is unmarked.
    """
    require(actor, Right.CATALOGUE)
    bios = Account.objects.filter(workspace_id=actor.workspace_id, bio__iregex=MAY_SAY_IT)
    read: dict[int, str] = dict(bios.values_list("pk", "bio").iterator())
    said = {a: it for a, bio in read.items() if (it := said_minor(bio, now.date())) is not None}
    marked = AccountSignal.objects.filter(account__workspace_id=actor.workspace_id, enricher=MINOR)
    cleared = set(marked.filter(value__holds=False).values_list("account_id", "content_hash"))
    stale = marked.filter(value__holds=True).exclude(account_id__in=said).delete()[0]
    known = digests_of(list(said), MINOR)
    found = [
        Found(a, _digest(read[a]), {"holds": True, "age": s.age}, CONFIDENCE, [{"words": [s.words]}])
        for a, s in said.items()
        if (a, _digest(read[a])) not in cleared
    ]
    new = sum(1 for f in found if known.get(f.account_id) != (VERSION, f.digest))
    keep_account_signals(MINOR, VERSION, found, now)
    if new or stale:
        governance.record(
            verb="understanding.minors_marked",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"marked": new, "unmarked": stale},
        )
    return new


def _digest(bio: str) -> int:
    return int.from_bytes(blake2b(bio.encode(), digest_size=8).digest(), "big") >> 1


class AdultReasonMissing(Refusal):
    """A person's word against a mark needs how they know."""

    status = 422


@transaction.atomic
def clear_minor(*, account_id: int, reason: str, actor: Actor, now: datetime) -> AccountSignal:
    """A person says that the account is an adult's, and how they know. A changed biography is read anew."""
    require(actor, Right.ERASE)
    if not reason.strip():
        raise AdultReasonMissing(
            Sentence("It is not said how you know."), Sentence("Say in a few words why the account is an adult’s.")
        )
    signal = get_minor_signal(actor.workspace_id, account_id)
    signal.value = {**signal.value, "holds": False, "cleared": reason.strip()[:300]}
    signal.save(update_fields=["value"])
    governance.record(
        verb="understanding.minor_cleared",
        subject_kind="account",
        subject_id=account_id,
        actor=actor,
        now=now,
        facts={"reason": reason.strip()[:300]},
    )
    return signal
