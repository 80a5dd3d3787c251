"""What tests of the composer share: a brief that fills the holes, and an occasion."""

from __future__ import annotations

from typing import Any

from sillage.studio.engine.brief import WritingBrief, writing_brief
from sillage.studio.engine.occasion import Occasion, occasion_of

GIVEN: dict[str, Any] = {
    "kind": "invitation",
    "language": "fr",
    "idea": "Un bon sol se nourrit avant de se planter",
    "facts": [
        "Le compost Terre Vive est produit à moins de 50 km de son lieu de vente",
        {"text": "Il contient 40 % de matière organique", "source": "Analyse du 3 mars 2026"},
    ],
    "brand": "Terre Vive",
    "product": "le compost Terre Vive",
    "longest": 1600,
}
SAID: dict[str, Any] = {
    "recipient": "Mona",
    "sender": "Ada Martin",
    "post": "J'ai planté mes tomates trop tôt",
    "post_on": "12 juin",
    "work": "votre reel",
    "day": "30 juin",
}


def brief(**more: Any) -> WritingBrief:
    return writing_brief({**GIVEN, **more})


def occasion(**more: Any) -> Occasion:
    return occasion_of({**SAID, **more})
