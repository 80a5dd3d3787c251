"""Writing understanding: signals, fitted models, profiles and the cards that search reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sillage.catalogue.actions.cards import count_facets, index_cards
from sillage.governance.engine.actors import Actor
from sillage.understanding.actions.enriching import Enriched, UnknownEnricher, enrich_due
from sillage.understanding.actions.fitting import NoCorpus, fit, is_fit_due
from sillage.understanding.actions.forgetting import forget_names, forget_posts
from sillage.understanding.actions.peers import rank_engagement
from sillage.understanding.actions.profiling import profile_due
from sillage.understanding.actions.withholding import withhold_due

__all__ = [
    "Enriched",
    "NoCorpus",
    "UnknownEnricher",
    "bring_up_to_date",
    "enrich_due",
    "fit",
    "forget_names",
    "forget_posts",
    "is_fit_due",
    "profile_due",
    "rank_engagement",
    "withhold_due",
]


def bring_up_to_date(
    *,
    actor: Actor,
    now: datetime,
    since: datetime | None = None,
    only: Sequence[str] = (),
    workers: int = 1,
    refit: bool = False,
    on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Enriched:
    """The whole chain: read posts, fit models if they are outgrown, make profiles and cards, place accounts among peers.

    Each step is an action of its own and enters the ledger; a run that is killed goes on where it stopped.
    """
    enriched = enrich_due(
        actor=actor, now=now, since=since, only=only, workers=workers, on_progress=_stage(on_progress, "posts")
    )
    if only:
        return enriched
    withheld = withhold_due(actor=actor, now=now)
    _fit_if_due(actor, now, refit, on_progress)
    made = profile_due(
        actor=actor,
        now=now,
        versions=enriched.versions,
        workers=workers,
        on_progress=_stage(on_progress, "profiles"),
    )
    if made or withheld:
        rank_engagement(actor=actor, now=now)
        count_facets(actor.workspace_id, now)
        index_cards()
    return enriched


def _fit_if_due(actor: Actor, now: datetime, refit: bool, on_progress: Callable[[str, int, int], None]) -> None:
    """A corpus of emoji alone has nothing to fit on: its accounts get profiles without words."""
    if not refit and not is_fit_due(actor.workspace_id):
        return
    on_progress("models", 0, 1)
    try:
        fit(actor=actor, now=now)
    except NoCorpus:
        if refit:
            raise
    on_progress("models", 1, 1)


def _stage(on_progress: Callable[[str, int, int], None], stage: str) -> Callable[[int, int], None]:
    return lambda done, total: on_progress(stage, done, total)
