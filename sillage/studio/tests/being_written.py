"""Steps that tests of texts share: a brief, a text that a machine proposed, its way to a deliverable."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.campaigns.tests.delivering import LAWFUL, UNLAWFUL
from sillage.governance.engine.actors import Actor
from sillage.studio.actions.briefs import write_brief
from sillage.studio.actions.choices import choose_text
from sillage.studio.actions.comments import comment_text
from sillage.studio.actions.releasing import approve_text
from sillage.studio.actions.texts import start_text
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.models import HumanCheck, StoredBrief, Text

__all__ = ["LAWFUL", "UNLAWFUL"]

ASSEMBLED = MadeBy(Origin.TEMPLATE, "fr_ad", "1", parts=("hook-1", "cta-2"))
MODEL = MadeBy(Origin.MODEL, "mistral-small", "2506", "draft/3")
BRIEF: dict[str, Any] = {
    "title": "Compost, spring",
    "kind": "ad",
    "language": "fr",
    "idea": "Un bon sol se nourrit avant de se planter",
    "facts": [
        "Le compost est produit à moins de 50 km.",
        {"text": "Il contient 40 % de matière organique.", "source": "Analyse"},
    ],
    "brand": "terrevive",
    "must": ["compost"],
    "never": ["miracle"],
    "law_packs": ["fr"],
    "consideration": "paid",
}


def briefed(actor: Actor, now: datetime, **more: Any) -> StoredBrief:
    return write_brief(given=BRIEF | more, actor=actor, now=now)


def begun(actor: Actor, now: datetime, body: str = LAWFUL, made_by: MadeBy = BY_A_PERSON, **more: Any) -> Text:
    """A text; by default a person's, with words that the law allows."""
    given = {"title": "Spring post", "kind": "ad", "language": "fr"} | more
    return start_text(body=body, made_by=made_by, actor=actor, now=now, **given)


def asked_of(text: Text, member_id: int | None, now: datetime, **more: Any) -> HumanCheck:
    """A human check that waits for a member's word on the text's newest version."""
    number = text.versions.order_by("-number")[0].number
    given = {"flag": "irony", "reason": "It may be read the other way round.", "made_by": "rule irony/1"} | more
    return HumanCheck.objects.create(text=text, number=number, asked_of_id=member_id, asked_at=now, **given)


def text_places(actor: Actor, now: datetime) -> dict[str, Any]:
    """An approved text with two versions, commented: for tests that call every endpoint and open every page."""
    text = begun(actor, now, "Un sol nourri.", ASSEMBLED)
    comment = comment_text(text_id=text.pk, said="Which soil?", quote="sol", actor=actor, now=now)
    choose_text(text_id=text.pk, seen=1, body=LAWFUL + " Et voilà.", actor=actor, now=now)
    approve_text(text_id=text.pk, seen=2, reason="Read.", actor=actor, now=now)
    return {"text_id": text.pk, "text_comment_id": comment.pk}
