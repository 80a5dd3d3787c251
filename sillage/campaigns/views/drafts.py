"""The page of a deliverable: its newest draft beside what packs, rules and people say of it; and what members do there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.actions import drafts as actions
from sillage.campaigns.actions import live, reviewing, threads
from sillage.campaigns.actions.uploads import keep_files, most_bytes, sent_files
from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.models import DraftFile
from sillage.campaigns.queries.deliverables import get_deliverable
from sillage.campaigns.queries.drafts import get_draft, list_drafts
from sillage.campaigns.queries.live import get_match, live_state
from sillage.campaigns.queries.review import requests_of, review_of
from sillage.campaigns.views.deliverable_forms import fact_choices, facts_given, facts_to_ask
from sillage.campaigns.views.kept_files import file_answer
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence

MEDIA = {"media-src": [SELF]}


@require_GET
@csp_update(MEDIA)
@page(Right.READ)
def deliverable(request: Visit, deliverable_id: int) -> HttpResponse:
    """`?version=` an older draft."""
    return render(request, "campaigns/deliverable.html", _context(request, deliverable_id))


def _context(request: Visit, deliverable_id: int, **more: Any) -> dict[str, Any]:
    found = get_deliverable(request.workspace.pk, deliverable_id)
    now = timezone.now()
    versions = list_drafts(found)
    wanted = request.GET.get("version", "")
    draft = next((d for d in versions if str(d.number) == wanted), versions[0] if versions else None)
    state = DeliverableState(found.state)
    context: dict[str, Any] = {
        "deliverable": found,
        "collaboration": found.collaboration,
        "campaign": found.campaign,
        "versions": versions,
        "draft": draft,
        "is_newest": draft is not None and draft is versions[0],
        "may_change": Right.CAMPAIGN in request.actor.rights,
        "may_approve": Right.APPROVE in request.actor.rights,
        "takes_drafts": state.takes_drafts and found.collaboration_id is not None,
        "live": live_state(found),
        "most": most_bytes(),
        "now": now,
        **fact_choices(),
        **more,
    }
    if draft is not None:
        context |= review_of(draft) | {"requests": requests_of(found, draft, now)}
        asked = [question.fact for question in context["questions"]]
        context["facts"] = facts_to_ask(asked, found.facts | draft.facts)
    return context


@require_GET
@page(Right.READ)
def draft(request: Visit, draft_id: int) -> HttpResponse:
    """A version has its address below its deliverable."""
    found = get_draft(request.workspace.pk, draft_id)
    address = reverse("campaigns:deliverable", args=[request.workspace.slug, found.deliverable_id])
    return redirect(f"{address}?version={found.number}")


@csrf_exempt  # asked for below, after it is known who sends: the body is read while it comes in
@require_POST
@page(Right.CAMPAIGN)
@csrf_protect
def submit(request: HttpRequest, deliverable_id: int) -> HttpResponse:
    """A member enters what a creator sent by another way."""
    visit: Any = request
    try:
        _submitted(visit, deliverable_id)
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        given = {name: request.POST.get(name, "") for name in ("title", "text", "note")}
        context = _context(visit, deliverable_id, wrong=refusal, given=given)
        return render(request, "campaigns/deliverable.html", context, status=refusal.status)
    messages.success(request, _("The draft is kept and checked."))
    return redirect("campaigns:deliverable", visit.workspace.slug, deliverable_id)


def _submitted(request: Visit, deliverable_id: int) -> None:
    get_deliverable(request.workspace.pk, deliverable_id)
    actions.submit_draft(
        deliverable_id=deliverable_id,
        title=request.POST.get("title", ""),
        text=request.POST.get("text", ""),
        note=request.POST.get("note", ""),
        facts=facts_given(request.POST),
        files=keep_files(request.workspace.pk, sent_files(request.FILES.getlist("files"))),
        again=[int(x) for x in request.POST.getlist("again") if x.isdecimal()],
        actor=request.actor,
        now=timezone.now(),
    )


@require_POST
@page(Right.CAMPAIGN)
def answer(request: Visit, deliverable_id: int) -> HttpResponse:
    """Answers to what law packs ask; the newest draft is held against them again."""
    actions.answer_facts(
        deliverable_id=deliverable_id, facts=facts_given(request.POST), actor=request.actor, now=timezone.now()
    )
    return redirect(_at(request, deliverable_id, "law"))


@require_POST
@page(Right.CAMPAIGN)
def check_again(request: Visit, draft_id: int) -> HttpResponse:
    """Hold a draft against the packs as they are today."""
    check = actions.check_draft(draft_id=draft_id, actor=request.actor, now=timezone.now())
    return redirect(_at(request, check.draft.deliverable_id, "law"))


SAID: dict[str, Callable[..., Any]] = {
    "approve": reviewing.approve_draft,
    "changes": reviewing.ask_changes,
    "refuse": reviewing.refuse_draft,
    "put_forward": lambda reason, **more: reviewing.ask_draft_approval(**more),
    "client": lambda reason, **more: reviewing.ask_client(**more),
    "release": lambda reason, **more: reviewing.release_draft(**more),
}


@require_POST
@page(Right.CAMPAIGN)
def say(request: Visit, draft_id: int) -> HttpResponse:
    """Approve, ask for changes, refuse, put before colleagues or the client, or let it be published."""
    found = get_draft(request.workspace.pk, draft_id)
    word = request.POST.get("word", "")
    if word not in SAID:
        raise NotFound(
            Sentence("There is no word “%(word)s”.", word=word[:40]),
            Sentence("There are %(said)s.", said=", ".join(SAID)),
        )
    reason = request.POST.get("reason", "")
    try:
        SAID[word](draft_id=draft_id, reason=reason, actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        context = _context(request, found.deliverable_id, refused=refusal, reason=reason)
        return render(request, "campaigns/deliverable.html", context, status=refusal.status)
    return redirect(_at(request, found.deliverable_id, "verdict"))


def _at(request: Visit, deliverable_id: int, place: str) -> str:
    return f"{reverse('campaigns:deliverable', args=[request.workspace.slug, deliverable_id])}#{place}"


# -- threads ---------------------------------------------------------------------------------------------------------


def marked_words(post: Any, text: str) -> tuple[int | None, int | None]:
    """Where the marked words are: as a script counted, else where the typed words stand first; (None, None): the whole."""
    starts, ends = post.get("starts", ""), post.get("ends", "")
    if starts.isdecimal() and ends.isdecimal():
        return int(starts), int(ends)
    quote = post.get("quote", "").strip()
    if not quote:
        return None, None
    at = text.find(quote)
    if at < 0:
        raise threads.RemarkMalformed(
            Sentence("“%(quote)s” does not stand in the draft.", quote=quote[:60]),
            Sentence("Copy the words exactly, or leave the field empty."),
        )
    return at, at + len(quote)


@require_POST
@page(Right.CAMPAIGN)
def open_thread(request: Visit, draft_id: int) -> HttpResponse:
    found = get_draft(request.workspace.pk, draft_id)
    starts, ends = marked_words(request.POST, found.text)
    file = request.POST.get("file", "")
    made = threads.open_thread(
        draft_id=draft_id,
        text=request.POST.get("text", ""),
        starts=starts,
        ends=ends,
        file_id=int(file) if file.isdecimal() else None,
        actor=request.actor,
        now=timezone.now(),
    )
    return redirect(_at(request, found.deliverable_id, f"thread-{made.pk}"))


@require_POST
@page(Right.CAMPAIGN)
def answer_thread(request: Visit, thread_id: int) -> HttpResponse:
    """Answer it, settle it, or open it again."""
    now = timezone.now()
    if request.POST.get("settle"):
        is_resolved = request.POST["settle"] == "yes"
        made = threads.resolve_thread(thread_id=thread_id, is_resolved=is_resolved, actor=request.actor, now=now)
    else:
        text = request.POST.get("text", "")
        made = threads.answer_thread(thread_id=thread_id, text=text, actor=request.actor, now=now)
    return redirect(_at(request, made.draft.deliverable_id, f"thread-{made.pk}"))


@require_GET
@page(Right.READ)
def file(request: Visit, file_id: int) -> HttpResponse:
    found = DraftFile.objects.filter(pk=file_id, draft__deliverable__workspace_id=request.workspace.pk).first()
    if found is None:
        raise NotFound(
            Sentence("No file %(file_id)s in this workspace.", file_id=file_id), Sentence("Open the draft again.")
        )
    return file_answer(request, request.workspace.pk, found)


# -- live ------------------------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def give_link(request: Visit, deliverable_id: int) -> HttpResponse:
    """Where the post is."""
    found = live.give_live_link(
        deliverable_id=deliverable_id, url=request.POST.get("url", ""), actor=request.actor, now=timezone.now()
    )
    messages.success(
        request,
        _("The post was found and checked.") if found else _("Kept. The post is looked for when the catalogue has it."),
    )
    return redirect(_at(request, deliverable_id, "live"))


@require_POST
@page(Right.CAMPAIGN)
def decide_match(request: Visit, match_id: int) -> HttpResponse:
    """A person says whether a post is the one."""
    found = get_match(request.workspace.pk, match_id)
    act = live.confirm_match if request.POST.get("word") == "confirm" else live.dismiss_match
    act(match_id=match_id, actor=request.actor, now=timezone.now())
    return redirect(_at(request, found.deliverable_id, "live"))
