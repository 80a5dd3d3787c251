"""Writing with a language model: asked outside of any transaction, its answer checked, and a person takes it or leaves it.

A call is reserved and committed first, then the model is asked, then what it used and what passed the checks is kept. A process
that is killed in between leaves a call without an end, which counts with the most that it may have used.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sillage.adapters.language_models import Answered, ModelFailed, Question, SoFar, Used
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.sensitive import refuse_sorting
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import shortened
from sillage.studio.actions.briefs import BriefArchived
from sillage.studio.actions.model_calls import WriterMissing, call_facts, reserve_call, settle_call
from sillage.studio.actions.texts import TextArchived, keep_version, start_text
from sillage.studio.engine.brief import WritingBrief
from sillage.studio.engine.model_answers import CheckedAnswer, KeptText, ModelAnswer, checked_texts, said_so_far
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.engine.prompting import MOST_EXAMPLES, Asked, asked_to_edit, asked_to_write
from sillage.studio.models import ModelCall, StoredBrief, Text, TextVersion, Voice, VoiceText
from sillage.studio.queries.briefs import content_of, get_brief
from sillage.studio.queries.model_calls import get_call
from sillage.studio.queries.texts import get_text
from sillage.understanding.queries.language_model import language_model

TEMPERATURE = 0.7
NOTHING = CheckedAnswer((), ())


@dataclass(frozen=True, slots=True)
class Coming:
    """The texts as far as they have come: nobody has checked them, and they cannot be taken."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """How a call ended: what passed the checks, what was dropped and why, and the texts that were begun with it."""

    call: ModelCall
    checked: CheckedAnswer
    texts: tuple[Text, ...] = ()


Progress = Coming | Written | None  # None: nothing came for a second


class ProposalDecided(Refusal):
    """Somebody took or left the proposal already, or there is none."""


def stream_texts(
    *, brief_id: int, n: int, material: Sequence[str] = (), actor: Actor, now: datetime
) -> Iterator[Progress]:
    """Have the model write `n` texts of a brief, and begin a text with each that passes the checks; the `Written` last.

    `material` is strangers' words that may be answered to. Closing the iterator stops the call, counts what it used and
    keeps nothing of it. Raises ModelFailed while it is read.
    """
    require(actor, Right.CAMPAIGN)
    stored = get_brief(actor.workspace_id, brief_id)
    if stored.archived_at is not None:
        raise BriefArchived(
            Sentence("“%(stored)s” is put away.", stored=stored.title), Sentence("Bring it back to write from it.")
        )
    brief, (examples, banned) = content_of(stored), _of_voice(stored.voice)
    asked = asked_to_write(brief, n, _boundary(), material=material, examples=examples, banned=banned)
    talk = _Talk(asked, _reserved(asked, actor, now, brief_id=brief_id, text_id=None))
    return _streamed(talk, stored, actor, now)


def write_with_model(*, brief_id: int, n: int, material: Sequence[str] = (), actor: Actor, now: datetime) -> Written:
    """As `stream_texts`, waiting for the end."""
    return _last(stream_texts(brief_id=brief_id, n=n, material=material, actor=actor, now=now))


def stream_edit(
    *, text_id: int, body: str, instruction: str, material: Sequence[str] = (), actor: Actor, now: datetime
) -> Iterator[Progress]:
    """Have the model change a text, `body` as it stands on the page, as a person instructs. What passes is a proposal.

    Nothing of the text changes: a person inserts the proposal, or discards it.
    """
    require(actor, Right.CAMPAIGN)
    text = get_text(actor.workspace_id, text_id)
    if text.archived_at is not None:
        raise TextArchived(Sentence("“%(text)s” was put away.", text=text.title), Sentence("Take it back first."))
    refuse_sorting(instruction)
    brief = content_of(text.brief) if text.brief else None
    examples, banned = _of_voice(text.voice)
    asked = asked_to_edit(
        body,
        text.language,
        instruction,
        _boundary(),
        brief=brief,
        material=material,
        examples=examples,
        banned=banned,
    )
    talk = _Talk(asked, _reserved(asked, actor, now, brief_id=text.brief_id, text_id=text.pk))
    return _streamed(talk, None, actor, now)


def edit_with_model(
    *, text_id: int, body: str, instruction: str, material: Sequence[str] = (), actor: Actor, now: datetime
) -> Written:
    """As `stream_edit`, waiting for the end."""
    return _last(
        stream_edit(text_id=text_id, body=body, instruction=instruction, material=material, actor=actor, now=now)
    )


def _last(events: Iterator[Progress]) -> Written:
    ended = None
    for event in events:
        ended = event
    assert isinstance(ended, Written)
    return ended


def _boundary() -> str:
    return secrets.token_hex(16)


def _of_voice(voice: Voice | None) -> tuple[list[str], list[str]]:
    """Texts that a person chose as examples of the voice, and its banned words."""
    if voice is None:
        return [], []
    chosen = VoiceText.objects.filter(voice=voice, is_example=True).order_by("-pk")[:MOST_EXAMPLES]
    return [one.text for one in chosen], list(voice.banned)


def _reserved(asked: Asked, actor: Actor, now: datetime, *, brief_id: int | None, text_id: int | None) -> ModelCall:
    return reserve_call(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        wanted=asked.wanted,
        now=now,
        brief_id=brief_id,
        text_id=text_id,
    )


class _Talk:
    """One call while it goes on: what was asked, how it ends, what it used."""

    def __init__(self, asked: Asked, call: ModelCall) -> None:
        self.asked = asked
        self.call = call
        self.outcome = "failed"  # until the answer comes, or whoever reads it goes
        self.failed: ModelFailed | None = None
        self.checked = NOTHING
        self.used = Used()
        self.seconds = 0.0

    def heard(self) -> Iterator[Progress]:
        model = language_model()
        if model is None:
            raise WriterMissing(
                Sentence("No language model is set up here."), Sentence("Set SILLAGE_LLM_URL and SILLAGE_LLM_MODEL.")
            )
        asked = self.asked
        question = Question(asked.system, asked.user, ModelAnswer, asked.most_tokens, TEMPERATURE)
        with model.ask(question) as call:
            try:
                for event in call:
                    if isinstance(event, Answered):
                        self.outcome, self.checked = "answered", checked_texts(event.value, asked)
                    else:
                        yield Coming(tuple(said_so_far(event.text))) if isinstance(event, SoFar) else None
            except ModelFailed as failed:
                self.failed = failed
            finally:
                self.used, self.seconds = call.used, call.seconds


def _streamed(talk: _Talk, stored: StoredBrief | None, actor: Actor, now: datetime) -> Iterator[Progress]:
    """The call, and its end whichever it is: answered, failed, or stopped by whoever read it."""
    try:
        yield from talk.heard()
    except GeneratorExit:
        talk.outcome = "stopped"
        raise
    finally:
        written = _kept(talk, stored, actor, now)
    if talk.failed is not None:
        raise talk.failed
    yield written


@transaction.atomic
def _kept(talk: _Talk, stored: StoredBrief | None, actor: Actor, now: datetime) -> Written:
    """What the call used, what passed, and the entry: one per call, without the words."""
    call, checked = talk.call, talk.checked
    call.kept, call.dropped = len(checked.kept), checked.counted()
    if stored is None:
        call.proposal = [{"text": one.text, "facts": list(one.facts)} for one in checked.kept]
    lost = settle_call(
        call,
        outcome=talk.outcome,
        trouble=talk.failed.trouble.value if talk.failed else "",
        used=talk.used,
        characters_in=talk.asked.wanted.characters_in,
        seconds=talk.seconds,
        now=now,
    )
    made = made_by_model(call)
    brief = content_of(stored) if stored is not None and checked.kept else None
    texts = [_begun(one, brief, stored, made, actor, now) for one in checked.kept] if stored and brief else []
    governance.record(
        verb="studio.model_asked",
        subject_kind="model_call",
        subject_id=call.pk,
        actor=actor,
        now=now,
        facts={**call_facts(call), "texts": [text.pk for text in texts], "interrupted": lost},
    )
    return Written(call, checked, tuple(texts))


def made_by_model(call: ModelCall) -> MadeBy:
    """The mark of what a call brought, as part of keeping it."""
    return MadeBy(Origin.MODEL, call.model, call.server, call.prompt_version)


def _begun(one: KeptText, brief: WritingBrief, stored: StoredBrief, made: MadeBy, actor: Actor, now: datetime) -> Text:
    return start_text(
        title=shortened(stored.title, 150),
        kind=brief.kind.value,
        language=brief.language,
        body=one.text,
        made_by=made,
        actor=actor,
        now=now,
        brief_id=stored.pk,
    )


# -- a person's word on a proposal -----------------------------------------------------------------------------------


@transaction.atomic
def insert_proposal(*, call_id: int, seen: int, actor: Actor, now: datetime) -> TextVersion:
    """Keep a proposal as the text's next version, marked as the model's. `seen`: the `version` of the text on the page."""
    require(actor, Right.CAMPAIGN)
    call = _undecided(actor, call_id)
    words = str(call.proposal[0]["text"])
    _decide(call, "inserted")
    assert call.text_id is not None
    return keep_version(text_id=call.text_id, body=words, made_by=made_by_model(call), seen=seen, actor=actor, now=now)


@transaction.atomic
def discard_proposal(*, call_id: int, actor: Actor, now: datetime) -> ModelCall:
    """Leave a proposal: its words are removed."""
    require(actor, Right.CAMPAIGN)
    call = _undecided(actor, call_id)
    _decide(call, "discarded")
    governance.record(
        verb="studio.proposal_discarded", subject_kind="model_call", subject_id=call.pk, actor=actor, now=now, facts={}
    )
    return call


def _undecided(actor: Actor, call_id: int) -> ModelCall:
    call = get_call(actor.workspace_id, call_id, lock=True)
    if call.decided or not call.proposal or call.text_id is None:
        raise ProposalDecided(
            Sentence("This proposal was taken or left already."),
            Sentence("Ask the model again, or see the versions of the text."),
        )
    return call


def _decide(call: ModelCall, word: str) -> None:
    call.decided, call.proposal = word, []
    call.save(update_fields=["decided", "proposal"])
