"""A chosen text is approved, on exactly its words, and handed over to a deliverable of a campaign as its next draft.

The approval is governance's (`release_act_of`): asked for here or in the approvals page, used once, when the text is handed
over. Another word, another maker or another finding of the law is another act, and the approval does not hold for it.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce

from django.db import transaction

from sillage.campaigns.actions.drafts import submit_draft
from sillage.campaigns.models import Deliverable, Draft
from sillage.campaigns.queries.deliverables import get_deliverable
from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.acts import Act, Standing, Verdict
from sillage.governance.models import ApprovalRequest
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions.choices import TextMoveRefused, become, refuse_stale, refuse_unlawful
from sillage.studio.engine.human_flags import FLAG_WORDS, words_named
from sillage.studio.engine.origins import Origin
from sillage.studio.engine.text_states import STATE_WORDS, TextState
from sillage.studio.models import Text, TextVersion
from sillage.studio.queries.choices import has_model, open_checks, origins_of, release_act_of
from sillage.studio.queries.text_checks import law_of
from sillage.studio.queries.texts import get_text, newest_version


class TextUnjudged(Refusal):
    """A person was asked to judge these words and has not, or wants them changed."""


class ApprovalUnexplained(Malformed):
    """An approval in spite of what rules ask or doubt says why."""


class DeliverableElsewhere(Refusal):
    """A text written for one campaign is not handed to another's deliverable."""

    def __init__(self, deliverable: Deliverable) -> None:
        super().__init__(
            Sentence(
                "“%(deliverable)s” is of “%(campaign)s”, the text of another campaign.",
                deliverable=deliverable.name,
                campaign=deliverable.campaign.name,
            ),
            Sentence("Choose a deliverable of the text’s campaign."),
        )


@transaction.atomic
def ask_text_approval(*, text_id: int, seen: int, actor: Actor, now: datetime) -> ApprovalRequest:
    """Put a chosen text before those who may approve it. Refused while the law stops it or a human check is open."""
    require(actor, Right.CAMPAIGN)
    text, version, act = _ready(actor, text_id, seen, now)
    request = governance.ask_approval(act=act, summary=_summary(text, version), actor=actor, now=now)
    governance.record(
        verb="studio.text_put_forward",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"number": version.number, "request": request.pk},
    )
    return request


def _summary(text: Text, version: TextVersion) -> Sentence:
    return Sentence("Let “%(text)s” go out, version %(number)s", text=text.title, number=version.number)


def _ready(actor: Actor, text_id: int, seen: int, now: datetime) -> tuple[Text, TextVersion, Act]:
    """The text, its row held, its newest version and the act, after law and people were asked once more."""
    text = get_text(actor.workspace_id, text_id, lock=True)
    refuse_stale(text, seen)
    if text.state not in (TextState.CHOSEN.value, TextState.APPROVED.value):
        raise TextMoveRefused(
            Sentence(
                "“%(text)s” is %(text_state)s: nobody has chosen these words.",
                text=text.title,
                text_state=STATE_WORDS[TextState(text.state)],
            ),
            Sentence("Choose it first."),
        )
    refuse_unlawful(text, text.body, now)
    version = newest_version(text)
    _refuse_unjudged(version)
    return text, version, release_act_of(version, law_of(text, version.body, now.date()))


def _refuse_unjudged(version: TextVersion) -> None:
    waiting = open_checks(version)
    if not waiting:
        return
    first = waiting[0]
    if first.answer:
        reason = first.answer_reason or first.reason
        raise TextUnjudged(
            Sentence("“%(words)s” is to be changed: %(reason)s", words=first.words[:60], reason=reason)
            if first.words
            else Sentence("The text is to be changed: %(reason)s", reason=reason),
            Sentence("Change it, then ask again."),
        )
    said = {"about": words_named(first.words), "flag": FLAG_WORDS[first.flag], "waiting_count": len(waiting)}
    raise TextUnjudged(
        Sentence(
            "%(who)s has not judged %(about)s yet (%(flag)s); %(waiting_count)s of these checks wait.",
            who=first.asked_of.person,
            **said,
        )
        if first.asked_of
        else Sentence(
            "Nobody has judged %(about)s yet (%(flag)s); %(waiting_count)s of these checks wait.",
            **said,
        ),
        Sentence("Answer them on the text’s page, or ask somebody else."),
    )


@transaction.atomic
def approve_text(*, text_id: int, seen: int, reason: str, actor: Actor, now: datetime) -> Text:
    """Say one's own yes to exactly these words. With the last word that the workspace's rules ask for, it is approved.

    What rules ask or doubt needs the approver's reason. Raises governance's refusals for whoever may not approve.
    """
    require(actor, Right.APPROVE)
    text, version, act = _ready(actor, text_id, seen, now)
    if act.content["law"] and not reason.strip():
        raise ApprovalUnexplained(
            Sentence("Rules ask or warn: an approval in spite of them needs your reason."),
            Sentence("Say why it may go out all the same."),
            place="reason",
        )
    request = governance.ask_approval(act=act, summary=_summary(text, version), actor=actor, now=now)
    request = governance.decide_approval(
        request_id=request.pk, verdict=Verdict.APPROVED, reason=reason, actor=actor, now=now
    )
    is_approved = queries.standing(request, now) is Standing.APPROVED
    if is_approved and text.state == TextState.CHOSEN.value:
        become(text, TextState.APPROVED, now)
    governance.record(
        verb="studio.text_approved",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"number": version.number, "is_approved": is_approved, **queries.approval_fact(request)},
    )
    return text


@transaction.atomic
def hand_over(*, text_id: int, deliverable_id: int, seen: int, actor: Actor, now: datetime) -> Draft:
    """Make an approved text the next draft of a deliverable; the approval is used by it, in the same transaction.

    What is known of its origin goes along: a text that a model had a hand in says so, an assembled one does not.
    """
    require(actor, Right.CAMPAIGN)
    text, version, act = _ready(actor, text_id, seen, now)
    deliverable = get_deliverable(actor.workspace_id, deliverable_id)
    if text.campaign_id is not None and text.campaign_id != deliverable.campaign_id:
        raise DeliverableElsewhere(deliverable)
    used = governance.use_approval(act=act, workspace_id=actor.workspace_id, now=now)
    draft = submit_draft(
        deliverable_id=deliverable.pk,
        text=version.body,
        note=_note(text, version),
        facts={"ai.generated": has_model(version)},
        actor=actor,
        now=now,
    )
    text.deliverable, text.state, text.changed_at = deliverable, TextState.HANDED_OVER.value, now
    text.save(update_fields=["deliverable", "state", "changed_at"])
    governance.record(
        verb="studio.text_handed_over",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={
            **queries.approval_fact(used),
            "number": version.number,
            "deliverable": deliverable.pk,
            "draft": draft.pk,
            "origins": [one.origin.value for one in origins_of(version)],
        },
    )
    return draft


_HANDS = {
    Origin.PERSON: Sentence("written by a person"),
    Origin.TEMPLATE: Sentence("assembled from templates"),
    Origin.MODEL: Sentence("written by a model (AI)"),
}


def _note(text: Text, version: TextVersion) -> Sentence:
    """Where the draft comes from, for whoever reviews it."""
    hands = dict.fromkeys(one.origin for one in origins_of(version))
    return Sentence(
        "From the studio: “%(text)s”, version %(number)s; %(hands)s.",
        text=text.title,
        number=version.number,
        hands=reduce(_then, (_HANDS[origin] for origin in hands)),
    )


def _then(before: Sentence, after: Sentence) -> Sentence:
    return Sentence("%(before)s, then %(after)s", before=before, after=after)
