"""Opening a voice, saying what it is to be, training it, and putting a version of it to use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Grouped, Listed, Sentence
from sillage.lib.text import without_controls
from sillage.studio.engine import voice as engine
from sillage.studio.engine.traits import TRAITS
from sillage.studio.engine.voice_kept import kept
from sillage.studio.engine.voice_words import MOST_WORDS, TRAIT_WORDS, wish_of
from sillage.studio.models import Voice, VoiceVersion
from sillage.studio.queries.voices import Others, get_voice, get_voice_version, others_than, training_texts, weights_of
from sillage.understanding.lens import embedder_settings, open_embedder

NAME, BANNED, MOST_BANNED, NOTE = 100, 100, 200, 5_000
LANGUAGES = ("fr", "en", "es", "de", "it")


class VoiceMalformed(Malformed):
    """A voice has a name of its own, a language that Sillage reads, and words that can be banned."""

    title = "Malformed voice"


@transaction.atomic
def open_voice(
    *,
    name: str,
    language: str,
    actor: Actor,
    now: datetime,
    brand: str = "",
    note: str = "",
    banned: Sequence[str] = (),
) -> Voice:
    """A voice of a brand in one language, without texts yet."""
    require(actor, Right.CAMPAIGN)
    if language not in LANGUAGES:
        raise VoiceMalformed(
            Sentence("No voice is in “%(language)s”.", language=language),
            Sentence("Languages are %(languages)s.", languages=", ".join(LANGUAGES)),
            "language",
        )
    voice = Voice(workspace_id=actor.workspace_id, language=language, created_by_id=actor.member_id, created_at=now)
    _say(voice, name, brand, note, banned, now)
    voice.save()
    governance.record(
        verb="studio.voice_opened",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"language": language},
    )
    return voice


def _say(voice: Voice, name: str, brand: str, note: str, banned: Sequence[str], now: datetime) -> None:
    voice.name = " ".join(without_controls(name).split())
    voice.brand, voice.note = " ".join(without_controls(brand).split()), without_controls(note).strip()
    voice.banned = list(dict.fromkeys(w for word in banned if (w := " ".join(without_controls(word).split()))))
    voice.changed_at = now
    if not 1 <= len(voice.name) <= NAME or len(voice.brand) > NAME or len(voice.note) > NOTE:
        raise VoiceMalformed(
            Sentence("A voice is called by 1 to %(name)s characters.", name=NAME), Sentence("Shorten it."), "name"
        )
    if len(voice.banned) > MOST_BANNED or any(len(word) > BANNED for word in voice.banned):
        raise VoiceMalformed(
            Sentence("These are too many banned words, or one is too long."), Sentence("Keep single words."), "banned"
        )
    others = Voice.objects.filter(workspace_id=voice.workspace_id, name=voice.name).exclude(pk=voice.pk)
    if others.exists():
        raise VoiceMalformed(
            Sentence("A voice is called “%(voice)s” already.", voice=voice.name), Sentence("Name it otherwise."), "name"
        )


class VoiceNewer(Refusal):
    """Somebody changed the voice since it was looked at."""


class VoiceArchived(Refusal):
    """A voice that was put away stays as it is."""


def voice_to_change(workspace_id: int, voice_id: int, seen: int | None = None) -> Voice:
    """The voice with its row held, as part of an action that changes it. Raises VoiceNewer, VoiceArchived, NotFound."""
    voice = get_voice(workspace_id, voice_id, lock=True)
    if voice.archived_at is not None:
        raise VoiceArchived(
            Sentence("“%(voice)s” is put away.", voice=voice.name), Sentence("Bring it back to change it.")
        )
    if seen is not None and seen != voice.version:
        raise VoiceNewer(
            Sentence(
                "“%(voice)s” was changed meanwhile: it is version %(voice_version)s, you saw %(seen)s.",
                voice=voice.name,
                voice_version=voice.version,
                seen=seen,
            ),
            Sentence("Look at it as it is now, then change it again."),
        )
    return voice


@transaction.atomic
def change_voice(
    *,
    voice_id: int,
    name: str,
    actor: Actor,
    now: datetime,
    brand: str = "",
    note: str = "",
    banned: Sequence[str] = (),
    seen: int | None = None,
) -> Voice:
    """Say anew what it is called and which words it never uses. Banned words hold at once."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id, seen)
    _say(voice, name, brand, note, banned, now)
    voice.version += 1
    voice.save()
    governance.record(
        verb="studio.voice_changed",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"version": voice.version, "banned": len(voice.banned)},
    )
    return voice


@transaction.atomic
def wish_traits(
    *,
    voice_id: int,
    wishes: Mapping[str, tuple[float, float] | None],
    actor: Actor,
    now: datetime,
    seen: int | None = None,
) -> Voice:
    """Say what traits are to be, whatever was measured: from and to in units of engine/voice_words.py; None takes back."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id, seen)
    kept_wishes: dict[str, Any] = dict(voice.wishes)
    for trait, wish in wishes.items():
        if trait not in TRAITS:
            raise VoiceMalformed(
                Sentence("“%(trait)s” is not measured.", trait=trait),
                Sentence("Traits are %(traits)s.", traits=Listed(TRAIT_WORDS.values())),
                trait,
            )
        kept_wishes.pop(trait, None)
        if wish is not None:
            kept_wishes[trait] = _wish(trait, *wish)
    voice.wishes, voice.changed_at = kept_wishes, now
    voice.version += 1
    voice.save()
    governance.record(
        verb="studio.voice_wished",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"version": voice.version, "wishes": {t: [w["from"], w["to"]] for t, w in kept_wishes.items()}},
    )
    return voice


def _wish(trait: str, low: float, high: float) -> dict[str, float]:
    try:
        return wish_of(trait, low, high)
    except ValueError as error:
        raise VoiceMalformed(
            Sentence("The wish for “%(trait)s” cannot be: %(error)s.", trait=TRAIT_WORDS[trait], error=error.args[0]),
            Sentence("Give numbers from 0 to %(most_words)s, the lower one first.", most_words=Grouped(MOST_WORDS)),
            trait,
        ) from error


class VoiceAlreadySo(Refusal):
    """The voice is put away already, or was not."""


@transaction.atomic
def archive_voice(*, voice_id: int, actor: Actor, now: datetime) -> Voice:
    """Put a voice away: texts that were written in it keep it, nothing new is."""
    require(actor, Right.CAMPAIGN)
    voice = get_voice(actor.workspace_id, voice_id, lock=True)
    if voice.archived_at is not None:
        raise VoiceAlreadySo(
            Sentence("“%(voice)s” is put away already.", voice=voice.name), Sentence("Bring it back to write in it.")
        )
    _put(voice, now, now)
    governance.record(verb="studio.voice_archived", subject_kind="voice", subject_id=voice.pk, actor=actor, now=now)
    return voice


@transaction.atomic
def restore_voice(*, voice_id: int, actor: Actor, now: datetime) -> Voice:
    """Bring back a voice that was put away."""
    require(actor, Right.CAMPAIGN)
    voice = get_voice(actor.workspace_id, voice_id, lock=True)
    if voice.archived_at is None:
        raise VoiceAlreadySo(
            Sentence("“%(voice)s” is not put away.", voice=voice.name), Sentence("There is nothing to bring back.")
        )
    _put(voice, None, now)
    governance.record(verb="studio.voice_restored", subject_kind="voice", subject_id=voice.pk, actor=actor, now=now)
    return voice


def _put(voice: Voice, archived_at: datetime | None, now: datetime) -> None:
    voice.archived_at, voice.changed_at = archived_at, now
    voice.version += 1
    voice.save(update_fields=["archived_at", "changed_at", "version"])


class TooFewVoiceTexts(Refusal):
    """A voice is trained from several texts."""


class NothingNewToLearn(Refusal):
    """Training would give the version that is there already."""


@transaction.atomic
def train_voice(*, voice_id: int, actor: Actor, now: datetime) -> VoiceVersion:
    """Measure the texts as they are: a new version, which a person may put to use. The same texts give the same bytes."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id)
    texts = training_texts(voice)
    if len(texts) < engine.FEWEST_TEXTS:
        raise TooFewVoiceTexts(
            Sentence(
                "“%(voice)s” has %(texts_count)s texts; at least %(fewest_texts)s are needed.",
                voice=voice.name,
                texts_count=len(texts),
                fewest_texts=engine.FEWEST_TEXTS,
            ),
            Sentence(
                "Add texts that the brand approved: %(few_texts)s or more give a voice that is not rough.",
                few_texts=engine.FEW_TEXTS,
            ),
        )
    others = others_than(voice)
    trained = engine.train_voice(texts, others.texts, weights=weights_of(voice))
    version = keep_voice_version(voice, trained, texts, others, actor.member_id, now)
    governance.record(
        verb="studio.voice_trained",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"version": version.number, "texts": len(texts), "compared_with": len(others.texts)},
    )
    return version


def _with_meaning(trained: engine.Voice, texts: Sequence[str], others: Others) -> engine.Voice:
    embedder = open_embedder(embedder_settings())
    if embedder is None:
        return trained
    return engine.with_meaning(trained, texts, others.texts, embedder.embed, embedder.version)


def keep_voice_version(
    voice: Voice,
    trained: engine.Voice,
    texts: Sequence[str],
    others: Others,
    member_id: int | None,
    now: datetime,
    *,
    scores: Mapping[str, Any] | None = None,
    n_choices: int = 0,
) -> VoiceVersion:
    """Keep what was learnt under the next number, as part of training. Raises NothingNewToLearn."""
    learnt, profile = kept(_with_meaning(trained, texts, others))
    newest = voice.versions.order_by("-number").first()
    if newest is not None and bytes(newest.profile) == profile and newest.learnt == learnt:
        raise NothingNewToLearn(
            Sentence(
                "“%(voice)s” is trained from these texts already: version %(number)s.",
                voice=voice.name,
                number=newest.number,
            ),
            Sentence("Add texts, or put it to use."),
        )
    return VoiceVersion.objects.create(
        voice=voice,
        number=(voice.versions.aggregate(n=Max("number"))["n"] or 0) + 1,
        engine_version=engine.VERSION,
        n_texts=trained.n,
        n_choices=n_choices,
        learnt=learnt,
        profile=profile,
        scores={"others": len(others.texts), "shipped": others.shipped, **(scores or {})},
        member_id=member_id,
        made_at=now,
    )


class OnlyPeoplePromoteVoices(Refusal):
    """Which version of a voice is in use is a person's decision."""

    status = 403


class VoiceVersionInUse(Refusal):
    """The version is in use already."""


@transaction.atomic
def promote_voice(*, voice_id: int, number: int, actor: Actor, now: datetime, seen: int | None = None) -> Voice:
    """Put a version to use; an older one as well. `seen` is the voice's version that was looked at."""
    require(actor, Right.CAMPAIGN)
    voice = voice_to_change(actor.workspace_id, voice_id, seen)
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise OnlyPeoplePromoteVoices(
            Sentence("%(actor)s is no person.", actor=actor.name),
            Sentence("Somebody has to look at the voice and decide."),
        )
    version = get_voice_version(voice, number)
    if voice.promoted == number:
        raise VoiceVersionInUse(
            Sentence("Version %(number)s of “%(voice)s” is in use already.", number=number, voice=voice.name),
            Sentence("There is nothing to decide."),
        )
    replaced, voice.promoted, voice.changed_at = voice.promoted, number, now
    voice.version += 1
    voice.save(update_fields=["promoted", "changed_at", "version"])
    version.promoted_by_id, version.promoted_at = actor.member_id, now
    version.save(update_fields=["promoted_by", "promoted_at"])
    governance.record(
        verb="studio.voice_promoted",
        subject_kind="voice",
        subject_id=voice.pk,
        actor=actor,
        now=now,
        facts={"version": number, "replaced": replaced, "texts": version.n_texts, "scores": version.scores},
    )
    return voice
