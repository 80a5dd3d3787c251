"""An approval is used once, by the action that does exactly what was approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sillage.governance.engine.act_changes import changes, told_changes
from sillage.governance.engine.act_words import act_named
from sillage.governance.engine.acts import Act, Standing
from sillage.governance.models import ApprovalRequest
from sillage.governance.queries import act_of, standing
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


class ApprovalMissing(Refusal):
    """An act on the outside world needs an approval, and there is none that holds."""

    status = 403


class ApprovalStale(ApprovalMissing):
    """What was approved is not what would be done now."""


class ApprovalWaiting(ApprovalMissing):
    """People have been asked and have not all answered."""


class ApprovalRefused(ApprovalMissing):
    """Somebody said no to exactly this."""


class ApprovalExpired(ApprovalMissing):
    """The time in which the approval could be given or used is over."""


class ApprovalUsed(ApprovalMissing):
    """The approval was for once, and it was used."""


# The template of the message, which names the act and its request, and the hint.
_KINDS: Mapping[Standing, tuple[type[ApprovalMissing], Sentence, Sentence]] = {
    Standing.WAITING: (
        ApprovalWaiting,
        Sentence("%(named)s still waits for an approval (request %(request)s)."),
        Sentence("Its request names who may give it."),
    ),
    Standing.REFUSED: (
        ApprovalRefused,
        Sentence("%(named)s was refused (request %(request)s)."),
        Sentence("Read the reason, change what has to change, and ask again."),
    ),
    Standing.EXPIRED: (
        ApprovalExpired,
        Sentence("%(named)s had an approval that expired (request %(request)s)."),
        Sentence("Ask for a new one."),
    ),
    Standing.USED: (
        ApprovalUsed,
        Sentence("%(named)s was approved once, and that was used (request %(request)s)."),
        Sentence("Ask for a new approval to do it again."),
    ),
    Standing.WITHDRAWN: (
        ApprovalMissing,
        Sentence("%(named)s has a request that was withdrawn (request %(request)s)."),
        Sentence("Ask for an approval."),
    ),
}


def use_approval(*, act: Act, workspace_id: int, now: datetime) -> ApprovalRequest:
    """Take the approval of exactly this act, as part of the action that does it and in its transaction: it is gone then.

    The action puts `approval_fact(...)` of what comes back into the facts of its own entry. Raises ApprovalMissing, in the
    kind that says why: stale, waiting, refused, expired, used, or never asked.
    """
    asked = ApprovalRequest.objects.select_for_update(no_key=True).filter(
        workspace_id=workspace_id, verb=act.verb, subject_kind=act.subject_kind, subject_id=act.subject_id
    )
    requests = list(asked.order_by("-pk"))
    stands = {request.pk: standing(request, now) for request in requests}
    same = [request for request in requests if bytes(request.digest) == act.digest]
    usable = next((request for request in same if stands[request.pk] is Standing.APPROVED), None)
    if usable is None:
        raise _refusal(act, requests, same, stands)
    usable.used_at = now
    usable.save(update_fields=["used_at"])
    return usable


def _refusal(
    act: Act, requests: list[ApprovalRequest], same: list[ApprovalRequest], stands: Mapping[int, Standing]
) -> ApprovalMissing:
    named = act_named(act)
    if same:
        kind, said, do = _KINDS[stands[same[0].pk]]
        return kind(said.filled(named=named, request=same[0].pk), do)
    other = next((r for r in requests if stands[r.pk] is Standing.APPROVED), None)
    other = other or next((r for r in requests if stands[r.pk] in (Standing.WAITING, Standing.USED)), None)
    if other is None:
        return ApprovalMissing(Sentence("%(named)s has no approval.", named=named), Sentence("Ask for one."))
    differing = told_changes(changes(act_of(other), act))
    return ApprovalStale(
        Sentence(
            "%(named)s is not what request %(other)s was about any more: %(differing)s changed.",
            named=named,
            other=other.pk,
            differing=differing,
        ),
        Sentence("Ask again: the approvals page shows the difference."),
    )
