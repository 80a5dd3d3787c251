"""The sound of interviews: kept sealed after consent, transcribed by a server of the installation's choice, deleted in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from sillage.adapters import blobs
from sillage.adapters.transcription import Transcriber
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, automation, require
from sillage.lib.errors import NotFound, OutsideError, Refusal
from sillage.lib.sentences import Decimals, Sentence
from sillage.studio.actions.interview_stages import add_stage
from sillage.studio.engine.audio import EXTENSIONS, HEAD, AudioRefused, audio_type_of
from sillage.studio.engine.interview_stages import StageKind
from sillage.studio.engine.transcripts import Transcript, TranscriptMalformed, read_transcript
from sillage.studio.models import Interview
from sillage.studio.queries.interviews import get_interview, seal_sound, sound_of, sounds_due, transcriber
from sillage.studio.queries.sound_file import SoundFile

LEASE = timedelta(minutes=30)  # after which a transcription that nobody finished is taken up again
PAUSE = timedelta(minutes=5)  # between two tries
MOST_TRIES = 3
WAITING, RUNNING, FAILED = "waiting", "running", "failed"

Clock = Callable[[], datetime]


class ConsentMissing(Refusal):
    """The person's consent to be recorded is not written down."""

    status = 422


class SoundThere(Refusal):
    """The interview has a sound already."""


class NoTranscriber(Refusal):
    """No transcription server is set up."""


def most_sound() -> int:
    """The largest sound that is taken, in bytes."""
    return int(settings.SILLAGE.upload_mb) * 1_000_000


def _size_of(sound: BinaryIO, name: str) -> int:
    size = sound.seek(0, 2)
    if size > most_sound():
        raise AudioRefused(
            Sentence(
                "“%(name)s” has %(size)s MB; up to %(most_sound)s MB are taken.",
                name=name[:80],
                size=Decimals(size / 1e6),
                most_sound=f"{most_sound() / 1e6:.0f}",
            ),
            Sentence("Send it as MP3 or M4A."),
            place=name[:80],
        )
    return size


@transaction.atomic
def add_sound(*, interview_id: int, name: str, sound: BinaryIO, actor: Actor, now: datetime) -> Interview:
    """Keep the sound of an interview, sealed. Raises ConsentMissing before a byte is stored, AudioRefused, SoundThere."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    if row.consent_on is None:
        raise ConsentMissing(
            Sentence("Nobody has written down that %(person)s agreed to be recorded.", person=row.person)
            if row.person
            else Sentence("Nobody has written down that the person agreed to be recorded."),
            Sentence(
                "Say who agreed, on which day and for what; then bring the sound in. A transcript needs no sound."
            ),
        )
    if row.has_audio:
        raise SoundThere(Sentence("“%(row)s” has a sound already.", row=row.title), Sentence("Delete it first."))
    size = _size_of(sound, name)
    sound.seek(0)
    media_type = audio_type_of(sound.read(HEAD), name)
    sound.seek(0)
    sealed = seal_sound(actor.workspace_id, blobs.pieces(sound))
    row.audio_sha256, _ = blobs.keep(actor.workspace_id, sealed, limit=2 * most_sound())
    row.audio_type, row.audio_size, row.audio_came_at, row.audio_gone_at = media_type, size, now, None
    row.changed_at = now
    row.save()
    governance.record(
        verb="studio.sound_kept",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"media_type": media_type, "bytes": size},
    )
    return row


@transaction.atomic
def delete_sound(*, interview_id: int, actor: Actor, now: datetime) -> Interview:
    """Delete the sound; the words stay."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    if not row.has_audio:
        raise NotFound(
            Sentence("No sound of “%(row)s” is kept.", row=row.title), Sentence("Nothing is left to delete.")
        )
    _delete(row, now)
    governance.record(
        verb="studio.sound_deleted", subject_kind="interview", subject_id=row.pk, actor=actor, now=now, facts={}
    )
    return row


def _delete(row: Interview, now: datetime) -> None:
    """The file goes before its row says so: a process that dies in between leaves no sound that nothing names."""
    blobs.forget(row.workspace_id, row.audio_sha256)
    row.audio_sha256, row.audio_gone_at, row.changed_at = "", now, now
    row.job = ""
    row.save(update_fields=["audio_sha256", "audio_gone_at", "changed_at", "job"])


def count_due_sounds(workspace_id: int, before: datetime) -> int:
    """How many sounds are kept whose transcript was confirmed before an instant."""
    return len(sounds_due(workspace_id, before))


def remove_due_sounds(workspace_id: int, before: datetime, now: datetime, most: int | None = None) -> int:
    """Delete them, as part of a run of the retention rules. Returns how many went."""
    rows = list(Interview.objects.select_for_update().filter(pk__in=sounds_due(workspace_id, before, most)))
    for row in rows:
        _delete(row, now)
    return len(rows)


# -- transcription ---------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_transcription(*, interview_id: int, actor: Actor, now: datetime) -> Interview:
    """Have the sound written down: `sillage studio interview transcribe` does it. The sound then goes to the server set up."""
    require(actor, Right.CAMPAIGN)
    row = get_interview(actor.workspace_id, interview_id, lock=True)
    server = transcriber()
    if server is None:
        raise NoTranscriber(
            Sentence("No transcription server is set up."),
            Sentence("Set SILLAGE_TRANSCRIPTION_URL, or bring in a transcript."),
        )
    if not row.has_audio:
        raise NotFound(
            Sentence("No sound of “%(row)s” is kept.", row=row.title),
            Sentence("Bring it in first, or bring in a transcript."),
        )
    if (row.audio_size or 0) > server.most_bytes:
        raise AudioRefused(
            Sentence(
                "The sound has %(audio_size)s MB; the server takes %(most_bytes)s MB.",
                audio_size=Decimals((row.audio_size or 0) / 1e6),
                most_bytes=f"{server.most_bytes / 1000000.0:.0f}",
            ),
            Sentence("Send it as MP3 or M4A, or raise SILLAGE_TRANSCRIPTION_MB if your server takes more."),
        )
    row.job, row.job_at, row.job_tries, row.job_failure = WAITING, now, 0, ""
    row.save(update_fields=["job", "job_at", "job_tries", "job_failure"])
    governance.record(
        verb="studio.transcription_asked",
        subject_kind="interview",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"server": server.host, "model": server.name},
    )
    return row


def transcribe_waiting(
    *, server: Transcriber, clock: Clock, workspace_id: int, interview_ids: Sequence[int] | None = None
) -> dict[str, int]:
    """Transcribe what waits, one after the other, as part of what was asked for. Returns {"done": n, "later": n, "failed": n}.

    The row says how far it is: a process that dies leaves “running”, and the next one takes it up after half an hour.
    """
    counts = {"done": 0, "later": 0, "failed": 0}
    last = 0
    while (row := begin_transcription(clock(), workspace_id, last, interview_ids)) is not None:
        last = row.pk
        try:
            read: Transcript | Exception = _heard(row, server)
        except (OutsideError, TranscriptMalformed, NotFound) as error:
            read = error
        counts[settle_transcription(row.pk, server, read, clock())] += 1
    return counts


def _heard(row: Interview, server: Transcriber) -> Transcript:
    """What the server makes of the sound. It is opened piece by piece while it is sent, and never lies open on the disk."""
    name = f"interview.{EXTENSIONS[row.audio_type]}"
    size = row.audio_size or 0
    sound = cast(BinaryIO, SoundFile(lambda starts: sound_of(row, starts), size))
    return read_transcript("answer", server.transcribe(name, row.audio_type, sound, size, row.language))


@transaction.atomic
def begin_transcription(
    now: datetime, workspace_id: int, after: int, interview_ids: Sequence[int] | None
) -> Interview | None:
    """Take the next one that waits, as part of transcribing; one whose process died is taken up again."""
    rows = Interview.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        Q(job=WAITING) | Q(job=RUNNING, job_at__lt=now - LEASE), workspace_id=workspace_id, pk__gt=after
    )
    if interview_ids is not None:
        rows = rows.filter(pk__in=interview_ids)
    else:
        rows = rows.exclude(job=WAITING, job_tries__gt=0, job_at__gt=now - PAUSE)
    row = rows.order_by("pk").first()
    if row is not None:
        row.job, row.job_at = RUNNING, now
        row.job_tries += 1
        row.save(update_fields=["job", "job_at", "job_tries"])
    return row


@transaction.atomic
def settle_transcription(interview_id: int, server: Transcriber, read: Transcript | Exception, now: datetime) -> str:
    """Write down what came of it, as part of transcribing: a stage made by a model, or why there is none."""
    row = Interview.objects.select_for_update().filter(pk=interview_id).first()
    if row is None or row.job != RUNNING:
        return "failed"  # it was erased, or its sound deleted, while the server listened
    machine = automation("transcription", row.workspace_id)
    if isinstance(read, Transcript):
        made_by = {"actor": "model", "actor_name": server.name[:200], "actor_version": server.host[:100]}
        content = [turn.kept() for turn in read.turns]
        row.job, row.job_failure = "", ""
        row.save(update_fields=["job", "job_failure"])
        stage = add_stage(row, StageKind.TRANSCRIPT, content, made_by, now, facts={"turns": len(read.turns)})
        governance.record(
            verb="studio.interview_transcribed",
            subject_kind="interview",
            subject_id=row.pk,
            actor=machine,
            now=now,
            facts={"stage": stage.number, "model": server.name, "server": server.host},
        )
        return "done"
    is_over = getattr(read, "permanent", True) or row.job_tries >= MOST_TRIES
    row.job, row.job_at, row.job_failure = (FAILED if is_over else WAITING), now, str(read)[:300]
    row.save(update_fields=["job", "job_at", "job_failure"])
    if not is_over:
        return "later"
    governance.record(
        verb="studio.transcription_failed",
        subject_kind="interview",
        subject_id=row.pk,
        actor=machine,
        now=now,
        facts={"tries": row.job_tries, "server": server.host},
    )
    return "failed"
