"""Reading drafts: versions, files, threads as they stand on a version, and what a link's holder may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from sillage.campaigns.engine.deliverables import CLIENT_REVIEW, publish_act
from sillage.campaigns.engine.text_diff import carried
from sillage.campaigns.models import (
    Collaboration,
    Deliverable,
    Draft,
    DraftCheck,
    DraftFile,
    DraftRemark,
    DraftThread,
    DraftVerdict,
)
from sillage.campaigns.queries.deliverables import get_deliverable
from sillage.governance import queries as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.acts import Act
from sillage.governance.engine.acts import Standing as AskStanding
from sillage.governance.engine.links import Purpose
from sillage.governance.models import ApprovalRequest, Link, Member
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.lib.word_diff import Piece, word_diff


@dataclass(frozen=True, slots=True)
class StandingThread:
    """A thread as it stands on a version. `at`: where its words are in that version's text; None: it is about a file, the
    whole, or words that are gone (`is_gone`), and then belongs to the version that it was begun on."""

    thread: DraftThread
    remarks: list[DraftRemark]
    at: tuple[int, int] | None
    is_gone: bool


def get_draft(workspace_id: int, draft_id: int) -> Draft:
    found = (
        Draft.objects.select_related("deliverable__campaign", "deliverable__collaboration", "member__person")
        .filter(deliverable__workspace_id=workspace_id, pk=draft_id)
        .first()
    )
    if found is None:
        raise NotFound(
            Sentence("No draft %(draft_id)s in this workspace.", draft_id=draft_id),
            Sentence("See a campaign’s deliverables on its page, or with `sillage deliverable list`."),
        )
    return found


def who_speaks(actor: Actor, link: Link | None) -> str:
    """The name under which somebody sends, says or settles something: a member's own, a link's label."""
    if link is not None:
        return link.label[:200]
    member = Member.objects.select_related("person").filter(pk=actor.member_id or 0).first()
    return (str(member.person) if member else actor.name)[:200]


def newest_draft(deliverable: Deliverable) -> Draft | None:
    return deliverable.drafts.order_by("-number").first()


def list_drafts(deliverable: Deliverable) -> list[Draft]:
    """All versions, the newest first, with files and verdicts."""
    return list(deliverable.drafts.prefetch_related("files", "verdicts").order_by("-number"))


def files_of(draft: Draft) -> list[DraftFile]:
    return list(draft.files.order_by("position"))


def verdicts_of(draft: Draft) -> list[DraftVerdict]:
    return list(draft.verdicts.order_by("decided_at", "pk"))


def last_check(draft: Draft) -> DraftCheck | None:
    return draft.checks.order_by("-checked_at", "-pk").first()


def changes_since(draft: Draft, other: Draft | None) -> list[Piece]:
    """The words that went and came since another version; none where there is none."""
    return word_diff(other.text, draft.text) if other is not None else []


def publish_act_of(draft: Draft, files: Sequence[DraftFile]) -> Act:
    """What an approval of this draft is bound to: its words, its files' hashes, and whose account says it."""
    deliverable = draft.deliverable
    content = {
        "campaign": deliverable.campaign.name,
        "deliverable": deliverable.name,
        "version": draft.number,
        "network": deliverable.network,
        "format": deliverable.format,
        "title": draft.title,
        "text": draft.text,
        "files": [{"name": f.name, "media_type": f.media_type, "sha256": f.sha256} for f in files],
    }
    to = deliverable.collaboration
    return publish_act(deliverable.pk, content, f"{deliverable.network}:{to.handle}" if to else deliverable.network)


def threads_on(draft: Draft, *, for_client: bool = False) -> list[StandingThread]:
    """The threads of this version and of those before it, carried to where their words are now. Open ones first.

    A client sees those in which a client speaks; the others are between team and creator.
    """
    threads = (
        DraftThread.objects.filter(draft__deliverable=draft.deliverable, draft__number__lte=draft.number)
        .select_related("draft", "file")
        .prefetch_related(Prefetch("remarks", DraftRemark.objects.order_by("written_at", "pk")))
        .order_by("opened_at", "pk")
    )
    if for_client:
        threads = threads.filter(remarks__side="client").distinct()
    placed = [_placed(thread, draft) for thread in threads]
    end = len(draft.text)
    return sorted(placed, key=lambda s: (s.thread.resolved_at is not None, s.is_gone, s.at or (end, end), s.thread.pk))


def _placed(thread: DraftThread, draft: Draft) -> StandingThread:
    remarks = list(thread.remarks.all())
    if thread.starts is None or thread.ends is None:
        is_gone = thread.file is not None and thread.draft_id != draft.pk and not _has_file(draft, thread.file)
        return StandingThread(thread, remarks, None, is_gone)
    if thread.draft_id == draft.pk:
        return StandingThread(thread, remarks, (thread.starts, thread.ends), False)
    at = carried(thread.draft.text, draft.text, thread.starts, thread.ends)
    return StandingThread(thread, remarks, at, at is None)


def _has_file(draft: Draft, file: DraftFile) -> bool:
    return any(other.sha256 == file.sha256 for other in draft.files.all())


def opened_deliverable(actor: Actor, link: Link | None, deliverable_id: int, *, lock: bool = False) -> Deliverable:
    """The deliverable, for a member who may work on campaigns or for the holder of a link that opens it."""
    require(actor, Right.CAMPAIGN if link is None else Right.LINK)
    deliverable = get_deliverable(actor.workspace_id, deliverable_id, lock=lock)
    if link is not None and not is_opened_by(link, deliverable):
        raise NotFound(
            Sentence("No deliverable %(deliverable_id)s behind this link.", deliverable_id=deliverable_id),
            Sentence("Ask whoever sent it for the right one."),
        )
    return deliverable


# -- what a link opens -----------------------------------------------------------------------------------------------


def get_collaboration_of_link(link: Link) -> Collaboration:
    """The collaboration that a creator's link opens."""
    found = Collaboration.objects.select_related("campaign").filter(workspace_id=link.workspace_id)
    one = (
        found.filter(pk=int(link.subject_id)).first() if _opens(link, Purpose.COLLABORATION, "collaboration") else None
    )
    if one is None:
        raise NotFound(Sentence("This link opens nothing any more."), Sentence("Ask whoever sent it for a new one."))
    return one


def get_deliverable_of_link(link: Link, deliverable_id: int) -> Deliverable:
    """A deliverable that a link opens: of its collaboration; for a client, one that was put before them."""
    deliverable = get_deliverable(link.workspace_id, deliverable_id)
    if not is_opened_by(link, deliverable):
        raise NotFound(
            Sentence("No deliverable %(deliverable_id)s behind this link.", deliverable_id=deliverable_id),
            Sentence("Ask whoever sent it for the right one."),
        )
    return deliverable


def is_opened_by(link: Link, deliverable: Deliverable) -> bool:
    """Whether a link opens this deliverable. Templates are opened by none."""
    if deliverable.collaboration_id is None or link.workspace_id != deliverable.workspace_id:
        return False
    if _opens(link, Purpose.COLLABORATION, "collaboration"):
        return link.subject_id == str(deliverable.collaboration_id)
    if not _opens(link, Purpose.REVIEW, "campaign") or link.subject_id != str(deliverable.campaign_id):
        return False
    asked = ApprovalRequest.objects.filter(workspace_id=link.workspace_id, verb=CLIENT_REVIEW, withdrawn_at=None)
    return asked.filter(subject_kind="deliverable", subject_id=str(deliverable.pk)).exists()


def _opens(link: Link, purpose: Purpose, kind: str) -> bool:
    return link.purpose == purpose.value and link.subject_kind == kind and link.subject_id.isdecimal()


@dataclass(frozen=True, slots=True)
class ForReview:
    """A version that was put before the client. `word` is what this link's holder said of it: "" nothing yet."""

    draft: Draft
    request: ApprovalRequest
    standing: AskStanding
    word: str


def list_for_review(link: Link, now: datetime) -> list[ForReview]:
    """What a client sees: the versions of the campaign's drafts that a member put before them, the newest of each."""
    if not _opens(link, Purpose.REVIEW, "campaign"):
        return []
    asked = ApprovalRequest.objects.filter(
        workspace_id=link.workspace_id, verb=CLIENT_REVIEW, review_kind="campaign", review_id=link.subject_id
    ).exclude(withdrawn_at__isnull=False)
    newest = {int(request.subject_id): request for request in asked.prefetch_related("approvals").order_by("pk")}
    drafts = (
        Draft.objects.filter(deliverable__workspace_id=link.workspace_id, deliverable__in=newest)
        .filter(deliverable__campaign_id=int(link.subject_id))
        .select_related("deliverable__collaboration", "deliverable__campaign")
        .prefetch_related("files")
        .order_by("deliverable__publish_from", "deliverable_id", "-number")
    )
    found = []
    for draft in drafts:
        request = newest.get(draft.deliverable_id)
        if request is not None and request.content.get("version") == draft.number:
            found.append(ForReview(draft, request, governance.standing(request, now), _word_of(request, link)))
    return sorted(found, key=lambda one: (bool(one.word), one.standing is not AskStanding.WAITING))


def _word_of(request: ApprovalRequest, link: Link) -> str:
    return next((a.verdict for a in request.approvals.all() if a.link_id == link.pk), "")


def get_for_review(link: Link, draft_id: int, now: datetime) -> ForReview:
    found = next((one for one in list_for_review(link, now) if one.draft.pk == draft_id), None)
    if found is None:
        raise NotFound(
            Sentence("This draft is not put before you, or a newer version of it is."), Sentence("Open the list again.")
        )
    return found
