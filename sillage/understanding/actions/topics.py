"""Making topic maps, and putting them away.

A map is read and found first, then a language model may be asked, then all of it is stored: only the storing is a
transaction. A process that is killed before it leaves no map, and at most a call without an end, which its counter knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.adapters.language_models import Answered, LanguageModel, ModelFailed, Question
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Anticipated, Malformed, Refusal
from sillage.lib.sentences import Sentence, to_stored
from sillage.lib.text import without_controls
from sillage.understanding.actions.forgetting_topics import hold_maps
from sillage.understanding.actions.model_calls import CallEnded, counter
from sillage.understanding.engine.claims import VERSION as CLAIMS_VERSION
from sillage.understanding.engine.claims import Checked, Count
from sillage.understanding.engine.counting import RULES, Counted, count_by_rules
from sillage.understanding.engine.summary import Summary, summarise
from sillage.understanding.engine.topic_result import summary_as_json, topics_as_json
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
from sillage.understanding.engine.written import MOST_TOKENS, PROMPT, Asked, SummaryAnswer, asking, checked_answer
from sillage.understanding.models import TopicMap
from sillage.understanding.queries.language_model import language_model
from sillage.understanding.queries.topics import TextSet, get_topic_map, still_there, texts_of

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


class TextsGone(Refusal):
    """Something that the map was made of has left the catalogue since it was read."""


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
    text too: the texts quoted in the map then leave this machine. A model that fails, or that the workspace's limits do not
    let be asked, leaves the rest of the map as it is, and a reason.
    """
    require(actor, Right.BRIEF)
    _refuse_odd(scope, compare_with, topics)
    model = _model_asked_for(with_model)
    sets = _sets(actor.workspace_id, scope, compare_with)
    found = _found([text for one in sets for text in one.texts], topics)
    summed = [_summed_up(one.texts) for one in sets]
    written = _written(model, _asked(found, summed, scope), actor, now) if model else None
    made = TopicMap(
        workspace_id=actor.workspace_id,
        name=without_controls(" ".join(name.split()))[:LONGEST_NAME],
        scope={"set": scope.as_json(), "compare_with": compare_with.as_json() if compare_with else None},
        version=VERSION,
        texts=sum(len(one.texts) for one in sets),
        result={
            **topics_as_json(found),
            "of": [one.of for one in sets],
            "summaries": [summary_as_json(*one) for one in summed],
            "written": written,
        },
        made_by_id=actor.member_id,
        made_at=now,
    )
    return _stored(made, sets, actor, now)


@transaction.atomic
def _stored(made: TopicMap, sets: Sequence[TextSet], actor: Actor, now: datetime) -> TopicMap:
    hold_maps(made.workspace_id)
    read = {text.ref for one in sets for text in one.texts}
    gone = len(read) - len(still_there(made.workspace_id, read))
    if gone:
        raise TextsGone(
            Sentence("%(gone)s texts of this set left the catalogue while its topics were looked for.", gone=gone),
            Sentence("Make the map again."),
        )
    made.save()
    _enter(made, actor, now)
    return made


def _enter(made: TopicMap, actor: Actor, now: datetime) -> None:
    written = made.result["written"]
    is_asked = written is not None and not written["refused"]
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
            "language_model": f"{written['model']} at {written['server']}" if is_asked else None,
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


def _asked(found: TopicsFound, summed: Sequence[tuple[Summary, list[Counted]]], scope: Scope) -> Asked:
    return asking(_to_send(found, summed), _counts(found, summed), scope.language or "the language of most texts")


def _written(model: LanguageModel, asked: Asked, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a model wrote and what of it holds; or why it was not asked, or failed."""
    told: dict[str, Any] = {
        "model": model.name,
        "server": model.version,
        "prompt": PROMPT,
        "checker": CLAIMS_VERSION,
        "left_out": asked.left_out,
        "sent": sorted(asked.ids.values()),
        "sentences": [],
        "dropped": [],
        "failure": "",  # in English, as the hint; `said` is how to say them elsewhere
        "hint": "",
        "said": {},
        "refused": False,
    }
    try:
        call_id = counter().reserve(
            workspace_id=actor.workspace_id, member_id=actor.member_id, wanted=asked.wanted, now=now
        )
    except Refusal as refusal:
        return told | _failed(refusal) | {"refused": True, "sent": [], "left_out": 0}
    try:
        return told | _kept(_answered(model, asked, call_id, actor, now), asked)
    except ModelFailed as failed:
        return told | _failed(failed)


def _failed(error: Anticipated) -> dict[str, Any]:
    message, hint = error.untold
    return {
        "failure": str(message),
        "hint": str(hint),
        "said": {"failure": to_stored(message), "hint": to_stored(hint)},
    }


def _answered(model: LanguageModel, asked: Asked, call_id: int, actor: Actor, now: datetime) -> Checked:
    """What holds of the answer to a reserved call, asked outside of any transaction. However it ends, it is settled."""
    ended, checked = CallEnded("failed"), Checked((), ())
    try:
        with model.ask(Question(asked.system, asked.user, SummaryAnswer, MOST_TOKENS)) as call:
            try:
                answer = next(event.value for event in call if isinstance(event, Answered))
                checked = checked_answer(answer, asked)
                ended = replace(ended, outcome="answered")
            finally:
                ended = replace(ended, used=call.used, seconds=call.seconds)
    except ModelFailed as failed:
        ended = replace(ended, trouble=failed.trouble.value)
        raise
    finally:
        dropped = Counter(drop.fault.name.lower() for drop in checked.dropped)
        ended = replace(ended, kept=len(checked.kept), dropped=dropped)
        counter().settle(call_id=call_id, wanted=asked.wanted, ended=ended, actor=actor, now=now)
    return checked


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
