"""The page that checks a caption, and the packs that it is held against."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.law import FORMATS
from sillage.governance.engine.law_asked import CONSIDERATIONS, MOST_CAPTION, Asked, case_of
from sillage.governance.engine.law_judge import judge, worst
from sillage.governance.engine.law_reading import EU, law_book
from sillage.lib.errors import Malformed, Refusal

FIELDS = ("caption", "country", "consideration", "network", "format", "language", "category", "brand", "published_on")
LANGUAGES = ("fr", "en", "es", "de", "it")


class DayMalformed(Malformed):
    """Not a day."""

    title = "Malformed day"


@require_http_methods(["GET", "POST"])
@page(Right.READ)
def check_caption(request: Visit) -> HttpResponse:
    """The form; on POST, with what the packs say of it. Nothing is kept."""
    given = {name: request.POST.get(name, "").strip() for name in FIELDS}
    given["platform_flag"] = request.POST.get("platform_flag", "")
    context: dict[str, Any] = {"given": given, **_choices()}
    if request.method == "POST":
        try:
            context |= _judged(given)
        except Refusal as refusal:
            return render(request, "governance/law_check.html", {**context, "refusal": refusal}, status=refusal.status)
    return render(request, "governance/law_check.html", context)


def _judged(given: dict[str, str]) -> dict[str, Any]:
    asked = Asked(
        caption=given["caption"],
        country=given["country"],
        network=given["network"],
        format=given["format"],
        language=given["language"],
        category=given["category"],
        consideration=given["consideration"] or "unknown",
        brands=given["brand"].split(","),
        platform_flag={"yes": True, "no": False}.get(given["platform_flag"]),
        published_on=_day(given["published_on"]),
    )
    packs, publication = case_of(asked)
    found = judge(packs, publication)
    return {"findings": found, "severity": worst(found), "packs": packs, "is_asked": True}


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise DayMalformed(f"“{given}” is not a day.", "Write it as 2026-11-22, or leave it out.") from error


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
        "categories": book.categories,
        "most": MOST_CAPTION,
    }


@require_GET
@page(Right.READ)
def law_packs(request: Visit) -> HttpResponse:
    """Every rule with its quote, date and source."""
    return render(request, "governance/law_packs.html", {"packs": list(law_book().packs.values())})
