"""Drafts, threads and live posts over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field

from sillage.campaigns.actions import drafts, live, reviewing, threads
from sillage.campaigns.actions.uploads import keep_files, sent_files
from sillage.campaigns.api.deliverables import DeliverableShape
from sillage.campaigns.models import Deliverable, Draft, DraftFile, LiveMatch
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.deliverables import get_deliverable
from sillage.campaigns.queries.drafts import files_of, get_draft, last_check, list_drafts, threads_on, verdicts_of
from sillage.campaigns.queries.live import list_matches
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Given, Rows, rows

router = Router()


class FileShape(Schema):
    """A picture or film as it is kept. `removed`: what the file told besides; `sealed`: kept as it came, too, under seal."""

    id: int
    name: str
    sha256: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    seconds: float | None
    removed: list[str]
    sealed: bool
    says_machine_made: bool

    @staticmethod
    def resolve_sealed(file: DraftFile) -> bool:
        return bool(file.sealed_sha256)


class DraftShape(Schema):
    """A version. `digest` covers its words and files; an approval is bound to it."""

    id: int
    deliverable_id: int
    number: int
    title: str
    text: str
    note: str
    facts: dict[str, Any]
    digest: str
    who: str
    came_at: datetime

    @staticmethod
    def resolve_digest(draft: Draft) -> str:
        return bytes(draft.digest).hex()


class CheckShape(Schema):
    """What law packs and the campaign's own rules said, by rules; never legal advice."""

    packs: str
    verdict: str
    findings: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    checked_at: datetime


class VerdictShape(Schema):
    """What a person said of a draft."""

    word: str
    reason: str
    who: str
    decided_at: datetime


class RemarkShape(Schema):
    """A line of a thread; `side` is team, creator or client."""

    side: str
    who: str
    text: str
    written_at: datetime


class ThreadShape(Schema):
    """A thread as it stands on this version: `starts`, `ends` in its text; null where it is about no words, or gone ones."""

    id: int
    quote: str
    starts: int | None
    ends: int | None
    on_version: int
    is_gone: bool
    resolved_at: datetime | None
    remarks: list[RemarkShape]


class DraftRead(Schema):
    """A draft with its files, what rules and people say of it."""

    draft: DraftShape
    files: list[FileShape]
    check: CheckShape | None
    verdicts: list[VerdictShape]
    threads: list[ThreadShape]


class WordGiven(Given):
    """What is said of a draft. `client`, `put_forward` and `release` need no reason."""

    word: Literal["approve", "changes", "refuse", "put_forward", "client", "release"]
    reason: Annotated[str, Field(max_length=500)] = ""


class ThreadGiven(Given):
    """A thread on `text[starts:ends]` of the draft, counted in characters; on the whole without them."""

    text: Annotated[str, Field(max_length=2000)]
    starts: int | None = None
    ends: int | None = None
    file_id: int | None = None


class RemarkGiven(Given):
    """An answer; or `settled`, which settles the thread or opens it again."""

    text: Annotated[str, Field(max_length=2000)] = ""
    settled: bool | None = None


class LiveLinkGiven(Given):
    """The address of the post."""

    url: Annotated[str, Field(max_length=2000)]


class MatchShape(Schema):
    """A post that may be a deliverable's. `is_by_link` without `who` of a person: a rule confirmed it."""

    id: int
    deliverable_id: int
    account_id: BigId
    post_id: BigId
    url: str
    published_at: datetime
    score: float
    reasons: list[dict[str, Any]]
    standing: str
    is_by_link: bool
    who: str
    decided_at: datetime | None


class Counted(Schema):
    """How many of each kind."""

    counts: dict[str, int]


class MatchWord(Given):
    """Whether the post is the one."""

    word: Literal["confirm", "dismiss"]


@router.get("/deliverables/{int:deliverable_id}/drafts", **allowed(Right.READ), response=Rows[DraftShape])
def list_drafts_of(request: Call, deliverable_id: int) -> dict[str, Any]:
    """All versions, the newest first."""
    return rows(list_drafts(get_deliverable(request.auth.workspace_id, deliverable_id)))


@router.post("/deliverables/{int:deliverable_id}/drafts", **allowed(Right.CAMPAIGN), response={201: DraftRead})
def submit_draft(
    request: Call,
    deliverable_id: int,
    text: Form[str] = "",
    title: Form[str] = "",
    note: Form[str] = "",
    files: File[list[UploadedFile]] = [],  # noqa: B006  # read by ninja, never written
) -> dict[str, Any]:
    """Enter the next version; pictures and films are checked by their bytes and cleaned."""
    get_deliverable(request.auth.workspace_id, deliverable_id)
    kept = keep_files(request.auth.workspace_id, sent_files(files))
    draft = drafts.submit_draft(
        deliverable_id=deliverable_id,
        text=text,
        title=title,
        note=note,
        files=kept,
        actor=request.auth,
        now=timezone.now(),
    )
    return _read(draft)


@router.get("/drafts/{int:draft_id}", **allowed(Right.READ), response=DraftRead)
def read_draft(request: Call, draft_id: int) -> dict[str, Any]:
    """A version with its files, what law packs, rules and people say of it, and its threads."""
    return _read(get_draft(request.auth.workspace_id, draft_id))


def _read(draft: Draft) -> dict[str, Any]:
    return {
        "draft": draft,
        "files": files_of(draft),
        "check": last_check(draft),
        "verdicts": verdicts_of(draft),
        "threads": [_thread(one) for one in threads_on(draft)],
    }


def _thread(one: Any) -> dict[str, Any]:
    return {
        "id": one.thread.pk,
        "quote": one.thread.quote,
        "starts": one.at[0] if one.at else None,
        "ends": one.at[1] if one.at else None,
        "on_version": one.thread.draft.number,
        "is_gone": one.is_gone,
        "resolved_at": one.thread.resolved_at,
        "remarks": one.remarks,
    }


@router.post("/drafts/{int:draft_id}/check", **allowed(Right.CAMPAIGN), response=CheckShape)
def check_draft(request: Call, draft_id: int) -> Any:
    """Hold a draft against law packs and rules as they are today."""
    return drafts.check_draft(draft_id=draft_id, actor=request.auth, now=timezone.now())


@router.post("/drafts/{int:draft_id}/word", **allowed(Right.CAMPAIGN), response=DeliverableShape)
def say_of_draft(request: Call, draft_id: int, given: WordGiven) -> Deliverable:
    """Approve (which needs the right to), ask for changes, refuse, put before colleagues or the client, or release."""
    more: dict[str, Any] = {"draft_id": draft_id, "actor": request.auth, "now": timezone.now()}
    match given.word:
        case "approve":
            reviewing.approve_draft(**more, reason=given.reason)
        case "changes":
            reviewing.ask_changes(**more, reason=given.reason)
        case "refuse":
            reviewing.refuse_draft(**more, reason=given.reason)
        case "put_forward":
            reviewing.ask_draft_approval(**more)
        case "client":
            reviewing.ask_client(**more)
        case "release":
            reviewing.release_draft(**more)
    return get_draft(request.auth.workspace_id, draft_id).deliverable


@router.post("/drafts/{int:draft_id}/threads", **allowed(Right.CAMPAIGN), response={201: DraftRead})
def open_thread(request: Call, draft_id: int, given: ThreadGiven) -> dict[str, Any]:
    """Begin a thread on some words, on a file, or on the whole."""
    made = threads.open_thread(draft_id=draft_id, **given.dict(), actor=request.auth, now=timezone.now())
    return _read(made.draft)


@router.post("/threads/{int:thread_id}", **allowed(Right.CAMPAIGN), response=DraftRead)
def answer_thread(request: Call, thread_id: int, given: RemarkGiven) -> dict[str, Any]:
    """Answer in a thread, settle it, or open it again."""
    now = timezone.now()
    if given.settled is None:
        made = threads.answer_thread(thread_id=thread_id, text=given.text, actor=request.auth, now=now)
    else:
        made = threads.resolve_thread(thread_id=thread_id, is_resolved=given.settled, actor=request.auth, now=now)
    return _read(get_draft(request.auth.workspace_id, made.draft_id))


# -- live ------------------------------------------------------------------------------------------------------------


@router.get("/campaigns/{int:campaign_id}/live", **allowed(Right.READ), response=Rows[MatchShape])
def list_live(request: Call, campaign_id: int) -> dict[str, Any]:
    """Posts that were suggested, confirmed or dismissed, the latest first."""
    return rows(list_matches(get_campaign(request.auth.workspace_id, campaign_id)))


@router.post("/campaigns/{int:campaign_id}/live/match", **allowed(Right.CAMPAIGN), response=Counted)
def match_live(request: Call, campaign_id: int) -> dict[str, Any]:
    """Look for the deliverables' posts in the catalogue."""
    return {"counts": live.match_live(campaign_id=campaign_id, actor=request.auth, now=timezone.now())}


@router.post(
    "/campaigns/{int:campaign_id}/live/watch", **allowed(Right.CAMPAIGN, kept=Kept.AFTERWARDS), response=Counted
)
def watch_live(request: Call, campaign_id: int) -> dict[str, Any]:
    """Look at confirmed posts again, as the catalogue has them: edits, removals and what is due are kept."""
    return {"counts": live.watch_live(campaign_id=campaign_id, actor=request.auth, now=timezone.now())}


@router.post("/deliverables/{int:deliverable_id}/live", **allowed(Right.CAMPAIGN), response=DeliverableShape)
def give_live_link(request: Call, deliverable_id: int, given: LiveLinkGiven) -> Deliverable:
    """Say where the post is: an exact link confirms it as soon as the catalogue has it."""
    live.give_live_link(deliverable_id=deliverable_id, url=given.url, actor=request.auth, now=timezone.now())
    return get_deliverable(request.auth.workspace_id, deliverable_id)


@router.post("/matches/{int:match_id}", **allowed(Right.CAMPAIGN), response=MatchShape)
def decide_match(request: Call, match_id: int, given: MatchWord) -> LiveMatch:
    """A person says whether a post is the one."""
    act = live.confirm_match if given.word == "confirm" else live.dismiss_match
    return act(match_id=match_id, actor=request.auth, now=timezone.now())
