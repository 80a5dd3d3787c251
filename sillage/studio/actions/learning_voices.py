"""A voice learns from what people chose, edited and refused: a version that waits for a person's word."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions.voices import keep_voice_version, voice_to_change
from sillage.studio.engine.voice import FEWEST_TEXTS
from sillage.studio.engine.voice_learning import FEWEST_CHOICES, Learnt, learn
from sillage.studio.models import VoiceVersion
from sillage.studio.queries.voices import decided_in, others_than, training_texts, weights_of


class NotEnoughChoices(Refusal):
    """Too few choices to learn from and to measure on."""


@transaction.atomic
def learn_voice(*, voice_id: int, actor: Actor, now: datetime) -> VoiceVersion:
    """Train anew with what was chosen, weigh the parts of the fit anew, and measure both on the newest choices, held back."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id)
    decided, texts, others = decided_in(voice), training_texts(voice), others_than(voice)
    try:
        learnt = learn(texts, others.texts, decided, weights_of(voice))
    except ValueError as error:
        raise NotEnoughChoices(
            Sentence("Not enough choices to learn “%(voice)s” from: %(error)s.", voice=voice.name, error=error.args[0]),
            Sentence(
                "It takes %(fewest_texts)s texts and %(fewest_choices)s choices in this voice, some"
                " of them refused or edited.",
                fewest_texts=FEWEST_TEXTS,
                fewest_choices=FEWEST_CHOICES,
            ),
        ) from error
    version = keep_voice_version(
        voice, learnt.voice, texts, others, actor.member_id, now, scores=_scores(learnt), n_choices=learnt.n_choices
    )
    governance.record(
        verb="studio.voice_learnt",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"version": version.number, "choices": learnt.n_choices, "scores": version.scores},
    )
    return version


def _scores(learnt: Learnt) -> dict[str, float | int]:
    return {
        "before": round(learnt.before, 4),
        "after": round(learnt.after, 4),
        "held_choices": learnt.held_choices,
        "held_pairs": learnt.held_pairs,
        "pairs": learnt.pairs,
    }
