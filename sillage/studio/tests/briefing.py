"""An invented writing brief, and what tests make of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.studio.actions.briefs import write_brief
from sillage.studio.actions.runs import make_run
from sillage.studio.models import StoredBrief, VariantRun

GIVEN: dict[str, Any] = {
    "idea": "Une peau calme vaut mieux qu’une peau parfaite",
    "brand": "Aube",
    "product": "le sérum Aube",
    "audience": "celles et ceux qui ont la peau sensible",
    "link": "aube.example/serum",
    "label": "Publicité",
    "facts": [
        "La formule compte onze ingrédients.",
        {"text": "Aucun parfum n’est ajouté.", "source": "liste INCI"},
        "Le flacon en verre se recharge en boutique.",
    ],
    "law_packs": ["fr"],
    "consideration": "own_brand",
    "longest": 450,
}


def written(actor: Actor, now: datetime, **changed: Any) -> StoredBrief:
    """A writing brief of the actor's."""
    return write_brief(given={**GIVEN, **changed}, actor=actor, now=now)


def made(actor: Actor, now: datetime, wanted: int = 300, **changed: Any) -> VariantRun:
    """A run of variants of such a brief."""
    return make_run(brief_id=written(actor, now, **changed).pk, wanted=wanted, seed=7, actor=actor, now=now)


def brief_places(actor: Actor, now: datetime) -> dict[str, Any]:
    """A brief and a run for tests that call every endpoint and open every page."""
    run = made(actor, now, wanted=60)
    return {"writing_brief_id": run.brief_id, "run_id": run.pk, "row": 3, "word": "favourite"}
