"""Threads on drafts: both sides, and the client, speak about the exact words; a thread is open until somebody settles it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.campaigns.actions.drafts import side_of
from sillage.campaigns.models import Draft, DraftRemark, DraftThread
from sillage.campaigns.queries.drafts import get_draft, opened_deliverable, who_speaks
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Link
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Grouped, Sentence
from sillage.lib.text import without_controls

MOST_REMARK, MOST_THREADS = 2_000, 200


class RemarkMalformed(Malformed):
    """A remark has words, and is about words that stand in the draft."""

    title = "Malformed remark"


class TooManyThreads(Refusal):
    """A draft is discussed in a bounded number of threads."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            Sentence(
                "Version %(number)s has %(most_threads)s threads.", number=draft.number, most_threads=MOST_THREADS
            ),
            Sentence("Answer in one of them."),
        )


class ThreadSettled(Refusal):
    """The thread is as it would be made already."""


@transaction.atomic
def open_thread(
    *,
    draft_id: int,
    text: str,
    actor: Actor,
    now: datetime,
    starts: int | None = None,
    ends: int | None = None,
    file_id: int | None = None,
    link: Link | None = None,
) -> DraftThread:
    """Begin a thread on `draft.text[starts:ends]`, on a file, or on the whole where neither is named."""
    draft = _draft(actor, link, draft_id)
    quote = _quote(draft, starts, ends)
    file = draft.files.filter(pk=file_id).first() if file_id else None
    if file_id and file is None:
        raise NotFound(Sentence("This file is not of this version."), Sentence("Load the page again."))
    if draft.threads.count() >= MOST_THREADS:
        raise TooManyThreads(draft)
    thread = DraftThread.objects.create(
        draft=draft,
        starts=starts if quote else None,
        ends=ends if quote else None,
        quote=quote,
        file=file,
        opened_at=now,
    )
    _write(thread, text, actor, now, link)
    governance.record(
        verb="campaigns.thread_opened",
        subject_kind="deliverable",
        subject_id=draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"draft": draft.pk, "thread": thread.pk, "words": len(quote)},
    )
    return thread


def _draft(actor: Actor, link: Link | None, draft_id: int) -> Draft:
    draft = get_draft(actor.workspace_id, draft_id)
    opened_deliverable(actor, link, draft.deliverable_id)
    return draft


def _quote(draft: Draft, starts: int | None, ends: int | None) -> str:
    if starts is None and ends is None:
        return ""
    if starts is None or ends is None or not 0 <= starts < ends <= len(draft.text):
        raise RemarkMalformed(
            Sentence("These words do not stand in the draft."), Sentence("Mark them again."), place="starts"
        )
    return draft.text[starts:ends]


def _write(thread: DraftThread, text: str, actor: Actor, now: datetime, link: Link | None) -> None:
    said = without_controls(text).strip()
    if not said or len(said) > MOST_REMARK:
        raise RemarkMalformed(
            Sentence("The remark has %(said_count)s characters.", said_count=len(said)),
            Sentence("Write 1 to %(most_remark)s of them.", most_remark=Grouped(MOST_REMARK)),
            place="text",
        )
    DraftRemark.objects.create(
        thread=thread,
        text=said,
        side=side_of(link),
        member_id=actor.member_id,
        link=link,
        who=who_speaks(actor, link),
        written_at=now,
    )


@transaction.atomic
def answer_thread(*, thread_id: int, text: str, actor: Actor, now: datetime, link: Link | None = None) -> DraftThread:
    """Say something in a thread. One that was settled is open again."""
    thread = _thread(actor, link, thread_id)
    _write(thread, text, actor, now, link)
    _settle(thread, None, "")
    governance.record(
        verb="campaigns.thread_answered",
        subject_kind="deliverable",
        subject_id=thread.draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"thread": thread.pk},
    )
    return thread


@transaction.atomic
def resolve_thread(
    *, thread_id: int, actor: Actor, now: datetime, is_resolved: bool = True, link: Link | None = None
) -> DraftThread:
    """Settle a thread, or open it again."""
    thread = _thread(actor, link, thread_id)
    if (thread.resolved_at is not None) == is_resolved:
        raise ThreadSettled(
            Sentence("This thread is settled already.") if is_resolved else Sentence("This thread is open already."),
            Sentence("Load the page again to see by whom."),
        )
    _settle(thread, now if is_resolved else None, who_speaks(actor, link) if is_resolved else "")
    governance.record(
        verb="campaigns.thread_resolved",
        subject_kind="deliverable",
        subject_id=thread.draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"thread": thread.pk, "resolved": is_resolved},
    )
    return thread


def _settle(thread: DraftThread, at: datetime | None, who: str) -> None:
    thread.resolved_at, thread.resolved_who = at, who[:200]
    thread.save(update_fields=["resolved_at", "resolved_who"])


def _thread(actor: Actor, link: Link | None, thread_id: int) -> DraftThread:
    found = (
        DraftThread.objects.select_for_update(of=("self",))
        .select_related("draft")
        .filter(pk=thread_id, draft__deliverable__workspace_id=actor.workspace_id)
        .first()
    )
    if found is None:
        raise NotFound(
            Sentence("No thread %(thread_id)s in this workspace.", thread_id=thread_id),
            Sentence("Load the page again."),
        )
    opened_deliverable(actor, link, found.draft.deliverable_id)
    if side_of(link) == "client" and not found.remarks.filter(side="client").exists():
        raise NotFound(
            Sentence("No thread %(thread_id)s before you.", thread_id=thread_id), Sentence("Begin one of your own.")
        )
    return found
