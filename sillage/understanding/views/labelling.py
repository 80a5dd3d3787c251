"""Tags: the list, a tag's page, and labelling one post at a time, by keyboard or with plain forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.understanding.actions.corrections import correct
from sillage.understanding.actions.learning import learn as learn_head
from sillage.understanding.actions.tags import archive_tag, create_tag, get_tag, rename_tag
from sillage.understanding.queries.corrections import agreement, list_examples, tag_enricher
from sillage.understanding.queries.learning import SHADOW, list_heads
from sillage.understanding.queries.tags import (
    DOZEN,
    Key,
    list_tags,
    next_to_label,
    posts_tagged,
    precision_of,
    tag_line,
)

MOST_SKIPPED = 50  # remembered in the address


@require_http_methods(["GET", "POST"])
@page(Right.READ)
def tags(request: Visit) -> HttpResponse:
    """The workspace's tags; on POST, a new one."""
    refusal = None
    if request.method == "POST":
        try:
            tag = create_tag(
                name=request.POST.get("name", ""),
                description=request.POST.get("description", ""),
                actor=request.actor,
                now=timezone.now(),
            )
            return redirect("understanding:label", request.workspace.slug, tag.key)
        except Refusal as refused:
            refusal = refused
    context = {
        "lines": [tag_line(tag) for tag in list_tags(request.workspace.pk)],
        "archived": list_tags(request.workspace.pk, archived=True),
        "may_change": Right.BRIEF in request.actor.rights,
        "refusal": refusal,
        "said": request.POST,
        "dozen": DOZEN,
    }
    return render(request, "understanding/tags.html", context, status=refusal.status if refusal else 200)


@require_GET
@page(Right.READ)
def tag(request: Visit, key: str) -> HttpResponse:
    """A tag: what its head found, how right it was so far, its examples."""
    found = get_tag(request.workspace.pk, key)
    enricher = tag_enricher(key)
    context = {
        "tag": found,
        "line": tag_line(found),
        "enricher": enricher,
        "posts": posts_tagged(found),
        "precision": precision_of(found),
        "examples": list_examples(request.workspace.pk, enricher)[-40:],
        "agreement": agreement(request.workspace.pk, enricher),
        "candidate": next((h for h in list_heads(request.workspace.pk, enricher) if h.state == SHADOW), None),
        "may_change": Right.BRIEF in request.actor.rights,
        "may_learn": Right.CATALOGUE in request.actor.rights,
        "dozen": DOZEN,
    }
    return render(request, "understanding/tag.html", context)


@require_POST
@page(Right.BRIEF)
def change(request: Visit, key: str) -> HttpResponse:
    """Rename a tag, put it away, or take it out again: the form's `then` says which."""
    now = timezone.now()
    if request.POST.get("then") in ("archive", "restore"):
        archive_tag(key=key, is_archived=request.POST["then"] == "archive", actor=request.actor, now=now)
        return redirect("understanding:tags", request.workspace.slug)
    given = {"name": request.POST.get("name", ""), "description": request.POST.get("description", "")}
    rename_tag(key=key, actor=request.actor, now=now, **given)
    return redirect("understanding:tag", request.workspace.slug, key)


@require_POST
@page(Right.CATALOGUE)
def learn(request: Visit, key: str) -> HttpResponse:
    """Train a candidate for a tag from its examples, and go to where it is promoted."""
    enricher = tag_enricher(get_tag(request.workspace.pk, key).key)
    try:
        head = learn_head(enricher=enricher, actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        messages.warning(request, f"{refusal.message} {refusal.hint}")
        return redirect("understanding:tag", request.workspace.slug, key)
    return redirect(f"{reverse('understanding:models', args=[request.workspace.slug])}#head-{head.pk}")


@require_http_methods(["GET", "POST"])
@page(Right.BRIEF)
def label(request: Visit, key: str) -> HttpResponse:
    """One post: does the tag hold? y, n or s by keyboard; the next one is chosen for what it would teach."""
    found = get_tag(request.workspace.pk, key)
    skipped = _keys(request.POST.get("skipped", "") if request.method == "POST" else request.GET.get("skipped", ""))
    if request.method == "POST":
        answer, named = request.POST.get("answer", ""), _keys(request.POST.get("post", ""))
        if answer in ("yes", "no") and named:
            correct(
                enricher=tag_enricher(key),
                account_id=named[0][0],
                subject_kind="post",
                subject_id=named[0][1],
                value={"holds": answer == "yes"},
                actor=request.actor,
                now=timezone.now(),
            )
        else:
            skipped = [*skipped, *named][-MOST_SKIPPED:]
        if not _is_htmx(request):
            return redirect(f"{request.path}?skipped={_written(skipped)}" if skipped else request.path)
    shown = next_to_label(found, skipped)
    context: dict[str, Any] = {
        "tag": found,
        "line": tag_line(found),
        "shown": shown,
        "skipped": _written(skipped),
        "dozen": DOZEN,
        "may_learn": Right.CATALOGUE in request.actor.rights,
    }
    return render(request, f"understanding/{'parts/label_one' if _is_htmx(request) else 'label'}.html", context)


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _keys(given: str) -> list[Key]:
    """“12:34,12:35” as pairs; what is none is left out."""
    pairs = [part.partition(":") for part in given.split(",")]
    return [(int(a), int(p)) for a, _, p in pairs if a.isdecimal() and p.isdecimal() and len(a) < 20 and len(p) < 20]


def _written(keys: list[Key]) -> str:
    return ",".join(f"{account}:{post}" for account, post in keys)
