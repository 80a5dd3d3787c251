"""The texts of a voice: added by people, taken out again, chosen as examples, and forgotten with their posts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from sillage.catalogue.models import Post
from sillage.catalogue.queries import get_account
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Grouped, Sentence
from sillage.studio.actions.voices import voice_to_change
from sillage.studio.engine.voice_texts import LONGEST, MOST_TEXTS, SHORTEST
from sillage.studio.models import Choice, Voice, VoiceText, VoiceVersion
from sillage.understanding.queries.account_signals import judgeable_accounts

MOST_POSTS, MOST_EXAMPLES = 200, 12
SOURCES = ("pasted", "file")


@dataclass(frozen=True, slots=True)
class Added:
    """How many texts are new, and how many were there already."""

    added: int
    known: int


class NoVoiceText(Refusal):
    """Nothing came that could be a text of the voice."""

    status = 422


class TooManyVoiceTexts(Refusal):
    """A voice is trained from a bounded number of texts."""


class NothingToDerive(Refusal):
    """From the posts of this account nothing may be derived."""


@transaction.atomic
def add_texts(*, voice_id: int, texts: Sequence[str], actor: Actor, now: datetime, source: str = "pasted") -> Added:
    """Texts that the brand approved, as engine/voice_texts.py reads them. A text that is there already stays once."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id)
    done = _add(voice, [(text, None) for text in texts], source if source in SOURCES else "pasted", actor, now)
    _record_added(voice, done, source, actor, now)
    return done


@transaction.atomic
def add_posts(*, voice_id: int, account: str, actor: Actor, now: datetime, most: int = MOST_POSTS) -> Added:
    """The newest posts of the brand's own account in the catalogue ("instagram:brand")."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id)
    found = get_account(actor.workspace_id, account)
    if found.pk not in judgeable_accounts(actor.workspace_id):
        raise NothingToDerive(
            Sentence("From the posts of %(found)s nothing may be derived.", found=found.key),
            Sentence("Paste the texts that the brand itself approved."),
        )
    posts = found.posts.order_by("-published_at", "-id").values_list("id", "title", "text")[
        : max(1, min(most, MOST_POSTS))
    ]
    done = _add(voice, [(text.strip() or title, post) for post, title, text in posts], "post", actor, now)
    _record_added(voice, done, "post", actor, now)
    return done


@transaction.atomic
def add_chosen(*, voice_id: int, actor: Actor, now: datetime) -> Added:
    """What people chose of proposals in this voice, as they left it."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id)
    done = _add(voice, [(text, None) for text in _chosen(voice)], "choice", actor, now)
    _record_added(voice, done, "choice", actor, now)
    return done


def _chosen(voice: Voice) -> list[str]:
    rows = Choice.objects.filter(voice=voice, word="chosen").exclude(final="").order_by("decided_at", "pk")
    return list(rows.values_list("final", flat=True))


def _add(voice: Voice, texts: Sequence[tuple[str, int | None]], source: str, actor: Actor, now: datetime) -> Added:
    fresh = {
        hashlib.sha256(text.encode()).digest(): (text, post)
        for given, post in reversed(texts)
        if len(text := given.strip()[:LONGEST]) >= SHORTEST
    }
    if not fresh:
        raise NoVoiceText(
            Sentence(
                "No text of %(shortest)s characters or more came for “%(voice)s”.", shortest=SHORTEST, voice=voice.name
            ),
            Sentence("Part several by a blank line or by ---."),
        )
    known = {bytes(d) for d in voice.training_texts.filter(digest__in=fresh).values_list("digest", flat=True)}
    new = [(digest, *value) for digest, value in fresh.items() if digest not in known]
    if voice.training_texts.count() + len(new) > MOST_TEXTS:
        raise TooManyVoiceTexts(
            Sentence(
                "“%(voice)s” would have more than %(most_texts)s texts.",
                voice=voice.name,
                most_texts=Grouped(MOST_TEXTS),
            ),
            Sentence("Add the best of them only."),
        )
    VoiceText.objects.bulk_create(
        VoiceText(
            voice=voice, text=text, digest=digest, source=source, post_id=post, member_id=actor.member_id, added_at=now
        )
        for digest, text, post in new
    )
    return Added(len(new), len(fresh) - len(new))


def _record_added(voice: Voice, done: Added, source: str, actor: Actor, now: datetime) -> None:
    """The entry of each way to add, as part of it."""
    governance.record(
        verb="studio.voice_texts_added",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"added": done.added, "known": done.known, "source": source},
    )


@transaction.atomic
def remove_texts(*, voice_id: int, text_ids: Sequence[int], actor: Actor, now: datetime) -> int:
    """Take texts out; the next training is without them. Returns how many."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id)
    removed = voice.training_texts.filter(pk__in=text_ids).delete()[0]
    if not removed:
        raise NotFound(
            Sentence("None of these texts is of “%(voice)s”.", voice=voice.name), Sentence("Load the page again.")
        )
    governance.record(
        verb="studio.voice_texts_removed",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"removed": removed},
    )
    return removed


class TooManyExamples(Refusal):
    """A writer is shown a handful of examples."""


@transaction.atomic
def choose_examples(*, voice_id: int, text_ids: Sequence[int], actor: Actor, now: datetime) -> int:
    """These texts are shown to writers, and no others. Returns how many."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id)
    chosen = set(voice.training_texts.filter(pk__in=text_ids).values_list("pk", flat=True))
    if chosen != set(text_ids):
        raise NotFound(
            Sentence("One of these texts is not of “%(voice)s”.", voice=voice.name), Sentence("Load the page again.")
        )
    if len(chosen) > MOST_EXAMPLES:
        raise TooManyExamples(
            Sentence(
                "%(chosen_count)s examples are too many for “%(voice)s”.", chosen_count=len(chosen), voice=voice.name
            ),
            Sentence("Choose %(most_examples)s at most.", most_examples=MOST_EXAMPLES),
        )
    voice.training_texts.filter(is_example=True).exclude(pk__in=chosen).update(is_example=False)
    voice.training_texts.filter(pk__in=chosen).update(is_example=True)
    governance.record(
        verb="studio.voice_examples_chosen",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"examples": len(chosen)},
    )
    return len(chosen)


def forget_posts_in_voices(workspace_id: int, post_ids: Sequence[int]) -> dict[str, int]:
    """Remove posts' texts from voices, as part of removing them from the catalogue."""
    return _forget(VoiceText.objects.filter(voice__workspace_id=workspace_id, post_id__in=post_ids))


def forget_accounts_in_voices(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Remove the texts of all posts of accounts, as part of an erasure that removes the accounts next."""
    posts = Post.objects.filter(account_id__in=account_ids).values("id")
    return _forget(VoiceText.objects.filter(voice__workspace_id=workspace_id, post_id__in=posts))


def _forget(texts: QuerySet[VoiceText]) -> dict[str, int]:
    """Versions keep sums of numbers from which no text comes back; the words that they quote go with the texts."""
    voices = sorted(set(texts.values_list("voice_id", flat=True)))
    for version in VoiceVersion.objects.filter(voice_id__in=voices).defer("profile"):
        version.learnt = version.learnt | {"openings": [], "closings": [], "vocabulary": []}
        version.save(update_fields=["learnt"])
    Voice.objects.filter(pk__in=voices).update(version=F("version") + 1)
    return {"voicetext": texts.delete()[0]}
