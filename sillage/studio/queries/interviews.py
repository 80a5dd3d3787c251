"""Reading interviews, their stages and their sound. Those of another workspace are not found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from sillage.adapters import blobs
from sillage.adapters.transcription import Transcriber, TranscriptionSettings, transcriber_from
from sillage.campaigns.engine.sealed_files import sealed_pieces
from sillage.governance.engine.sealing import SealBroken, unseal
from sillage.governance.queries.keys import sealing_key
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.lib.word_diff import Piece, word_diff
from sillage.studio.engine.interview_stages import Speaker, StageKind, named_turns, speakers_of
from sillage.studio.engine.interview_summary import Quote
from sillage.studio.engine.transcripts import Turn
from sillage.studio.models import Interview, InterviewStage

SEALED_FOR = "interview audio"
_LENGTH = 4  # bytes that say how long a sealed piece is


class StageMissing(Refusal):
    """There are no words yet to do this with."""


def get_interview(workspace_id: int, interview_id: int, *, lock: bool = False) -> Interview:
    """One interview; `lock` holds its row until the transaction ends."""
    rows = Interview.objects.select_related(
        "campaign", "created_by__person", "confirmed_by__person", "consent_kept_by__person"
    )
    rows = rows.filter(workspace_id=workspace_id, pk=interview_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No interview %(interview_id)s in this workspace.", interview_id=interview_id),
            Sentence("See the interviews in the studio, or with `sillage studio interview list`."),
        )
    return found


def list_interviews(
    workspace_id: int, *, words: str = "", creator_id: int | None = None, cursor: str | None = None, limit: int = 30
) -> Page[Interview]:
    """Interviews, the last one added first, with `n_stages`. `words` are looked for in title and person."""
    rows = Interview.objects.filter(workspace_id=workspace_id).annotate(n_stages=Count("stages"))
    if creator_id is not None:
        rows = rows.filter(creator_id=creator_id)
    for word in words.split()[:8]:
        rows = rows.filter(title__icontains=word) | rows.filter(person__icontains=word)
    if cursor:
        (last,) = key_of(cursor, 1)
        if type(last) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        rows = rows.filter(pk__lt=last)
    found: list[Interview] = list(rows.order_by("-pk")[: limit + 1])
    return Page(found[:limit], cursor_of([found[limit - 1].pk]) if len(found) > limit else None)


# -- stages ----------------------------------------------------------------------------------------------------------


def stages_of(interview: Interview) -> list[InterviewStage]:
    """All stages, the first one first, with who made them."""
    return list(interview.stages.select_related("member__person").order_by("number"))


def newest_stage(interview: Interview, *kinds: StageKind) -> InterviewStage | None:
    """The stage made last, of these kinds where some are named."""
    rows = interview.stages.order_by("-number")
    return (rows.filter(kind__in=[kind.value for kind in kinds]) if kinds else rows).first()


def get_stage(interview: Interview, number: int) -> InterviewStage:
    found = interview.stages.filter(number=number).select_related("member__person").first()
    if found is None:
        raise NotFound(
            Sentence("“%(interview)s” has no stage %(number)s.", interview=interview.title, number=number),
            Sentence("See its stages on its page."),
        )
    return found


def words_of(interview: Interview) -> InterviewStage:
    """The newest stage that has turns. Raises StageMissing."""
    found = newest_stage(interview, *(kind for kind in StageKind if kind.has_turns))
    if found is None:
        raise StageMissing(
            Sentence("“%(interview)s” has no transcript yet.", interview=interview.title),
            Sentence("Bring one in, or have the sound transcribed."),
        )
    return found


def turns_in(stage: InterviewStage) -> tuple[Turn, ...]:
    """A stage's turns, as they were kept; the speakers as the file calls them."""
    return tuple(Turn.of(kept) for kept in stage.content) if StageKind(stage.kind).has_turns else ()


def quotes_in(stage: InterviewStage) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """A summary's quotes, and those that are set aside for a person."""
    if StageKind(stage.kind).has_turns:
        return (), ()
    return tuple(map(Quote.of, stage.content["quotes"])), tuple(map(Quote.of, stage.content["aside"]))


def told_turns(interview: Interview, stage: InterviewStage) -> tuple[Turn, ...]:
    """A stage's turns under the names that people gave."""
    return named_turns(turns_in(stage), interview.names)


def list_speakers(interview: Interview) -> tuple[Speaker, ...]:
    """Everybody who speaks in the newest words, with what a person said of them; nobody while there are no words."""
    stage = newest_stage(interview, *(kind for kind in StageKind if kind.has_turns))
    return speakers_of(turns_in(stage), interview.names) if stage else ()


@dataclass(frozen=True, slots=True)
class ComparedTurn:
    """A turn in two stages: `place` in the newer one, what went and what came."""

    place: int
    speaker: str
    starts: float | None
    pieces: Sequence[Piece]
    is_changed: bool


def compared(interview: Interview, before: InterviewStage, after: InterviewStage) -> list[ComparedTurn]:
    """Two stages turn by turn where they have as many; else as one text."""
    old, new = told_turns(interview, before), told_turns(interview, after)
    if len(old) != len(new):
        texts = ("\n\n".join(f"{turn.speaker}: {turn.text}" for turn in turns) for turns in (old, new))
        return [_compared(0, "", None, *texts)]
    return [_compared(i, b.speaker, b.starts, a.text, b.text) for i, (a, b) in enumerate(zip(old, new, strict=True))]


def _compared(place: int, speaker: str, starts: float | None, old: str, new: str) -> ComparedTurn:
    pieces = word_diff(old, new)
    return ComparedTurn(place, speaker, starts, pieces, any(piece.kind != "same" for piece in pieces))


def labels_that_ask(names: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    """The labels of those who ask the questions, as a person said."""
    return tuple(label for label, said in names.items() if said.get("asks"))


# -- sound -----------------------------------------------------------------------------------------------------------


def transcriber() -> Transcriber | None:
    """The installation's transcription server; None unless the settings name one."""
    chosen = settings.SILLAGE
    key = chosen.transcription_key.get_secret_value() if chosen.transcription_key else ""
    return transcriber_from(
        TranscriptionSettings(
            chosen.transcription_url,
            chosen.transcription_kind,
            chosen.transcription_model,
            key,
            chosen.transcription_mb,
        )
    )


def seal_sound(workspace_id: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Sound under the workspace's key, piece by piece; every piece but the last has blobs.CHUNK bytes."""
    return sealed_pieces(sealing_key(workspace_id, SEALED_FOR), pieces)


def sound_of(interview: Interview, starts: int = 0, ends: int | None = None) -> Iterator[bytes]:
    """The bytes [starts, ends) of an interview's sound. Pieces before it are stepped over, unopened.

    Raises NotFound where no sound is kept, SealBroken where the file was changed.
    """
    if not interview.has_audio:
        raise NotFound(
            Sentence("No sound of “%(interview)s” is kept.", interview=interview.title),
            Sentence("Its transcript is on its page."),
        )
    key = sealing_key(interview.workspace_id, SEALED_FOR)
    ends = interview.audio_size or 0 if ends is None else ends
    with blobs.opened(interview.workspace_id, interview.audio_sha256) as file:
        for number in range(-(-ends // blobs.CHUNK)):
            length = int.from_bytes(file.read(_LENGTH), "big")
            if (number + 1) * blobs.CHUNK <= starts:
                file.seek(length, 1)
                continue
            plain = unseal(key, file.read(length))
            if int.from_bytes(plain[:8], "big") != number:
                raise SealBroken(
                    Sentence("A piece of a sealed sound is missing or moved."),
                    Sentence("Bring the file back from a backup."),
                )
            at = number * blobs.CHUNK
            yield plain[8 + max(0, starts - at) : 8 + min(blobs.CHUNK, ends - at)]


def sounds_due(workspace_id: int, before: datetime, most: int | None = None) -> list[int]:
    """Interviews whose transcript was confirmed before an instant and whose sound is still kept."""
    rows = Interview.objects.filter(workspace_id=workspace_id, confirmed_at__lt=before).exclude(audio_sha256="")
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])
