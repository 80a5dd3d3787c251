"""Texts as they are written: begun, saved while somebody types, kept as versions that never change, put away."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Grouped, Listed, Sentence
from sillage.lib.text import without_controls
from sillage.studio.engine.brief import KIND_WORDS, LANGUAGES, Kind
from sillage.studio.engine.origins import AGAIN, BY_A_PERSON, MadeBy
from sillage.studio.engine.text_states import TextState
from sillage.studio.models import StoredBrief, Text, TextVersion, VariantRun, Voice
from sillage.studio.queries.texts import get_text, get_version, newest_version

MOST_BODY, MOST_TITLE = 20_000, 200
Row = TypeVar("Row", VariantRun, StoredBrief, Voice)


class TextMalformed(Malformed):
    """A text has a title, a kind, a language and not too many words."""

    title = "Malformed text"


class TextNewer(Refusal):
    """Somebody saved other words since this person opened the text."""


class TextArchived(Refusal):
    """A text that was put away is not written on."""


class VersionUnchanged(Refusal):
    """The words are those of the newest version."""


@transaction.atomic
def start_text(
    *,
    title: str,
    kind: str,
    language: str,
    body: str,
    made_by: MadeBy,
    actor: Actor,
    now: datetime,
    brief_id: int | None = None,
    voice_id: int | None = None,
    campaign_id: int | None = None,
    run_id: int | None = None,
    row: int | None = None,
) -> Text:
    """Begin a text: on an empty page, from a variant of a run, from what was assembled, from what a model wrote.

    Its first version says who made the words; an empty one is a person's.
    """
    require(actor, Right.CAMPAIGN)
    said = clean_body(body)
    text = Text(workspace_id=actor.workspace_id, title=_title(title), kind=_kind(kind), language=_language(language))
    _attach(text, actor, brief_id, voice_id, campaign_id, run_id)
    text.row, text.body = row, said
    text.saved_by_id = text.created_by_id = actor.member_id
    text.created_at = text.changed_at = now
    text.save()
    add_version(text, said, made_by, None, "", actor.member_id, now)
    governance.record(
        verb="studio.text_started",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"made_by": made_by.origin.value, "name": made_by.name, "brief": brief_id, "run": run_id, "row": row},
    )
    return text


def clean_body(body: str) -> str:
    """Words as they can be kept: line ends of one kind, no control characters. Raises TextMalformed."""
    said = without_controls(body.replace("\r\n", "\n").replace("\r", "\n"))
    if len(said) > MOST_BODY:
        raise TextMalformed(
            Sentence("The text has %(said_count)s characters.", said_count=Grouped(len(said))),
            Sentence("Keep it under %(most_body)s.", most_body=Grouped(MOST_BODY)),
            place="body",
        )
    return said


def _title(title: str) -> str:
    said = " ".join(without_controls(title).split())
    if not said or len(said) > MOST_TITLE:
        raise TextMalformed(
            Sentence("The text has no title, or a long one."),
            Sentence("Give 1 to %(most_title)s characters.", most_title=MOST_TITLE),
            "title",
        )
    return said


def _kind(kind: str) -> str:
    if kind not in set(Kind):
        raise TextMalformed(
            Sentence("“%(kind)s” is no kind of text.", kind=kind),
            Sentence("Choose one of %(kind)s.", kind=Listed(KIND_WORDS.values())),
            "kind",
        )
    return kind


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise TextMalformed(
            Sentence("Texts in “%(language)s” cannot be checked.", language=language),
            Sentence("Choose fr or en."),
            "language",
        )
    return language


def _attach(
    text: Text, actor: Actor, brief_id: int | None, voice_id: int | None, campaign_id: int | None, run_id: int | None
) -> None:
    """What the text belongs to, all of the actor's workspace."""
    if run_id is not None:
        text.run = _of(
            VariantRun.objects.filter(brief__workspace_id=actor.workspace_id), run_id, Sentence("run of variants")
        )
        brief_id = brief_id if brief_id is not None else text.run.brief_id
    if brief_id is not None:
        text.brief = _of(
            StoredBrief.objects.filter(workspace_id=actor.workspace_id), brief_id, Sentence("writing brief")
        )
        voice_id = voice_id if voice_id is not None else text.brief.voice_id
        campaign_id = campaign_id if campaign_id is not None else text.brief.campaign_id
    if voice_id is not None:
        text.voice = _of(Voice.objects.filter(workspace_id=actor.workspace_id), voice_id, Sentence("voice"))
    if campaign_id is not None:
        text.campaign = get_campaign(actor.workspace_id, campaign_id)


def _of(rows: QuerySet[Row], key: int, named: Sentence) -> Row:
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound(
            Sentence("No %(named)s %(key)s in this workspace.", named=named, key=key),
            Sentence("Look at the studio’s pages for those there are."),
        )
    return found


def add_version(
    text: Text, body: str, made_by: MadeBy, edited_from: int | None, note: str, member_id: int | None, now: datetime
) -> TextVersion:
    """Keep words for good as the text's next version, as part of what changes the text; its row is held."""
    last = text.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return TextVersion.objects.create(
        text=text,
        number=last + 1,
        body=body,
        digest=hashlib.sha256(body.encode()).digest(),
        made_by=made_by.kept(),
        edited_from=edited_from,
        note=" ".join(without_controls(note).split())[:300],
        member_id=member_id,
        made_at=now,
    )


# -- saving ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_words(*, text_id: int, body: str, seen: int, actor: Actor, now: datetime) -> Text:
    """Save the working copy as it is typed; `seen` is the `version` of the text that the words were typed over.

    Only the first save after another one's, or after a kept version, is entered: an entry per second says nothing.
    Raises TextNewer when other words were saved meanwhile: then both are there, these with whoever typed them.
    """
    require(actor, Right.CAMPAIGN)
    text = _to_write(actor, text_id)
    said = clean_body(body)
    if said == text.body:
        return text
    _refuse_older(text, seen)
    goes_on = text.saved_by_id == actor.member_id and not _is_kept(text)
    put_words(text, said, actor.member_id, now)
    if goes_on:
        return text
    governance.record(
        verb="studio.text_written",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"version": text.version, "characters": len(said)},
    )
    return text


def put_words(text: Text, body: str, member_id: int | None, now: datetime) -> None:
    """Make words the working copy, as part of saving, keeping or choosing them. Other words are being written again."""
    if text.body != body:
        text.state = TextState.WRITING.value
    text.body, text.saved_by_id = body, member_id
    text.version += 1
    text.changed_at = now
    text.save(update_fields=["state", "body", "saved_by", "version", "changed_at"])


def _to_write(actor: Actor, text_id: int) -> Text:
    text = get_text(actor.workspace_id, text_id, lock=True)
    if text.archived_at is not None:
        raise TextArchived(Sentence("“%(text)s” was put away.", text=text.title), Sentence("Take it back first."))
    return text


def _refuse_older(text: Text, seen: int) -> None:
    if seen != text.version:
        who = str(text.saved_by.person) if text.saved_by else Sentence("Somebody")
        raise TextNewer(
            Sentence(
                "%(who)s saved “%(text)s” at %(changed_at)s UTC, after you opened it.",
                who=who,
                text=text.title,
                changed_at=f"{text.changed_at:%H:%M}",
            ),
            Sentence("Your words are still with you: keep them as a version beside, or take the newer ones."),
        )


def _is_kept(text: Text) -> bool:
    """Whether the working copy stands in a kept version, so that nothing is lost when it changes."""
    return text.versions.filter(digest=hashlib.sha256(text.body.encode()).digest()).exists()


# -- keeping ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_version(
    *, text_id: int, body: str, made_by: MadeBy, seen: int, actor: Actor, now: datetime, note: str = ""
) -> TextVersion:
    """Keep words as the next version, and make them the working copy. Raises TextNewer and VersionUnchanged.

    Words of another member that no version holds yet are kept first, as theirs: who writes over them loses nothing.
    """
    require(actor, Right.CAMPAIGN)
    text = _to_write(actor, text_id)
    _refuse_older(text, seen)
    said = clean_body(body)
    newest = newest_version(text)
    if said == newest.body and said == text.body:
        raise VersionUnchanged(
            Sentence("Version %(number)s has these words.", number=newest.number), Sentence("Change something first.")
        )
    kept = keep_words(text, said, made_by, note, actor.member_id, now)
    governance.record(
        verb="studio.text_version_kept",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"number": kept.number, "digest": bytes(kept.digest).hex(), "made_by": made_by.origin.value},
    )
    return kept


def keep_words(
    text: Text, body: str, made_by: MadeBy, note: str, member_id: int | None, now: datetime, *, of: int | None = None
) -> TextVersion:
    """The next version and the working copy, as part of keeping, restoring or choosing. `of`: edited from that version."""
    if text.body != body and text.saved_by_id != member_id and not _is_kept(text):
        at = newest_version(text).number
        add_version(text, text.body, BY_A_PERSON, at, "", text.saved_by_id, text.changed_at)
    newest = newest_version(text)
    kept = add_version(text, body, made_by, of if of is not None else newest.number, note, member_id, now)
    put_words(text, body, member_id, now)
    return kept


@transaction.atomic
def keep_aside(*, text_id: int, body: str, actor: Actor, now: datetime, note: str = "") -> TextVersion:
    """Keep words as a version without touching the working copy: those of whoever was overtaken."""
    require(actor, Right.CAMPAIGN)
    text = _to_write(actor, text_id)
    said = clean_body(body)
    same = text.versions.filter(digest=hashlib.sha256(said.encode()).digest()).first()
    if same is not None:
        raise VersionUnchanged(
            Sentence("Version %(number)s has these words.", number=same.number), Sentence("Nothing of yours is lost.")
        )
    kept = add_version(text, said, BY_A_PERSON, newest_version(text).number, note, actor.member_id, now)
    governance.record(
        verb="studio.text_kept_aside",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"number": kept.number, "digest": bytes(kept.digest).hex()},
    )
    return kept


@transaction.atomic
def restore_version(*, text_id: int, number: int, seen: int, actor: Actor, now: datetime) -> TextVersion:
    """Make an old version's words the newest version. Whoever made them is still who made them."""
    require(actor, Right.CAMPAIGN)
    text = _to_write(actor, text_id)
    _refuse_older(text, seen)
    old = get_version(text, number)
    if old.body == text.body and old.body == newest_version(text).body:
        raise VersionUnchanged(
            Sentence("Version %(number)s has the words that stand there now.", number=number),
            Sentence("Nothing is to be done."),
        )
    made_by = MadeBy.of(old.made_by)
    kept = keep_words(text, old.body, made_by, AGAIN.filled(number=number), actor.member_id, now, of=number)
    governance.record(
        verb="studio.text_version_restored",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"restored": number, "number": kept.number},
    )
    return kept


# -- the text itself -------------------------------------------------------------------------------------------------


@transaction.atomic
def rename_text(*, text_id: int, title: str, actor: Actor, now: datetime) -> Text:
    """Give a text another title; its words stay."""
    require(actor, Right.CAMPAIGN)
    text = _to_write(actor, text_id)
    text.title, text.changed_at = _title(title), now
    text.save(update_fields=["title", "changed_at"])
    governance.record(
        verb="studio.text_renamed", subject_kind="text", subject_id=text.pk, actor=actor, now=now, facts={}
    )
    return text


@transaction.atomic
def archive_text(*, text_id: int, actor: Actor, now: datetime, is_archived: bool = True) -> Text:
    """Put a text away, or take it back. Nothing of it is removed."""
    require(actor, Right.CAMPAIGN)
    text = get_text(actor.workspace_id, text_id, lock=True)
    text.archived_at, text.changed_at = (now if is_archived else None), now
    text.save(update_fields=["archived_at", "changed_at"])
    governance.record(
        verb="studio.text_archived",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"archived": is_archived},
    )
    return text
