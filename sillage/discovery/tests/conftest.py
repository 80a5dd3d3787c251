"""A small catalogue: gardeners, surfers and a star who mentions everything lightly."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, Measure, ObservationRecord, PostRecord, SourceClass
from sillage.governance.engine.actors import Actor
from sillage.understanding.actions import bring_up_to_date

GARDEN = (
    "Semis de tomates au potager : terreau, lumière et patience",
    "J’ai paillé mes rosiers et taillé les arbustes du jardin",
    "Compost maison et purin d’ortie pour les légumes du potager",
)
SURF = (
    "Session de surf ce matin, la houle était parfaite",
    "Nouvelle planche de surf et premier take-off réussi",
    "Spot de surf désert, combinaison et wax, quel bonheur",
)
EVERYTHING = (
    "Bonne semaine à tous, vous êtes incroyables",
    "Journée shooting, merci l’équipe",
    "Un café au jardin et on repart",
)
ENGLISH_GARDEN = (
    "Sowing tomato seeds in the greenhouse, compost ready for the vegetable garden",
    "Pruning the roses and mulching my flower beds this weekend",
    "My raised beds are full of seedlings, gardening season is here",
)

CREATORS = {
    "mona": (GARDEN, 4_000, "FR", "fr"),
    "basile": ((GARDEN[0], GARDEN[1], SURF[0]), 30_000, "BE", "fr"),
    "noe": (SURF, 25_000, "FR", "fr"),
    "star": (EVERYTHING, 2_000_000, "FR", "fr"),
    "poppy": (ENGLISH_GARDEN, 15_000, "GB", "en"),
}


def records_of(handle: str, now: datetime) -> Batch:
    texts, followers, country, _ = CREATORS[handle]
    account = AccountRecord("instagram", handle, handle, name=handle.title(), country=country)
    posts = tuple(
        PostRecord("instagram", handle, f"{handle}{i}", now - timedelta(days=2 * i + 1), text=text, format="image")
        for i, text in enumerate(texts * 3)
    )
    seen = [
        ObservationRecord("instagram", handle, m, v, m.value, SourceClass.PUBLIC, now, p.network_id)
        for p in posts
        for m, v in ((Measure.LIKES, followers // 40), (Measure.COMMENTS, followers // 500))
    ]
    seen.append(
        ObservationRecord("instagram", handle, Measure.FOLLOWERS, followers, "followers_count", SourceClass.PUBLIC, now)
    )
    return Batch((account,), posts, (), tuple(seen))


def fill(actor: Actor, now: datetime) -> None:
    for handle in CREATORS:
        ingest(workspace_id=actor.workspace_id, batch=records_of(handle, now), actor=actor, now=now)
    bring_up_to_date(actor=actor, now=now)


@pytest.fixture
def catalogue(ada: Actor, noon: datetime) -> None:
    fill(ada, noon)
