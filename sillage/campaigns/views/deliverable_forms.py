"""What a person types and ticks about deliverables, drafts and their facts, in the shape that actions take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from sillage.campaigns.engine.deliverables import DATES, PLACES, TEXTS, YES_OR_NO
from sillage.campaigns.models import Campaign, Deliverable
from sillage.catalogue.engine.records import NETWORKS
from sillage.governance.engine.law import FORMATS
from sillage.governance.engine.law_asked import CONSIDERATIONS
from sillage.governance.engine.law_reading import law_book

LINES = (
    *("name", "network", "format", "brief", "code", "rights_where", "brand_mention", "consideration", "language"),
    *("draft_due_on", "publish_from", "publish_until", "rights_until"),
)
LANGUAGES = ("fr", "en", "es", "de", "it", "nl", "pt")
FIRST_ASKED = ("image.retouched", "image.synthetic", "image.depicts")  # of a creator, of each draft
DEPICTED = ("face", "silhouette", "model")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact to be answered. `kind`: yes_no, depicts, sector, place, day, text. `value` is what is known: "yes", "no"..."""

    name: str
    kind: str
    value: Any


def facts_to_ask(names: Iterable[str], known: dict[str, Any]) -> list[Fact]:
    """Fields for facts by their names; those that are asked for elsewhere (a contract's, a creator's) are left out."""
    found = [(name, _kind_of(name)) for name in dict.fromkeys(names)]
    return [Fact(name, kind, _shown(known.get(name))) for name, kind in found if kind]


def _kind_of(name: str) -> str:
    if name in YES_OR_NO or name.startswith("stated."):
        return "yes_no"
    kinds = {"image.depicts": "depicts", "sector.category": "sector", "publication.disclosure_place": "place"}
    return kinds.get(name) or ("day" if name in DATES else "text" if name in TEXTS else "")


def _shown(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def facts_given(post: QueryDict) -> dict[str, Any]:
    """Answers by fact; None where "not known" was chosen."""
    given: dict[str, Any] = {}
    for name in post:
        if not name.startswith("fact."):
            continue
        fact = name.removeprefix("fact.")
        value = post.get(name, "").strip()
        given[fact] = _depicted(post.getlist(name)) if fact == "image.depicts" else _answer(fact, value)
    return given


def _answer(fact: str, value: str) -> bool | str | None:
    if _kind_of(fact) == "yes_no":
        return {"yes": True, "no": False}.get(value)
    return value or None


def _depicted(values: list[str]) -> list[str] | None:
    """ "none" is none of these; nothing ticked is not known."""
    ticked = [value for value in values if value]
    return [value for value in ticked if value != "none"] if ticked else None


def deliverable_given(post: QueryDict) -> dict[str, Any]:
    """The fields of engine/deliverables.py, as typed."""
    given: dict[str, Any] = {name: post.get(name, "").strip() for name in LINES}
    for name in ("say", "never_say"):
        given[name] = [line for line in post.get(name, "").splitlines() if line.strip()]
    return {**given, "facts": facts_given(post), "needs_client": bool(post.get("needs_client"))}


def as_typed(deliverable: Deliverable) -> dict[str, Any]:
    """A deliverable as its form shows it."""
    shown: dict[str, Any] = {name: getattr(deliverable, name) or "" for name in LINES}
    for name in ("draft_due_on", "publish_from", "publish_until", "rights_until"):
        shown[name] = shown[name].isoformat() if shown[name] else ""
    for name in ("say", "never_say"):
        shown[name] = "\n".join(getattr(deliverable, name))
    return {**shown, "facts": deliverable.facts, "needs_client": deliverable.needs_client}


def typed_again(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed, to be shown again beside what is wrong with it."""
    return {**given, "say": "\n".join(given["say"]), "never_say": "\n".join(given["never_say"])}


def form_choices(campaign: Campaign, given: dict[str, Any]) -> dict[str, Any]:
    """What the form's template needs besides the values."""
    facts = given.get("facts") or {}
    names = ("sector.category", "sector.registration", "publication.disclosure_place", "image.depicts")
    return {
        "networks": NETWORKS,
        "formats": FORMATS,
        "considerations": CONSIDERATIONS,
        "languages": LANGUAGES,
        "facts": facts_to_ask(("sector.category", *YES_OR_NO[:2], *names[1:]), facts),
        **fact_choices(),
        "campaign": campaign,
        "given": given,
    }


def fact_choices() -> dict[str, Any]:
    """What parts/facts.html offers."""
    return {"categories": law_book().categories, "places": PLACES, "depicted": DEPICTED}
