"""Composing texts of a brief: assembled from human-written fragments, kept as texts that a person goes on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.studio.actions.briefs import BriefArchived
from sillage.studio.actions.texts import start_text
from sillage.studio.engine.brief import WritingBrief
from sillage.studio.engine.composer import MOST, Composed, compose, made_by
from sillage.studio.engine.lawful import packs_of, stopping
from sillage.studio.engine.occasion import occasion_of
from sillage.studio.models import StoredBrief, Text
from sillage.studio.queries.briefs import content_of, get_brief
from sillage.studio.queries.composing import occasion_of_collaboration, parts_used_lately, signer_of


class TooManyTexts(Malformed):
    """A few texts at once are read; many are what variants are for."""


@transaction.atomic
def compose_texts(
    *,
    brief_id: int,
    wanted: int,
    actor: Actor,
    now: datetime,
    occasion: Mapping[str, Any] | None = None,
    collaboration_id: int | None = None,
    post_id: int | None = None,
) -> list[Text]:
    """Put up to `wanted` texts of a brief together and begin a Text with each; fewer where the fragments give no more.

    `occasion` has the fields of engine/occasion.py; what it leaves empty comes from the collaboration (whom, words of a post
    of theirs) and from the actor (who signs). Raises SlotUnfillable, TextUnfillable, OccasionMalformed, BriefArchived.
    """
    require(actor, Right.CAMPAIGN)
    refuse_many(wanted)
    stored = get_brief(actor.workspace_id, brief_id, lock=True)  # two who compose at once repeat nothing
    if stored.archived_at is not None:
        raise BriefArchived(Sentence("“%(stored)s” is archived.", stored=stored.title), Sentence("Take it back first."))
    brief = content_of(stored)
    said = _occasion(brief, occasion or {}, collaboration_id, post_id, actor)
    made = composed(brief, said, wanted, actor.workspace_id, now)
    texts = _begun(stored, brief, made, actor, now)
    governance.record(
        verb="studio.texts_composed",
        subject_kind="writing_brief",
        subject_id=stored.pk,
        actor=actor,
        now=now,
        facts={"texts": [text.pk for text in texts], "collaboration": collaboration_id, "automatic": brief.automatic},
    )
    return texts


def _begun(
    stored: StoredBrief, brief: WritingBrief, made: Sequence[Composed], actor: Actor, now: datetime
) -> list[Text]:
    """A Text with each, as part of composing; several of one brief are numbered."""
    titles = [f"{stored.title[:190]} · {number}" for number in range(1, len(made) + 1)]
    return [
        start_text(
            title=title if len(made) > 1 else stored.title,
            kind=brief.kind.value,
            language=brief.language,
            body=one.text,
            made_by=made_by(brief, one),
            actor=actor,
            now=now,
            brief_id=stored.pk,
        )
        for title, one in zip(titles, made, strict=True)
    ]


def _occasion(
    brief: WritingBrief, given: Mapping[str, Any], collaboration_id: int | None, post_id: int | None, actor: Actor
) -> dict[str, Any]:
    """What is known of the occasion: who signs, then what the collaboration tells, then what was said."""
    said: dict[str, Any] = {"sender": signer_of(actor)}
    if collaboration_id is not None:
        said |= occasion_of_collaboration(actor.workspace_id, collaboration_id, brief.language, post_id)
    return said | {name: value for name, value in given.items() if value not in ("", None)}


def composed(
    brief: WritingBrief, said: Mapping[str, Any], wanted: int, workspace_id: int, now: datetime
) -> tuple[Composed, ...]:
    """The texts, checked by the brief's law packs as of today, as part of composing."""
    return compose(
        brief,
        occasion_of(said),
        wanted,
        recent=parts_used_lately(workspace_id, brief),
        stopping=partial(stopping, brief, packs=packs_of(brief), on=now.date()),
    )


def refuse_many(wanted: int) -> None:
    """Refuse, as part of composing, what nobody would read."""
    if not 1 <= wanted <= MOST:
        raise TooManyTexts(
            Sentence("%(wanted)s texts at once are not composed.", wanted=wanted),
            Sentence("Ask for 1 to %(most)s; variants come by the thousand.", most=MOST),
            "n",
        )
