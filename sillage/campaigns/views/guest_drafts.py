"""A creator's page, by their link: the brief, what to deliver, where each draft stands, and the form that sends one."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.actions import drafts as actions
from sillage.campaigns.actions import live, threads
from sillage.campaigns.actions.uploads import keep_files, most_bytes, sent_files
from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.models import Collaboration, Deliverable, DraftFile
from sillage.campaigns.queries import drafts as queries
from sillage.campaigns.queries.live import live_state
from sillage.campaigns.queries.review import review_of
from sillage.campaigns.views.deliverable_forms import FIRST_ASKED, fact_choices, facts_given, facts_to_ask
from sillage.campaigns.views.drafts import MEDIA, marked_words
from sillage.campaigns.views.kept_files import file_answer
from sillage.governance.access import Guest, guest_page
from sillage.governance.engine.links import Purpose
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence

ALSO = (("creator_contract", gettext_lazy("Your contract")), ("creator_address", gettext_lazy("Your delivery address")))


@require_GET
@csp_update(MEDIA)
@guest_page(Purpose.COLLABORATION)
def collaboration(request: Guest) -> HttpResponse:
    return _page(request, queries.get_collaboration_of_link(request.link))


def _page(request: Guest, found: Collaboration, status: int = 200, **more: Any) -> HttpResponse:
    rows = found.deliverables.select_related("campaign", "collaboration").order_by("draft_due_on", "pk")
    context = {
        "collaboration": found,
        "campaign": found.campaign,
        "shown": [_shown(row) for row in rows],
        "secret": _secret(request),
        "until": request.link.expires_at,
        "most": most_bytes(),
        "also": also_here(_secret(request), found),
        "now": timezone.now(),
        **fact_choices(),
        **more,
    }
    return render(request, "campaigns/creator_drafts.html", context, status=status)


def _secret(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs["secret"]) if match else ""


def _shown(row: Deliverable) -> dict[str, Any]:
    """A deliverable as its creator sees it."""
    newest = queries.newest_draft(row)
    shown: dict[str, Any] = {
        "deliverable": row,
        "takes_drafts": DeliverableState(row.state).takes_drafts,
        "may_link": row.state in (DeliverableState.APPROVED, DeliverableState.LIVE),
        "live": live_state(row),
        "facts": facts_to_ask(FIRST_ASKED, newest.facts if newest else {}),
    }
    return shown | (review_of(newest) if newest else {"draft": None})


@csrf_exempt  # asked for below, after it is known that the link is good: the body is read while it comes in
@require_POST
@guest_page(Purpose.COLLABORATION)
@csrf_protect
def send(request: HttpRequest, deliverable_id: int) -> HttpResponse:
    """The creator sends a draft."""
    guest: Any = request
    found = queries.get_collaboration_of_link(guest.link)
    queries.get_deliverable_of_link(guest.link, deliverable_id)
    try:
        actions.submit_draft(
            deliverable_id=deliverable_id,
            title=request.POST.get("title", ""),
            text=request.POST.get("text", ""),
            note=request.POST.get("note", ""),
            facts=facts_given(request.POST),
            files=keep_files(guest.link.workspace_id, sent_files(request.FILES.getlist("files"))),
            again=[int(x) for x in request.POST.getlist("again") if x.isdecimal()],
            link=guest.link,
            actor=guest.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        given = {name: request.POST.get(name, "") for name in ("title", "text", "note")}
        return _page(guest, found, refusal.status, wrong=refusal, wrong_at=deliverable_id, given=given)
    messages.success(request, _("Your draft has come. The team reads it and answers here."))
    return redirect(f"{reverse('creator_drafts', args=[_secret(request)])}#deliverable-{deliverable_id}")


@require_POST
@guest_page(Purpose.COLLABORATION)
def give_link(request: Guest, deliverable_id: int) -> HttpResponse:
    """The creator says where the post is."""
    found = queries.get_collaboration_of_link(request.link)
    try:
        live.give_live_link(
            deliverable_id=deliverable_id,
            url=request.POST.get("url", ""),
            link=request.link,
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, found, refusal.status, wrong=refusal, wrong_at=deliverable_id, given={})
    messages.success(request, _("Thank you: the address is kept."))
    return redirect(f"{reverse('creator_drafts', args=[_secret(request)])}#deliverable-{deliverable_id}")


@require_POST
@guest_page(Purpose.COLLABORATION)
def open_thread(request: Guest, draft_id: int) -> HttpResponse:
    found = queries.get_draft(request.link.workspace_id, draft_id)
    queries.get_deliverable_of_link(request.link, found.deliverable_id)
    starts, ends = marked_words(request.POST, found.text)
    made = threads.open_thread(
        draft_id=draft_id,
        text=request.POST.get("text", ""),
        starts=starts,
        ends=ends,
        link=request.link,
        actor=request.actor,
        now=timezone.now(),
    )
    return redirect(f"{reverse('creator_drafts', args=[_secret(request)])}#thread-{made.pk}")


@require_POST
@guest_page(Purpose.COLLABORATION)
def answer_thread(request: Guest, thread_id: int) -> HttpResponse:
    """Answer it, or settle it."""
    given: dict[str, Any] = {
        "thread_id": thread_id,
        "link": request.link,
        "actor": request.actor,
        "now": timezone.now(),
    }
    if request.POST.get("settle"):
        made = threads.resolve_thread(**given, is_resolved=request.POST["settle"] == "yes")
    else:
        made = threads.answer_thread(**given, text=request.POST.get("text", ""))
    return redirect(f"{reverse('creator_drafts', args=[_secret(request)])}#thread-{made.pk}")


@require_GET
@guest_page(Purpose.COLLABORATION)
def file(request: Guest, file_id: int) -> HttpResponse:
    found = DraftFile.objects.select_related("draft__deliverable").filter(pk=file_id).first()
    if found is None or not queries.is_opened_by(request.link, found.draft.deliverable):
        raise NotFound(Sentence("There is no such file behind this link."), Sentence("Open the page again."))
    return file_answer(request, request.link.workspace_id, found)


def also_here(secret: str, found: Collaboration) -> list[tuple[str, str]]:
    """(address, name) of what else the same link opens, as far as the site has it."""
    there = {"creator_contract": found.contracts.exists(), "creator_address": found.shipments.exists()}
    return [(reverse(name, args=[secret]), str(label)) for name, label in ALSO if there[name]]
