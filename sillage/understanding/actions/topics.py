"""Making topic maps, putting them away, and taking out of them what leaves.

`forget_in_topics` and `forget_posts_in_topics` are parts of the actions that remove people and posts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.adapters.language_models import LanguageModel
from sillage.catalogue.engine.keys import creator_key_hash
from sillage.catalogue.models import Account, Comment
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Workspace
from sillage.lib.errors import Malformed, OutsideError, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded, without_controls
from sillage.understanding.engine.claims import VERSION as CLAIMS_VERSION
from sillage.understanding.engine.claims import Checked, Count
from sillage.understanding.engine.counting import RULES, Counted, count_by_rules
from sillage.understanding.engine.summary import Summary, summarise
from sillage.understanding.engine.topic_result import (
    Gone,
    parts_of,
    ref_of,
    summary_as_json,
    topics_as_json,
    without,
)
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.engine.topics import (
    FEWEST_TEXTS,
    FEWEST_TOPICS,
    MOST_TOPICS,
    VERSION,
    SetText,
    TopicsFound,
    find_topics,
    readable,
)
from sillage.understanding.engine.written import PROMPT, AnswerUnfit, Asked, asking, checked_answer
from sillage.understanding.models import TopicMap
from sillage.understanding.queries.language_model import language_model
from sillage.understanding.queries.topics import TextSet, get_topic_map, texts_of

LONGEST_NAME = 200
COUNTED_TOPICS = 8  # topics whose sizes a language model may cite
_RULE_WORDS = {rule.key: rule.words for rule in RULES}


class TooFewTexts(Refusal):
    """The set has too few texts with words for topics to mean anything."""

    status = 422


class NothingInCommon(Refusal):
    """No two texts of the set share a word, so there is nothing to group them by."""

    status = 422


class TopicsOutOfRange(Malformed):
    """So many topics cannot be found in the set."""


class SameSet(Malformed):
    """A set is compared with itself."""


class LanguageModelMissing(Refusal):
    """No language model is set up."""


@transaction.atomic
def map_topics(
    *,
    scope: Scope,
    compare_with: Scope | None = None,
    name: str = "",
    topics: int | None = None,
    with_model: bool = False,
    actor: Actor,
    now: datetime,
) -> TopicMap:
    """Find what a set talks about, or two sets together with how they differ; sum it up and keep it.

    `topics` is chosen from the size of the set unless given. `with_model` has the language model of the settings write a
    text too: the texts quoted in the map then leave this machine.
    """
    require(actor, Right.BRIEF)
    _refuse_odd(scope, compare_with, topics)
    model = _model_asked_for(with_model)
    sets = _sets(actor.workspace_id, scope, compare_with)
    result = _result(sets, topics, model, scope)
    made = TopicMap.objects.create(
        workspace_id=actor.workspace_id,
        name=without_controls(" ".join(name.split()))[:LONGEST_NAME],
        scope={"set": scope.as_json(), "compare_with": compare_with.as_json() if compare_with else None},
        version=VERSION,
        texts=sum(len(one.texts) for one in sets),
        result=result,
        made_by_id=actor.member_id,
        made_at=now,
    )
    _enter(made, model, actor, now)
    return made


def _enter(made: TopicMap, model: LanguageModel | None, actor: Actor, now: datetime) -> None:
    governance.record(
        verb="understanding.topics_mapped",
        subject_kind="topic_map",
        subject_id=made.pk,
        actor=actor,
        now=now,
        facts={
            "texts": made.texts,
            "topics": len(made.result["topics"]),
            "version": VERSION,
            "language_model": f"{model.name} at {model.version}" if model else None,
        },
    )


@transaction.atomic
def drop_topic_map(*, map_id: int, actor: Actor, now: datetime) -> None:
    """Remove a map. Raises TopicMapMissing."""
    require(actor, Right.BRIEF)
    get_topic_map(actor.workspace_id, map_id).delete()
    governance.record(
        verb="understanding.topic_map_dropped", subject_kind="topic_map", subject_id=map_id, actor=actor, now=now
    )


def _refuse_odd(scope: Scope, compare_with: Scope | None, topics: int | None) -> None:
    if topics is not None and not FEWEST_TOPICS <= topics <= MOST_TOPICS:
        raise TopicsOutOfRange(
            Sentence("%(topics)s topics cannot be found.", topics=topics),
            Sentence(
                "Ask for %(fewest_topics)s to %(most_topics)s, or leave the number out.",
                fewest_topics=FEWEST_TOPICS,
                most_topics=MOST_TOPICS,
            ),
        )
    if compare_with == scope:
        raise SameSet(
            Sentence("Both sets are the same."), Sentence("Change the account, brand, theme or period of one of them.")
        )


def _model_asked_for(with_model: bool) -> LanguageModel | None:
    model = language_model() if with_model else None
    if with_model and model is None:
        raise LanguageModelMissing(
            Sentence("No language model is set up, so none can write a summary."),
            Sentence("Set SILLAGE_LLM_URL and SILLAGE_LLM_MODEL, or take the summary of quoted sentences."),
        )
    return model


def _sets(workspace_id: int, scope: Scope, compare_with: Scope | None) -> list[TextSet]:
    """The texts of one scope or two. Refuses sets that are too small."""
    sets = [texts_of(workspace_id, scope)]
    if compare_with is not None:
        sets.append(texts_of(workspace_id, compare_with, is_second=True))
    for one in sets:
        n = readable([text.text for text in one.texts])
        if n < FEWEST_TEXTS:
            raise TooFewTexts(
                Sentence(
                    "This set has %(n)s texts with words; topics need at least %(fewest_texts)s.",
                    n=n,
                    fewest_texts=FEWEST_TEXTS,
                ),
                Sentence("Take more accounts, a longer period, or fewer conditions; or read the texts themselves."),
            )
    return sets


def _result(sets: Sequence[TextSet], topics: int | None, model: LanguageModel | None, scope: Scope) -> dict[str, Any]:
    found = _found([text for one in sets for text in one.texts], topics)
    summed = [_summed_up(one.texts) for one in sets]
    return {
        **topics_as_json(found),
        "of": [one.of for one in sets],
        "summaries": [summary_as_json(*one) for one in summed],
        "written": _written(model, found, summed, scope) if model else None,
    }


def _found(texts: Sequence[SetText], topics: int | None) -> TopicsFound:
    try:
        return find_topics(texts, topics=topics)
    except ValueError as error:
        raise NothingInCommon(
            Sentence("These %(texts_count)s texts have too few words in common to be grouped.", texts_count=len(texts)),
            Sentence("Take more accounts, a longer period, or fewer conditions; or read the texts themselves."),
        ) from error


def _summed_up(texts: Sequence[SetText]) -> tuple[Summary, list[Counted]]:
    said = [(t.ref, t.text) for t in texts]
    return summarise(said), count_by_rules(said)


# -- with a language model -------------------------------------------------------------------------------------------


def _written(
    model: LanguageModel, found: TopicsFound, summed: Sequence[tuple[Summary, list[Counted]]], scope: Scope
) -> dict[str, Any]:
    """What a model wrote and what of it holds. A model that fails leaves the rest of the map as it is, and a reason."""
    asked = asking(_to_send(found, summed), _counts(found, summed), scope.language or "the language of most texts")
    told: dict[str, Any] = {
        "model": model.name,
        "server": model.version,
        "prompt": PROMPT,
        "checker": CLAIMS_VERSION,
        "left_out": asked.left_out,
        "sent": sorted(asked.ids.values()),
        "sentences": [],
        "dropped": [],
        "failure": "",
    }
    try:
        return told | _kept(checked_answer(model.answer(system=asked.system, user=asked.user), asked), asked)
    except OutsideError as error:
        return told | {"failure": str(error)}
    except AnswerUnfit as error:
        return told | {"failure": f"{model.name} did not answer as asked: {error}."}


def _to_send(found: TopicsFound, summed: Sequence[tuple[Summary, list[Counted]]]) -> list[tuple[str, str]]:
    """What stands for the set: sentences of the summary, then the quotes of topics, the first of each before the second."""
    sentences = [(s.ref, s.text) for summary, _ in summed for s in summary.sentences]
    deepest = max((len(t.quotes) for t in found.topics), default=0)
    quotes = [(t.quotes[i].ref, t.quotes[i].text) for i in range(deepest) for t in found.topics if i < len(t.quotes)]
    return list(dict([*sentences, *quotes]).items())


def _counts(found: TopicsFound, summed: Sequence[tuple[Summary, list[Counted]]]) -> list[Count]:
    sizes = [Count(", ".join(t.words), t.texts[0], found.texts[0]) for t in found.topics[:COUNTED_TOPICS]]
    return sizes + [Count(_RULE_WORDS[c.rule], len(c.refs), c.of) for c in summed[0][1]]


def _kept(checked: Checked, asked: Asked) -> dict[str, Any]:
    return {
        "sentences": [
            {
                "text": claim.text,
                "refs": [asked.ids[i] for i in claim.ids if i in asked.ids],
                "counts": [
                    {"about": c.label, "n": c.n, "of": c.of}
                    for i in claim.ids
                    if (c := asked.counts.get(i)) is not None
                ],
            }
            for claim in checked.kept
        ],
        "dropped": [
            {"text": drop.claim.text[:500], "fault": drop.fault.name.lower(), "blame": [b[:80] for b in drop.blame[:8]]}
            for drop in checked.dropped
        ],
    }


# -- forgetting ------------------------------------------------------------------------------------------------------


def forget_in_topics(workspace_id: int, account_ids: Collection[int], names: Iterable[str]) -> dict[str, int]:
    """Take accounts out of every map of the workspace, with what they wrote under other people's posts.

    A map of theirs alone is removed; from others their quotes, their share of counts with ids, and their names leave.
    """
    leaving = set(account_ids)
    elsewhere = _comments_by(workspace_id, leaving)
    gone_names = frozenset(folded(name) for name in names)
    maps = TopicMap.objects.filter(workspace_id=workspace_id).select_for_update()
    own = [m.pk for m in maps if _is_of(m, leaving)]
    removed = TopicMap.objects.filter(pk__in=own).delete()[0] if own else 0
    for kept in maps.exclude(pk__in=own):
        _take_out(kept, lambda ref: parts_of(ref)[1] in leaving or ref in elsewhere, gone_names)
        _take_off_scope(kept, leaving)
        if gone_names and any(name in folded(kept.name) for name in gone_names):
            kept.name = ""
        kept.save(update_fields=["name", "scope", "result"])
    return {"topicmap": removed} if removed else {}


def forget_posts_in_topics(workspace_id: int, account_id: int, post_ids: Collection[int]) -> dict[str, int]:
    """Take posts, and the comments that stood under them, out of every map of the workspace.

    Comments that are gone are known by not being there any more.
    """
    posts = {ref_of("post", account_id, post) for post in post_ids}
    there = {ref_of("comment", account_id, c) for c in _comments_of(account_id)}

    def gone(ref: str) -> bool:
        kind, account, _ = parts_of(ref)
        return ref in posts or (kind == "comment" and account == account_id and ref not in there)

    for kept in TopicMap.objects.filter(workspace_id=workspace_id).select_for_update():
        _take_out(kept, gone, frozenset())
        kept.save(update_fields=["result"])
    return {}


def _comments_of(account_id: int) -> list[int]:
    return list(Comment.objects.filter(account_id=account_id).values_list("id", flat=True))


def _comments_by(workspace_id: int, account_ids: Collection[int]) -> set[str]:
    salt = bytes(Workspace.objects.get(pk=workspace_id).salt)
    accounts = Account.objects.filter(workspace_id=workspace_id, pk__in=account_ids)
    authors = [creator_key_hash(salt, a.network, a.network_id) for a in accounts]
    rows = Comment.objects.filter(account__workspace_id=workspace_id, author_hash__in=authors)
    return {ref_of("comment", account, c) for account, c in rows.values_list("account_id", "id")}


def _is_of(kept: TopicMap, account_ids: Collection[int]) -> bool:
    """Whether one of the map's sets is of these accounts alone."""
    scopes = [Scope.from_json(s) for s in (kept.scope["set"], kept.scope["compare_with"]) if s]
    return any(s.accounts and set(s.accounts) <= set(account_ids) for s in scopes)


def _take_off_scope(kept: TopicMap, account_ids: Collection[int]) -> None:
    gone = {str(a) for a in account_ids}
    kept.scope = {
        name: scope and {**scope, "accounts": [a for a in scope["accounts"] if a not in gone]}
        for name, scope in kept.scope.items()
    }


def _take_out(kept: TopicMap, gone: Gone, names: frozenset[str]) -> None:
    kept.result = without(kept.result, gone, names)
