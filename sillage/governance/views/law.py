"""The page that checks a caption and what is told beside it, and the packs that it is held against."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.law import FORMATS
from sillage.governance.engine.law_asked import CONSIDERATIONS, MOST_CAPTION, answer_of
from sillage.governance.engine.law_page import page_of
from sillage.governance.engine.law_reading import EU, law_book
from sillage.governance.views.law_form import ANCHORS, GROUPS, choices, day_of, told_from
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence

FIELDS = (
    *("caption", "country", "consideration", "network", "format", "language", "category", "brand", "registration"),
    *("published_on", "platform_flag"),
)
LANGUAGES = ("fr", "en", "es", "de", "it")


class LawPackNotFound(NotFound):
    """There is no law pack of this name."""


@require_http_methods(["GET", "POST"])
@page(Right.READ)
def check_caption(request: Visit) -> HttpResponse:
    """The form; on POST, with what the packs say of it. Nothing is kept."""
    names = [*FIELDS, *(f.name for g in GROUPS for f in g.fields), *_stated(request)]
    given = {name: request.POST.get(name, "").strip() for name in names}
    clauses = request.POST.getlist("clauses")
    context: dict[str, Any] = {"given": given, "chosen_clauses": clauses, "groups": GROUPS, "anchors": ANCHORS}
    context |= _choices()
    if request.method == "POST":
        try:
            answer = answer_of(told_from(given, clauses), given["country"], day_of(given["published_on"]))
        except Refusal as refusal:
            return render(request, "governance/law_check.html", {**context, "refusal": refusal}, status=refusal.status)
        context |= {"answer": answer, "stated": _answered(given)}
    return render(request, "governance/law_check.html", context)


def _stated(request: Visit) -> list[str]:
    """Answers to questions of the packs; those left open are not told."""
    return [name for name, value in request.POST.items() if name.startswith("stated.") and value in ("yes", "no")]


def _answered(given: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix("stated."): value for name, value in given.items() if name.startswith("stated.")}


def _choices() -> dict[str, Any]:
    book = law_book()
    own = {country for pack in book.packs.values() if pack.id != EU for country in pack.countries}
    return {
        "countries": sorted(own),
        "members": sorted(set(book.countries) - own),
        "networks": sorted(book.folds),
        "considerations": CONSIDERATIONS,
        "formats": FORMATS,
        "languages": LANGUAGES,
        "most": MOST_CAPTION,
        **choices(),
    }


@require_GET
@page(Right.READ)
def law_packs(request: Visit) -> HttpResponse:
    """Every pack with its rules in short."""
    book = law_book()
    return render(request, "governance/law_packs.html", {"packs": list(book.packs.values()), "own": book.own})


@require_GET
@page(Right.READ)
def law_pack(request: Visit, pack_id: str) -> HttpResponse:
    """A pack as a lawyer reads it: every rule with its quote, days, source and questions."""
    book = law_book()
    pack = book.packs.get(pack_id)
    if pack is None:
        raise LawPackNotFound(
            Sentence("There is no law pack “%(pack_id)s”.", pack_id=pack_id),
            Sentence("There are %(packs)s.", packs=", ".join(book.packs)),
        )
    shown = page_of(pack, (get_language() or "en")[:2])
    return render(request, "governance/law_pack.html", {"pack": pack, "page": shown, "is_own": pack_id in book.own})
