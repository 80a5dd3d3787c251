"""The gallery of a run: twelve to begin with, all the thousands, side by side, and a person's word on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.studio.actions.marks import DismissedUnexplained, mark_variant, unmark_variant
from sillage.studio.actions.runs import write_on
from sillage.studio.engine.brief import Tone, WritingBrief
from sillage.studio.engine.fragments import SLOTS
from sillage.studio.engine.gallery import Gallery, own_words
from sillage.studio.engine.runs import FITS, Narrow, family_counts
from sillage.studio.engine.variants import SAME
from sillage.studio.gallery_words import TONES
from sillage.studio.models import VariantRun
from sillage.studio.queries.runs import Said, brief_of_run, gallery_of, get_run, rows_of, said_of, shown_of

PER_PAGE = 24
FEWEST, MOST = 2, 4  # side by side
NARROWING = ("family", "fact", "tone", "shortest", "longest", "words", "favourites", "dismissed")


@dataclass(frozen=True, slots=True)
class Card:
    """A variant as it is shown."""

    row: int
    text: str
    family: str
    fit: float
    fits: list[tuple[str, float]]  # length, tone, voice, as far as they are known
    n: int  # characters
    facts: list[tuple[int, str]]  # number from 1, and its words
    words: list[str]  # what people said of it
    reason: str


def cards(gallery: Gallery, said: Said, brief: WritingBrief, rows: list[int]) -> list[Card]:
    """Rows of a run as they are shown, in their order."""
    run, families = gallery.run, gallery.run.families()
    found = []
    for row, text in zip(rows, run.texts(rows), strict=True):
        facts = [part.fact for part in run.parts_of(row) if part.fact is not None]
        fits = [(name, float(fit)) for name, fit in zip(FITS, run.fits[row], strict=True) if not np.isnan(fit)]
        found.append(
            Card(
                row,
                text,
                str(families[row]),
                float(gallery.overall[row]),
                fits,
                int(run.lengths[row]),
                [(fact + 1, brief.facts[fact].text) for fact in facts],
                said.words_of(row),
                said.reasons.get(row, ""),
            )
        )
    return found


@require_GET
@page(Right.READ)
def run(request: Visit, run_id: int) -> HttpResponse:
    """The twelve, and below them all variants, narrowed and in pages."""
    stored = get_run(request.workspace.pk, run_id)
    gallery, said, brief = gallery_of(stored), said_of(stored), brief_of_run(stored)
    asked = {name: request.GET.get(name, "")[:200].strip() for name in NARROWING}
    narrow = _narrow(asked, said)
    rows = rows_of(gallery, said, narrow)
    at = _number(request.GET.get("page", ""), 1) or 1
    last = max(1, -(-len(rows) // PER_PAGE))
    at = min(max(at, 1), last)
    is_narrowed = any(asked.values())
    shown = shown_of(stored, gallery, said)
    context = {
        "tab": "briefs",
        "run": stored,
        "brief": stored.brief,
        "said": brief,
        "asked": asked,
        "is_narrowed": is_narrowed,
        "shown": cards(gallery, said, brief, list(shown.rows)) if not is_narrowed and at == 1 else [],
        "most_alike": shown.most_alike,
        "families": family_counts(gallery.run),
        "tones": TONES.items(),
        "facts": list(enumerate(brief.facts, 1)),
        "n": len(rows),
        "cards": cards(gallery, said, brief, rows[(at - 1) * PER_PAGE : at * PER_PAGE]),
        "at": at,
        "last": last,
        "previous_url": _page_url(request.GET, at - 1) if at > 1 else "",
        "next_url": _page_url(request.GET, at + 1) if at < last else "",
        "back": request.GET.urlencode(),
        "marks": said.marks,
        "same": SAME,
    }
    return render(request, "studio/run.html", context)


def _number(typed: str, least: int = 0) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 8 and int(typed) >= least else None


def _narrow(asked: dict[str, str], said: Said) -> Narrow:
    fact = _number(asked["fact"], 1)
    only = said.marks.dismissed if asked["dismissed"] else said.marks.favourites if asked["favourites"] else None
    return Narrow(
        family=asked["family"],
        fact=fact - 1 if fact else None,
        tone=Tone(asked["tone"]) if asked["tone"] in set(Tone) else None,
        shortest=_number(asked["shortest"]),
        longest=_number(asked["longest"]),
        words=asked["words"],
        only=only,
        without=frozenset() if asked["dismissed"] else said.marks.dismissed,
    )


def _page_url(query: QueryDict, at: int) -> str:
    said = query.copy()
    said["page"] = str(at)
    return f"?{said.urlencode()}#all"


@require_GET
@page(Right.READ)
def compare(request: Visit, run_id: int) -> HttpResponse:
    """`?row=` two to four times: side by side, with the words that only one of them has."""
    stored = get_run(request.workspace.pk, run_id)
    rows = list(dict.fromkeys(number for row in request.GET.getlist("row") if (number := _number(row)) is not None))
    rows = [row for row in rows if row < stored.made]
    if not FEWEST <= len(rows) <= MOST:
        messages.warning(request, _("Tick two to four variants to see them side by side."))
        return redirect("studio:run", request.workspace.slug, stored.pk)
    gallery, said, brief = gallery_of(stored), said_of(stored), brief_of_run(stored)
    found = cards(gallery, said, brief, rows)
    context = {
        "tab": "briefs",
        "run": stored,
        "brief": stored.brief,
        "columns": list(zip(found, own_words([card.text for card in found]), strict=True)),
        "slots": _by_slot(gallery, rows),
        "pairs": [(a, b, float(gallery.held.similarities(a)[b])) for at, a in enumerate(rows) for b in rows[at + 1 :]],
        "back": request.GET.urlencode(),
    }
    return render(request, "studio/run_compare.html", context)


def _by_slot(gallery: Gallery, rows: list[int]) -> list[dict[str, Any]]:
    """Per part of the texts: what each says there, and whether others say the same."""
    parts = [gallery.run.parts_of(row) for row in rows]
    found = []
    for at, slot in enumerate(SLOTS):
        said = [own[at].text for own in parts]
        found.append({"slot": slot, "said": [(text, said.count(text) > 1) for text in said]})
    return found


@require_POST
@page(Right.CAMPAIGN)
def mark(request: Visit, run_id: int) -> HttpResponse:
    """`word` says, `unsay` takes back. A word that moves the order shows the page anew; another only its card."""
    stored = get_run(request.workspace.pk, run_id)
    row, word, unsay = _number(request.POST.get("row", "")), request.POST.get("word", ""), request.POST.get("unsay", "")
    chosen: dict[str, Any] = {
        "run_id": stored.pk,
        "row": -1 if row is None else row,
        "actor": request.actor,
        "now": timezone.now(),
    }
    try:
        if unsay:
            unmark_variant(word=unsay, **chosen)
        else:
            mark_variant(word=word, reason=request.POST.get("reason", ""), **chosen)
    except DismissedUnexplained:
        messages.warning(request, _("Say in a few words what is wrong with it: others learn from it."))
    back = _back(request, stored, row)
    is_small = (word or unsay) == "favourite"
    if not _by_htmx(request):
        return redirect(back)
    if not is_small:
        return HttpResponse(headers={"HX-Refresh": "true"})
    (card,) = cards(gallery_of(stored), said_of(stored), brief_of_run(stored), [row or 0])
    context = {"card": card, "run": stored, "back": request.POST.get("back", "")}
    return render(request, "studio/parts/variant_card.html", context)


def _by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _back(request: Visit, stored: VariantRun, row: int | None) -> str:
    """To where the word was said: the same page of the same list."""
    query = QueryDict(request.POST.get("back", "")[:1_000]).urlencode()
    address = reverse("studio:run", args=[request.workspace.slug, stored.pk])
    return f"{address}{'?' + query if query else ''}#v{row or 0}"


@require_POST
@page(Right.CAMPAIGN)
def write(request: Visit, run_id: int) -> HttpResponse:
    """Begin a text with a variant and go to its page."""
    row = _number(request.POST.get("row", ""))
    text = write_on(run_id=run_id, row=-1 if row is None else row, actor=request.actor, now=timezone.now())
    return redirect("studio:text", request.workspace.slug, text.pk)
