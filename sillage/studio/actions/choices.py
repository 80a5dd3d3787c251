"""A person chooses a text or refuses it. What was proposed and what they made of it is what a voice learns from."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.law_words import change_of, rule_named
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Joined, Listed, Sentence
from sillage.studio.actions.texts import TextArchived, TextMalformed, TextNewer, clean_body, keep_words
from sillage.studio.engine.edits import edits
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy
from sillage.studio.engine.text_states import STATE_WORDS, TextState, may_become
from sillage.studio.models import Choice, Text, TextVersion
from sillage.studio.queries.text_checks import law_of
from sillage.studio.queries.texts import get_text, newest_version, proposal_of

MOST_REASON = 500


class TextMoveRefused(Refusal):
    """From where the text stands it cannot go there."""


class TextUnlawful(Refusal):
    """A rule of a law pack stops these words."""


class TextReasonMissing(Malformed):
    """A refused text says what speaks against it: the voice learns from it."""


@transaction.atomic
def choose_text(
    *, text_id: int, seen: int, actor: Actor, now: datetime, body: str | None = None, reason: str = ""
) -> Choice:
    """Choose these words (those that stand there, where `body` is None). They are kept as a version if none holds them yet.

    Raises TextNewer, TextUnlawful with rule and remedy, TextMoveRefused.
    """
    require(actor, Right.CAMPAIGN)
    text = get_text(actor.workspace_id, text_id, lock=True)
    refuse_stale(text, seen)
    final = text.body if body is None else clean_body(body)
    if not final.strip():
        raise TextMalformed(Sentence("There are no words to choose."), Sentence("Write the text first."), place="body")
    refuse_unlawful(text, final, now)
    newest = newest_version(text)
    if final != text.body or final != newest.body:
        newest = keep_words(text, final, BY_A_PERSON, "", actor.member_id, now)
    become(text, TextState.CHOSEN, now)
    choice = _keep(text, newest, "chosen", final, reason, actor, now)
    governance.record(
        verb="studio.text_chosen",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={
            "number": newest.number,
            "digest": bytes(newest.digest).hex(),
            "made_by": choice.made_by["origin"],
            "words_changed": choice.distance.get("words"),
        },
    )
    return choice


def refuse_stale(text: Text, seen: int) -> None:
    """Nobody decides on words that they have not seen. Raises TextNewer and TextArchived."""
    if text.archived_at is not None:
        raise TextArchived(Sentence("“%(text)s” was put away.", text=text.title), Sentence("Take it back first."))
    if seen != text.version:
        who = str(text.saved_by.person) if text.saved_by else Sentence("Somebody")
        raise TextNewer(
            Sentence("%(who)s changed “%(text)s” after you opened it.", who=who, text=text.title),
            Sentence("Read it again, then decide."),
        )


def refuse_unlawful(text: Text, body: str, now: datetime) -> None:
    """Raises TextUnlawful with each rule that stops the words, and what to change."""
    stopping = [finding for finding in law_of(text, body, now.date()) if finding.verdict.stops]
    if stopping:
        rules = Listed(rule_named(rule) for rule in dict.fromkeys(finding.rule for finding in stopping))
        changes = Joined(dict.fromkeys(change_of(finding) for finding in stopping))
        raise TextUnlawful(
            Sentence("“%(text)s” is stopped by %(rules)s.", text=text.title, rules=rules),
            Sentence("%(changes)s", changes=changes),
        )


def become(text: Text, to: TextState, now: datetime) -> None:
    """Move a text, as part of the action that decides. Raises TextMoveRefused."""
    if not may_become(text.state, to):
        raise TextMoveRefused(
            Sentence(
                "“%(text)s” is %(text_state)s: it cannot become %(to)s.",
                text=text.title,
                text_state=STATE_WORDS[TextState(text.state)],
                to=STATE_WORDS[to],
            ),
            Sentence("Load the page again to see where it stands."),
        )
    text.state, text.changed_at = to.value, now
    text.save(update_fields=["state", "changed_at"])


def _keep(text: Text, version: TextVersion, word: str, final: str, reason: str, actor: Actor, now: datetime) -> Choice:
    proposal = proposal_of(version)
    return Choice.objects.create(
        workspace_id=text.workspace_id,
        text=text,
        voice_id=text.voice_id,
        word=word,
        number=version.number,
        made_by=(MadeBy.of(proposal.made_by) if proposal else BY_A_PERSON).kept(),
        proposed=proposal.body if proposal else "",
        final=final,
        reason=" ".join(reason.split())[:MOST_REASON],
        distance=edits(proposal.body, final).kept() if proposal and final else {},
        member_id=actor.member_id,
        decided_at=now,
    )


@transaction.atomic
def refuse_text(*, text_id: int, seen: int, reason: str, actor: Actor, now: datetime) -> Choice:
    """Say no to a text, with the reason. Its words stay, and can be taken up again."""
    require(actor, Right.CAMPAIGN)
    text = get_text(actor.workspace_id, text_id, lock=True)
    refuse_stale(text, seen)
    if not reason.strip():
        raise TextReasonMissing(
            Sentence("A no needs its reason."), Sentence("Say in a sentence what speaks against it."), place="reason"
        )
    version = newest_version(text)
    if version.body != text.body:
        version = keep_words(text, text.body, BY_A_PERSON, "", text.saved_by_id, now)
    become(text, TextState.REFUSED, now)
    choice = _keep(text, version, "refused", "", reason, actor, now)
    governance.record(
        verb="studio.text_refused",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"number": version.number, "made_by": choice.made_by["origin"]},
    )
    return choice


@transaction.atomic
def reopen_text(*, text_id: int, seen: int, actor: Actor, now: datetime) -> Text:
    """Take a text up again that was chosen, approved, refused or handed over. What was decided stays on record."""
    require(actor, Right.CAMPAIGN)
    text = get_text(actor.workspace_id, text_id, lock=True)
    refuse_stale(text, seen)
    become(text, TextState.WRITING, now)
    governance.record(
        verb="studio.text_reopened", subject_kind="text", subject_id=text.pk, actor=actor, now=now, facts={}
    )
    return text
