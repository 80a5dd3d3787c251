"""The page that composes texts of a brief: to whom, on what occasion, how many."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.studio.actions.composing import compose_texts
from sillage.studio.composing_words import FIELDS_OF
from sillage.studio.engine.composer import MOST
from sillage.studio.engine.layouts import PUBLISHED
from sillage.studio.models import StoredBrief
from sillage.studio.queries.briefs import content_of, get_brief
from sillage.studio.queries.composing import (
    citable_posts,
    day_in,
    list_composed,
    occasion_of_collaboration,
    signer_of,
)

USUAL = 3
NUMBERS = 10**18


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def compose(request: Visit, brief_id: int) -> HttpResponse:
    """`?collaboration=` fills in whom it is to, `&post=` which post is cited; `?made=` shows what was composed."""
    stored = get_brief(request.workspace.pk, brief_id)
    if request.method != "POST":
        return render(request, "studio/compose.html", _context(request, stored))
    wanted, collaboration = _number(request.POST.get("n")), _number(request.POST.get("collaboration"))
    try:
        texts = compose_texts(
            brief_id=stored.pk,
            wanted=wanted or 0,
            occasion=_said(request, stored),
            collaboration_id=collaboration,
            actor=request.actor,
            now=timezone.now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        context = _context(request, stored, wrong=refusal, given=request.POST, n=wanted or USUAL)
        return render(request, "studio/compose.html", context, status=refusal.status)
    if len(texts) == 1:
        return redirect("studio:text", request.workspace.slug, texts[0].pk)
    address = reverse("studio:compose", args=[request.workspace.slug, stored.pk])
    return redirect(f"{address}?made={','.join(str(text.pk) for text in texts)}#made")


def _said(request: Visit, stored: StoredBrief) -> dict[str, Any]:
    fields = FIELDS_OF[content_of(stored).kind]
    said: dict[str, Any] = {name: request.POST.get(name, "") for name, _, _ in fields}
    return {**said, "is_known": True} if request.POST.get("is_known") else said


def _context(request: Visit, stored: StoredBrief, **more: Any) -> dict[str, Any]:
    brief = content_of(stored)
    collaboration, post = (
        _number(request.GET.get(name) or request.POST.get(name)) for name in ("collaboration", "post")
    )
    workspace_id = request.workspace.pk
    given: dict[str, Any] = {"sender": signer_of(request.actor)}
    posts = []
    if collaboration is not None:
        given |= occasion_of_collaboration(workspace_id, collaboration, brief.language, post)
        posts = [(one, day_in(brief.language, one)) for one in citable_posts(workspace_id, collaboration)]
    given |= dict(more.pop("given", {}).items())
    fields = [(name, label, example, given.get(name, "")) for name, label, example in FIELDS_OF[brief.kind]]
    made = [number for one in request.GET.get("made", "").split(",") if (number := _number(one)) is not None]
    return {
        "tab": "briefs",
        "brief": stored,
        "fields": fields,
        "is_letter": brief.kind not in PUBLISHED,
        "is_automatic": brief.automatic and brief.kind not in PUBLISHED,
        "is_known": bool(request.POST.get("is_known")),
        "collaboration": collaboration,
        "posts": posts,
        "n": USUAL,
        "most": MOST,
        "texts": list_composed(workspace_id, stored.pk, made[:MOST]),
        **more,
    }


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and int(given) < NUMBERS else None
