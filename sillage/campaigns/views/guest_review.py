"""The client's pages, by a review link: the drafts that were put before them, and their word on each."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.campaigns.actions import threads
from sillage.campaigns.actions.reviewing import review_as_client
from sillage.campaigns.models import DraftFile
from sillage.campaigns.queries import drafts as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.review import review_of
from sillage.campaigns.views.drafts import MEDIA, marked_words
from sillage.campaigns.views.kept_files import file_answer
from sillage.governance.access import Guest, guest_page
from sillage.governance.engine.acts import Verdict
from sillage.governance.engine.links import Purpose
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence


def _secret(request: Guest) -> str:
    match = request.resolver_match
    return str(match.kwargs["secret"]) if match else ""


def _context(request: Guest) -> dict[str, Any]:
    if request.link.subject_kind != "campaign" or not request.link.subject_id.isdecimal():
        raise NotFound(Sentence("This link opens nothing any more."), Sentence("Ask whoever sent it for a new one."))
    campaign = get_campaign(request.link.workspace_id, int(request.link.subject_id))
    return {"campaign": campaign, "secret": _secret(request), "until": request.link.expires_at, "now": timezone.now()}


@require_GET
@guest_page(Purpose.REVIEW)
def review(request: Guest) -> HttpResponse:
    """All drafts that were put before the client: those that wait first."""
    shown = queries.list_for_review(request.link, timezone.now())
    return render(request, "campaigns/client_review.html", {**_context(request), "shown": shown})


@require_http_methods(["GET", "POST"])
@csp_update(MEDIA)
@guest_page(Purpose.REVIEW)
def draft(request: Guest, draft_id: int) -> HttpResponse:
    """One draft; on POST, the client's word on it."""
    shown = queries.get_for_review(request.link, draft_id, timezone.now())
    refused = None
    if request.method == "POST":
        try:
            return _decided(request, draft_id)
        except Refusal as refusal:
            refused = refusal
    context = {
        **_context(request),
        **review_of(shown.draft, for_client=True),
        "shown": shown,
        "deliverable": shown.draft.deliverable,
        "collaboration": shown.draft.deliverable.collaboration,
        "refused": refused,
        "given": {name: request.POST.get(name, "") for name in ("name", "reason")},
    }
    return render(request, "campaigns/client_draft.html", context, status=refused.status if refused else 200)


def _decided(request: Guest, draft_id: int) -> HttpResponse:
    review_as_client(
        draft_id=draft_id,
        verdict=Verdict.APPROVED if request.POST.get("word") == "approve" else Verdict.REFUSED,
        person_name=request.POST.get("name", ""),
        reason=request.POST.get("reason", ""),
        link=request.link,
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("Your word is kept. The team sees it now."))
    return redirect("client_review", _secret(request))


@require_POST
@guest_page(Purpose.REVIEW)
def open_thread(request: Guest, draft_id: int) -> HttpResponse:
    shown = queries.get_for_review(request.link, draft_id, timezone.now())
    starts, ends = marked_words(request.POST, shown.draft.text)
    made = threads.open_thread(
        draft_id=draft_id,
        text=request.POST.get("text", ""),
        starts=starts,
        ends=ends,
        link=request.link,
        actor=request.actor,
        now=timezone.now(),
    )
    return redirect(f"{reverse('client_draft', args=[_secret(request), draft_id])}#thread-{made.pk}")


@require_POST
@guest_page(Purpose.REVIEW)
def answer_thread(request: Guest, draft_id: int, thread_id: int) -> HttpResponse:
    """Answer it, or settle it."""
    given: dict[str, Any] = {
        "thread_id": thread_id,
        "link": request.link,
        "actor": request.actor,
        "now": timezone.now(),
    }
    if request.POST.get("settle"):
        threads.resolve_thread(**given, is_resolved=request.POST["settle"] == "yes")
    else:
        threads.answer_thread(**given, text=request.POST.get("text", ""))
    return redirect(f"{reverse('client_draft', args=[_secret(request), draft_id])}#thread-{thread_id}")


@require_GET
@guest_page(Purpose.REVIEW)
def file(request: Guest, draft_id: int, file_id: int) -> HttpResponse:
    shown = queries.get_for_review(request.link, draft_id, timezone.now())
    found = DraftFile.objects.filter(pk=file_id, draft=shown.draft).first()
    if found is None:
        raise NotFound(Sentence("There is no such file behind this link."), Sentence("Open the page again."))
    return file_answer(request, request.link.workspace_id, found)
