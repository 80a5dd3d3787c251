"""Drafts of people who were erased, and what was approved of theirs: the words and files go, that there was one stays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Q

from sillage.adapters import blobs
from sillage.campaigns.models import (
    ERASED,
    Collaboration,
    Deliverable,
    Draft,
    DraftCheck,
    DraftFile,
    DraftRemark,
    DraftThread,
    Invitation,
    LiveLink,
)
from sillage.campaigns.queries.contracts import signed_versions
from sillage.campaigns.queries.invitations import letter_of
from sillage.governance.actions.forgetting import forget_letter_in_request, forget_requests


def forget_drafts(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Empty drafts and what was said on them, as part of an erasure. Call before letters and collaborations are emptied.

    Under a contract that both signed they stay with it: they prove what was delivered (GDPR, article 17(3)(e)).
    """
    theirs = list(Collaboration.objects.filter(workspace_id=workspace_id, account_id__in=list(account_ids)))
    bound = signed_versions(theirs)
    free = [row.pk for row in theirs if row.pk not in bound]
    deliverables = list(Deliverable.objects.filter(collaboration__in=free).values_list("pk", flat=True))
    drafts = Draft.objects.filter(deliverable__in=deliverables)
    files = _forget_files(workspace_id, deliverables)
    threads = DraftThread.objects.filter(draft__in=drafts)
    DraftRemark.objects.filter(thread__in=threads).update(text="", who=ERASED, member=None, link=None)
    threads.update(quote="", starts=None, ends=None)
    DraftCheck.objects.filter(draft__in=drafts).update(findings=[], rules=[])
    LiveLink.objects.filter(deliverable__in=deliverables).update(url="", who=ERASED)
    emptied = drafts.update(title="", text="", note="", note_said=None, facts={}, who=ERASED)
    asked = forget_requests(workspace_id, "deliverable", deliverables)
    return {
        "draft": emptied,
        "draftfile": files,
        "approvalrequest": asked + _forget_letters_asked(workspace_id, theirs),
    }


def _forget_files(workspace_id: int, deliverables: Sequence[int]) -> int:
    """Rows at once; bytes that no other draft has, when the erasure is committed."""
    rows = DraftFile.objects.filter(draft__deliverable__in=deliverables)
    hashes = {sha for pair in rows.values_list("sha256", "sealed_sha256") for sha in pair if sha}
    removed = rows.delete()[1].get("campaigns.DraftFile", 0)
    others = DraftFile.objects.filter(draft__deliverable__workspace_id=workspace_id)
    for sha in hashes:
        if not others.filter(Q(sha256=sha) | Q(sealed_sha256=sha)).exists():
            transaction.on_commit(partial(blobs.forget, workspace_id, sha))
    return removed


def _forget_letters_asked(workspace_id: int, theirs: Sequence[Collaboration]) -> int:
    """What was asked about letters: one by one, and within plans of many."""
    ids = [row.pk for row in theirs]
    n = forget_requests(workspace_id, "collaboration", ids)
    letters = Invitation.objects.filter(workspace_id=workspace_id, collaboration__in=ids).exclude(plan=None)
    for row in letters.select_related("collaboration__account"):
        n += forget_letter_in_request(
            workspace_id, row.plan_id or 0, str(row.collaboration_id), {letter_of(row).recipient}
        )
    return n
