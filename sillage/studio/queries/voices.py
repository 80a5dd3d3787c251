"""Reading voices: their texts, what was learnt, and a voice ready to compare. Those of another workspace are not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import Count, Q, QuerySet

from sillage.catalogue.models import Post
from sillage.lib.errors import NotFound
from sillage.lib.paging import Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.studio.engine.voice import FEWEST_TEXTS, WEIGHTS, Fit, nearness_of_meaning
from sillage.studio.engine.voice_kept import VoiceInUse, opened
from sillage.studio.engine.voice_learning import Decided
from sillage.studio.engine.voice_score import Edited, Score, score_of
from sillage.studio.engine.voice_texts import LONGEST, SHORTEST, shipped_ground
from sillage.studio.models import Choice, Voice, VoiceText, VoiceVersion
from sillage.studio.queries.choices import pairs_of_voice
from sillage.understanding.lens import embedder_settings, open_embedder
from sillage.understanding.models import Signal
from sillage.understanding.queries.account_signals import judgeable_accounts

GROUND = 1_000  # texts of others, at most
PER_ACCOUNT = 10  # of them, by one account
FEWEST_GROUND = 200  # below which texts that ship are added
LOOKED_AT = 20_000  # posts, at most, to take the ground from
MOST_VOICES = 500


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """A voice in a list. `choices` are what people decided about texts in it."""

    voice: Voice
    texts: int
    examples: int
    choices: int


@dataclass(frozen=True, slots=True)
class Others:
    """Texts of others to compare with; the last `shipped` of them come with Sillage."""

    texts: tuple[str, ...]
    shipped: int


def get_voice(workspace_id: int, voice_id: int, *, lock: bool = False) -> Voice:
    rows = Voice.objects.filter(workspace_id=workspace_id, pk=voice_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No voice %(voice_id)s in this workspace.", voice_id=voice_id),
            Sentence("See the voices in the studio, or with `sillage studio voice list`."),
        )
    return found


def voice_in_use(voice: Voice) -> VoiceInUse | None:
    """The promoted version with a person's wishes on top, loaded once per process and change; None where none is promoted."""
    return _in_use(voice.pk, voice.version) if voice.promoted is not None else None


@lru_cache(maxsize=8)
def _in_use(voice_id: int, _version: int) -> VoiceInUse:
    voice = Voice.objects.get(pk=voice_id)
    return opened_version(voice, VoiceVersion.objects.get(voice=voice, number=voice.promoted or 0))


def opened_version(voice: Voice, version: VoiceVersion) -> VoiceInUse:
    """Any version of a voice, with what people wish of the voice today."""
    return opened(version.learnt, bytes(version.profile), wishes=voice.wishes, banned=voice.banned)


def opened_unwished(version: VoiceVersion) -> VoiceInUse:
    """A version as it was measured."""
    return opened(version.learnt, bytes(version.profile), wishes={}, banned=())


def count_archived(workspace_id: int) -> int:
    return Voice.objects.filter(workspace_id=workspace_id, archived_at__isnull=False).count()


def list_voices(workspace_id: int, *, archived: bool = False) -> list[VoiceLine]:
    """Voices by name, without those that were put away unless they are asked for."""
    rows = Voice.objects.filter(workspace_id=workspace_id, archived_at__isnull=not archived)
    counted = rows.annotate(
        n_texts=Count("training_texts", distinct=True),
        n_examples=Count("training_texts", filter=Q(training_texts__is_example=True), distinct=True),
        n_choices=Count("choices", distinct=True),
    )
    return [
        VoiceLine(row, row.n_texts, row.n_examples, row.n_choices)
        for row in counted.order_by("name", "pk")[:MOST_VOICES]
    ]


def texts_of(voice: Voice) -> QuerySet[VoiceText]:
    """Examples first, then the newest."""
    return voice.training_texts.select_related("member__person").order_by("-is_example", "-added_at", "-pk")


def training_texts(voice: Voice) -> list[str]:
    """In an order that does not change, so that training gives the same bytes."""
    return list(voice.training_texts.order_by("digest").values_list("text", flat=True))


def versions_of_voice(voice: Voice) -> list[VoiceVersion]:
    """The newest first, without their profiles."""
    rows = voice.versions.select_related("member__person", "promoted_by__person").defer("profile")
    return list(rows.order_by("-number"))


def get_voice_version(voice: Voice, number: int) -> VoiceVersion:
    found = voice.versions.filter(number=number).first()
    if found is None:
        raise NotFound(
            Sentence("“%(voice)s” has no version %(number)s.", voice=voice.name, number=number),
            Sentence("Train it first, or see its versions on its page."),
        )
    return found


def decided_in(voice: Voice) -> list[Decided]:
    """What people chose or refused of proposals in this voice, the oldest first."""
    return [Decided(pair.proposed, pair.final, pair.is_chosen) for pair in pairs_of_voice(voice.pk)]


def is_trainable(voice: Voice) -> bool:
    return voice.training_texts.count() >= FEWEST_TEXTS


def others_than(voice: Voice) -> Others:
    """Posts of the workspace's catalogue in the voice's language by others than the voice, always the same ones.

    Content hashes give an order by chance that does not change. Only accounts from which something may be derived are read.
    Where there are few posts, invented ones that ship with Sillage are added, and the version says how many.
    """
    own = {post for post in voice.training_texts.values_list("post_id", flat=True) if post is not None}
    posts = Post.objects.filter(account__workspace_id=voice.workspace_id)
    theirs = set(posts.filter(id__in=own).values_list("account_id", flat=True)) if own else set()
    found = _spread(voice, set(judgeable_accounts(voice.workspace_id)) - theirs)
    shipped = [text for text in shipped_ground(voice.language) if text not in found]
    added = shipped if len(found) < FEWEST_GROUND else []
    return Others((*found, *added), len(added))


def _spread(voice: Voice, accounts: Collection[int]) -> dict[str, None]:
    """At most PER_ACCOUNT texts of an account, so that nobody's manner is everybody's."""
    posts = Post.objects.filter(account__workspace_id=voice.workspace_id).order_by("content_hash", "account_id", "id")
    rows = posts.values_list("account_id", "id", "title", "text", "language")[:LOOKED_AT]
    looked_at = [row for row in rows if row[0] in accounts]
    read = _languages_read({row[0] for row in looked_at})
    own = set(voice.training_texts.values_list("text", flat=True))
    taken: Counter[int] = Counter()
    found: dict[str, None] = {}
    for account, post, title, text, declared in looked_at:
        said = (text.strip() or title.strip())[:LONGEST]
        if (
            read.get((account, post), declared) != voice.language
            or len(said) < SHORTEST
            or said in own
            or said in found
        ):
            continue
        if taken[account] < PER_ACCOUNT:
            taken[account] += 1
            found[said] = None
        if len(found) == GROUND:
            break
    return found


def _languages_read(account_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """{(account id, post id): language} as it was read last."""
    rows = Signal.objects.filter(account_id__in=set(account_ids), enricher="language", confidence__gt=0)
    return {
        (a, p): value["language"]
        for a, p, value in rows.order_by("made_at").values_list("account_id", "post_id", "value")
    }


def weights_of(voice: Voice) -> Mapping[str, float]:
    """How much each part of a fit weighs: as learnt from choices in the version in use, else as it ships."""
    found = voice.versions.filter(number=voice.promoted or 0).values_list("learnt", flat=True).first()
    return found["weights"] if found else WEIGHTS


def fit_in_full(opened_voice: VoiceInUse, text: str) -> Fit:
    """The fit with the nearness of meaning as a part more, where an embedder is at hand: slower, for one text at a time."""
    found, embedder = opened_voice.fit(text), open_embedder(embedder_settings())
    if embedder is None:
        return found
    near = nearness_of_meaning(text, opened_voice.voice, embedder.embed, embedder.version)
    return found if near is None else replace(found, parts=found.parts | {"meaning": near})


def score_of_voice(voice: Voice) -> Score | None:
    """How far people went from what was proposed in this voice, over time."""
    rows = Choice.objects.filter(voice=voice, word="chosen").exclude(proposed="").order_by("decided_at", "pk")
    edits = [
        Edited(at.date(), float(d["words"]), float(d["characters"]), d.get("traits", {}))
        for at, d in rows.values_list("decided_at", "distance")
        if d
    ]
    return score_of(edits)


def page_of_texts(voice: Voice, cursor: str | None, limit: int) -> Page[VoiceText]:
    """The newest first, a page at a time."""
    rows = voice.training_texts.order_by("-pk")
    if cursor:
        (last,) = key_of(cursor, 1)
        rows = rows.filter(pk__lt=last)
    found = list(rows[: limit + 1])
    return Page(found[:limit], cursor_of([found[limit - 1].pk]) if len(found) > limit else None)
