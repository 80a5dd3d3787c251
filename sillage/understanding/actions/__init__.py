"""Writing understanding: signals, fitted models, profiles and the cards that search reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sillage.catalogue.actions.cards import count_facets, index_cards
from sillage.catalogue.queries import has_cards_uncounted
from sillage.governance.engine.actors import Actor
from sillage.understanding.actions.authenticity import measure_authenticity
from sillage.understanding.actions.enriching import Enriched, UnknownEnricher, enrich_due
from sillage.understanding.actions.expecting import expect_results
from sillage.understanding.actions.fitting import NoCorpus, fit, is_fit_due
from sillage.understanding.actions.forgetting import forget_comments_by, forget_names, forget_posts
from sillage.understanding.actions.forgetting_topics import forget_in_topics, forget_posts_in_topics
from sillage.understanding.actions.marking_minors import mark_minors
from sillage.understanding.actions.model_calls import count_model_calls_with
from sillage.understanding.actions.originality import measure_originality
from sillage.understanding.actions.peers import rank_engagement
from sillage.understanding.actions.profiling import profile_due
from sillage.understanding.actions.reading_comments import CommentsRead, read_comments
from sillage.understanding.actions.tags import tag_due
from sillage.understanding.actions.topics import drop_topic_map, map_topics
from sillage.understanding.actions.withholding import withhold_due
from sillage.understanding.engine.boosting import can_grow

__all__ = [
    "CommentsRead",
    "Enriched",
    "NoCorpus",
    "UnknownEnricher",
    "bring_up_to_date",
    "count_model_calls_with",
    "drop_topic_map",
    "enrich_due",
    "expect_results",
    "fit",
    "forget_comments_by",
    "forget_in_topics",
    "forget_names",
    "forget_posts",
    "forget_posts_in_topics",
    "is_fit_due",
    "map_topics",
    "mark_minors",
    "measure_authenticity",
    "measure_originality",
    "profile_due",
    "rank_engagement",
    "read_comments",
    "tag_due",
    "withhold_due",
]


def bring_up_to_date(
    *,
    actor: Actor,
    now: datetime,
    since: datetime | None = None,
    only: Sequence[str] = (),
    workers: int = 1,
    cluster: str | None = None,
    refit: bool = False,
    on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Enriched:
    """The whole chain: read posts and comments, fit models if they are outgrown, make profiles and cards, rank accounts.

    Each step is an action of its own and enters the ledger; a run that is killed goes on where it stopped. On a Ray
    `cluster` posts are read; the rest is done by processes here.
    """
    if not only:
        mark_minors(actor=actor, now=now)
    told = _stage(on_progress, "posts")
    enriched = enrich_due(
        actor=actor, now=now, since=since, only=only, workers=workers, cluster=cluster, on_progress=told
    )
    if only:
        return enriched
    read_comments(actor=actor, now=now, workers=workers, on_progress=_stage(on_progress, "comments"))
    withheld = withhold_due(actor=actor, now=now)
    _fit_if_due(actor, now, refit, on_progress)
    tag_due(actor=actor, now=now)
    told = _stage(on_progress, "profiles")
    made = profile_due(actor=actor, now=now, versions=enriched.versions, workers=workers, on_progress=told)
    if made or withheld or has_cards_uncounted(actor.workspace_id):
        rank_engagement(actor=actor, now=now)
        index_cards()
        _look_at_accounts(actor, now, on_progress)
        count_facets(actor.workspace_id, now)  # last: a run that was killed before it is taken up again here
    return enriched


def _look_at_accounts(actor: Actor, now: datetime, on_progress: Callable[[str, int, int], None]) -> None:
    """What depends on all of an account, and on the others. Where LightGBM cannot run nothing is expected."""
    measure_authenticity(actor=actor, now=now, on_progress=_stage(on_progress, "authenticity"))
    measure_originality(actor=actor, now=now, on_progress=_stage(on_progress, "originality"))
    if can_grow():
        expect_results(actor=actor, now=now, on_progress=_stage(on_progress, "expected"))


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
