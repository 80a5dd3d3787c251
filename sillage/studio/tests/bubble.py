"""A small catalogue of talk: skin care by three creators, gardening by two, questions under posts, a competitor's posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.models import Campaign
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, CommentRecord, PostRecord
from sillage.catalogue.models import Account, Brand
from sillage.governance.engine.actors import Actor
from sillage.studio.actions.ideas import write_idea
from sillage.studio.actions.palettes import make_palette
from sillage.studio.actions.words import accept_words
from sillage.studio.engine.ideas import FoundIdea, Rule
from sillage.studio.found_shapes import sealed
from sillage.understanding import actions as understanding

SKIN = (
    "Ma routine de soin du matin : ce sérum à la vitamine C tient ses promesses, ma peau respire",
    "Le sérum hydratant de nuit, ma peau sensible le supporte bien, avis honnête",
    "Crème ou sérum ? Ma routine visage tient en trois gestes, ma peau est douce",
    "Trois semaines de rétinol : ma peau tire, je ralentis et je mets de la crème",
)
GARDEN = (
    "Semis de tomates au potager ce matin, la terre est encore froide",
    "Mon compost fume au fond du jardin, les vers travaillent pour moi",
    "Au potager le paillage garde l'eau et nourrit la terre du jardin",
)
RIVAL = ("Le nouveau baume de Maison Brume sur ma peau, texture fondante et parfum discret pour la routine du soir",)
ENDINGS = ("hier", "ce matin", "en vrai", "comme promis", "avec Léa", "chez nous", "sans filtre", "à deux")
QUESTIONS = ("Il tient combien de temps sous le maquillage ?", "il tient combien de temps, sous le maquillage ??")
TALK = "Ma salle de bain est minuscule et mal éclairée, je fais tout au tramway"
DRAFT = "Ma routine visage tient en trois gestes, et je parle de mon compost"


def planted(actor: Actor, base: datetime, *, read: bool = True) -> dict[str, Account]:
    """Accounts by handle. With `read`, machines have read posts and comments."""
    Brand.objects.create(workspace_id=actor.workspace_id, key="brume", name="Maison Brume", sector="beauty")
    for handle, lines in (("lea", SKIN), ("mia", SKIN), ("zoe", SKIN), ("tom", GARDEN), ("ana", GARDEN)):
        texts = [f"{lines[i % len(lines)]}, {ENDINGS[i % 8]} {i}" for i in range(24)]
        tags = ["glowlent"] if handle in ("lea", "mia") else []
        comments = [*QUESTIONS, *(f"{TALK} {i}" for i in range(6))] if lines is SKIN else ["Bravo pour ce jardin"]
        _published(actor, base, handle, texts, tags, comments)
    _published(actor, base, "rival", [f"{RIVAL[0]} {ENDINGS[i % 8]} {i}" for i in range(24)], [], [])
    if read:
        understanding.bring_up_to_date(actor=actor, now=base)
    return {a.handle: a for a in Account.objects.filter(workspace_id=actor.workspace_id)}


def _published(
    actor: Actor, base: datetime, handle: str, texts: Sequence[str], tags: Sequence[str], comments: Sequence[str]
) -> None:
    """Twelve posts in each of two months; the tags stand on the later ones only."""
    posts = tuple(
        PostRecord(
            "instagram",
            handle,
            f"{handle}{i}",
            base - timedelta(days=2 + 2 * i if i < 12 else 32 + 2 * (i - 12)),
            text=text,
            url=f"https://e.org/{handle}/{i}",
            hashtags=tuple(tags) if i < 12 else (),
        )
        for i, text in enumerate(texts)
    )
    said = tuple(
        CommentRecord("instagram", handle, posts[0].network_id, f"{handle}c{i}", base, text, f"fan{i}")
        for i, text in enumerate(comments)
    )
    batch = Batch((AccountRecord("instagram", handle, handle, name=handle.title()),), posts, said)
    ingest(workspace_id=actor.workspace_id, batch=batch, actor=actor, now=base)


def a_campaign(
    actor: Actor, base: datetime, accounts: Sequence[Account] = (), competitors: Sequence[str] = ()
) -> Campaign:
    """Ada's campaign for Terre Vive with these creators."""
    given = {"name": "Spring", "objective": "Known", "brand": "Terre Vive", "competitors": list(competitors)}
    campaign = open_campaign(given=given, actor=actor, now=base)
    if accounts:
        add_collaborations(campaign_id=campaign.pk, accounts=[a.pk for a in accounts], actor=actor, now=base)
    return campaign


def idea_places(actor: Actor, now: datetime) -> dict[str, Any]:
    """An idea, a palette and what a rule found, for tests that call every endpoint and open every page."""
    out = BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 40)).save(out, "PNG")
    idea = write_idea(text="Montrer la routine", actor=actor, now=now)
    palette = make_palette(name="Aube", source="brand", files=[("a.png", out.getvalue())], actor=actor, now=now)
    found = FoundIdea(Rule.RISING_HASHTAG, "rising/1", "glowlent", {}, ())
    (word,) = accept_words(words=["Compostou"], language="fr", actor=actor, now=now)
    return {"idea_id": idea.pk, "palette_id": palette.pk, "found_token": sealed(found), "word_id": word.pk}
