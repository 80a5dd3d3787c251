"""Interviews over the API: added, their words stage by stage, their sound."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, Literal, cast

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Router, Schema, UploadedFile
from pydantic import Field

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Given, Limit, Rows, rows
from sillage.studio.actions import interview_quotes, interview_sound, interview_stages, interviews
from sillage.studio.api.briefs import WritingBriefShape
from sillage.studio.api.ideas import IdeaShape
from sillage.studio.engine.transcripts import MOST_BYTES
from sillage.studio.models import Idea, Interview, InterviewStage, StoredBrief
from sillage.studio.queries import interviews as queries
from sillage.studio.queries.interview_files import FILE_TYPES, exported

router = Router()
PATH = "/studio/interviews/{int:interview_id}"


class InterviewShape(Schema):
    """An interview. `job` says how far a transcription is: empty, waiting, running, failed."""

    id: int
    title: str
    person: str
    language: str
    held_on: date | None
    creator_id: BigId | None
    campaign_id: int | None
    names: dict[str, Any]
    consent_who: str
    consent_on: date | None
    consent_for: str
    has_audio: bool
    audio_type: str
    audio_size: int | None
    job: str
    job_failure: str
    confirmed_number: int | None
    confirmed_at: datetime | None
    created_at: datetime
    changed_at: datetime


class StageShape(Schema):
    """A stage: `content` is a list of turns, or a summary's quotes and those set aside. `actor` is person, rule or model."""

    number: int
    kind: str
    of: int | None
    actor: str
    actor_name: str
    actor_version: str
    facts: dict[str, Any]
    note: str
    made_at: datetime
    content: Any


class InterviewGiven(Given):
    """What is known of an interview. `creator` is a key of the catalogue; `transcript` its words, in any format read here."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    person: Annotated[str, Field(max_length=200)] = ""
    language: Literal["fr", "en"] = "fr"
    held_on: date | None = None
    creator: Annotated[str, Field(max_length=200)] = ""
    campaign_id: int | None = None
    transcript: Annotated[str, Field(max_length=MOST_BYTES)] = ""


class ConsentGiven(Given):
    """Who agreed to be recorded, on which day and for what."""

    who: Annotated[str, Field(min_length=1, max_length=200)]
    on: date
    purpose: Annotated[str, Field(min_length=1, max_length=500)]


class SpeakerGiven(Given):
    """Whom a label of the transcript stands for."""

    label: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(max_length=40)] = ""
    asks: bool = False


class WordsGiven(Given):
    """A person's words by turn (counted from 0), and turns that are put back as the stage before had them."""

    texts: dict[int, Annotated[str, Field(max_length=20_000)]] = {}
    put_back: list[int] = []
    seen: int | None = None
    note: Annotated[str, Field(max_length=300)] = ""


class SpeakersGiven(Given):
    """All whom something is said of."""

    speakers: Annotated[list[SpeakerGiven], Field(min_length=1, max_length=50)]


class QuoteGiven(Given):
    """Words of a turn, exactly as they stand there."""

    turn: int
    text: Annotated[str, Field(min_length=1, max_length=1_000)]


class SummaryGiven(Given):
    """Quotes kept by their place, some taken from those set aside, others added."""

    keep: list[int] = []
    take: list[int] = []
    add: list[QuoteGiven] = []
    seen: int | None = None


class QuoteToIdeas(Given):
    """`seen` is the number of the summary that was looked at; without a campaign the interview's."""

    seen: int | None = None
    campaign_id: int | None = None


class QuoteToBrief(Given):
    brief_id: int
    seen: int | None = None


class StepGiven(Given):
    """A step that a rule makes, or a confirmation of a stage by its `number`."""

    word: Literal["clean", "summarise", "confirm", "transcribe", "delete_sound"]
    seen: int | None = None
    number: int | None = None


@router.get("/studio/interviews", **allowed(Right.READ), response=Rows[InterviewShape])
def list_interviews(request: Call, words: str = "", cursor: str | None = None, limit: Limit = 30) -> Any:
    """Interviews, the last one added first."""
    found = queries.list_interviews(request.auth.workspace_id, words=words, cursor=cursor, limit=limit)
    return rows(found.items, found.next_cursor)


@router.post("/studio/interviews", **allowed(Right.CAMPAIGN), response={201: InterviewShape})
def add_interview(request: Call, given: InterviewGiven) -> Any:
    """Add an interview, with its transcript where it is given; one that cannot be read adds nothing."""
    now = timezone.now()
    fields = given.model_dump(exclude={"transcript"})
    with transaction.atomic():
        row = interviews.add_interview(given=fields, actor=request.auth, now=now)
        if given.transcript:
            data = given.transcript.encode()
            interview_stages.add_transcript(
                interview_id=row.pk, name="transcript", data=data, actor=request.auth, now=now
            )
    return row


@router.get(PATH, **allowed(Right.READ), response=InterviewShape)
def get_interview(request: Call, interview_id: int) -> Interview:
    """One interview: with whom, on which consent, how far its words have come."""
    return queries.get_interview(request.auth.workspace_id, interview_id)


@router.delete(PATH, **allowed(Right.CAMPAIGN), response={204: None})
def erase_interview(request: Call, interview_id: int) -> Any:
    """Delete it whole: sound and every stage."""
    interviews.erase_interview(interview_id=interview_id, actor=request.auth, now=timezone.now())


@router.get(PATH + "/stages", **allowed(Right.READ), response=Rows[StageShape])
def list_stages(request: Call, interview_id: int) -> Any:
    """Every stage of its words, the first one first."""
    return rows(queries.stages_of(queries.get_interview(request.auth.workspace_id, interview_id)))


@router.get(PATH + "/export/{form}", **allowed(Right.READ))
def export_interview(request: Call, interview_id: int, form: Literal["txt", "md", "srt"]) -> HttpResponse:
    """The newest words as text, Markdown or subtitles."""
    row = queries.get_interview(request.auth.workspace_id, interview_id)
    return HttpResponse(exported(row, form), content_type=f"{FILE_TYPES[form]}; charset=utf-8")


@router.put(PATH + "/consent", **allowed(Right.CAMPAIGN), response=InterviewShape)
def keep_consent(request: Call, interview_id: int, given: ConsentGiven) -> Interview:
    """Write down the person's consent: no sound is kept without it."""
    return interviews.keep_consent(
        interview_id=interview_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )


@router.put(PATH + "/speakers", **allowed(Right.CAMPAIGN), response=InterviewShape)
def name_speakers(request: Call, interview_id: int, given: SpeakersGiven) -> Interview:
    """Say who the speakers are, and who asks."""
    names = {one.label: (one.name, one.asks) for one in given.speakers}
    return interviews.name_speakers(interview_id=interview_id, names=names, actor=request.auth, now=timezone.now())


@router.post(PATH + "/sound", **allowed(Right.CAMPAIGN, kept=Kept.NEVER), response={201: InterviewShape})
def add_sound(request: Call, interview_id: int, sound: File[UploadedFile]) -> Any:
    """Keep the sound, sealed; refused while no consent is written down."""
    row = interview_sound.add_sound(
        interview_id=interview_id,
        name=sound.name or "",
        sound=cast(BinaryIO, sound.file),
        actor=request.auth,
        now=timezone.now(),
    )
    return row


@router.post(PATH + "/steps", **allowed(Right.CAMPAIGN), response=InterviewShape)
def take_step(request: Call, interview_id: int, given: StepGiven) -> Interview:
    """Clean, sum up, confirm a stage, ask for a transcription, or delete the sound. Stages are read at `stages`."""
    said: dict[str, Any] = {"interview_id": interview_id, "actor": request.auth, "now": timezone.now()}
    if given.word == "clean":
        interview_stages.clean_interview(**said, seen=given.seen)
    elif given.word == "summarise":
        interview_stages.summarise_interview(**said, seen=given.seen)
    elif given.word == "confirm":
        interviews.confirm_transcript(**said, number=given.number or 0)
    elif given.word == "transcribe":
        interview_sound.ask_transcription(**said)
    else:
        interview_sound.delete_sound(**said)
    return queries.get_interview(request.auth.workspace_id, interview_id)


@router.post(PATH + "/words", **allowed(Right.CAMPAIGN), response={201: StageShape})
def edit_interview(request: Call, interview_id: int, given: WordsGiven) -> InterviewStage:
    """A person's words, as a stage of their own."""
    stage = interview_stages.edit_interview(
        interview_id=interview_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )
    return stage


@router.post(PATH + "/summary", **allowed(Right.CAMPAIGN), response={201: StageShape})
def edit_summary(request: Call, interview_id: int, given: SummaryGiven) -> InterviewStage:
    """A person's summary, as a stage of its own. Words that nobody said are refused."""
    stage = interview_stages.edit_summary(
        interview_id=interview_id,
        keep=given.keep,
        take=given.take,
        add=[(one.turn, one.text) for one in given.add],
        seen=given.seen,
        actor=request.auth,
        now=timezone.now(),
    )
    return stage


@router.post(PATH + "/quotes/{int:place}/idea", **allowed(Right.CAMPAIGN), response={201: IdeaShape})
def send_quote_to_ideas(request: Call, interview_id: int, place: int, given: QuoteToIdeas) -> Idea:
    """Put a quote of the newest summary (counted from 0) on the board of ideas. Refused without consent written down."""
    return interview_quotes.send_quote_to_ideas(
        interview_id=interview_id, place=place, **given.model_dump(), actor=request.auth, now=timezone.now()
    )


@router.post(
    PATH + "/quotes/{int:place}/fact", **allowed(Right.CAMPAIGN), response={201: WritingBriefShape}, by_alias=True
)
def send_quote_to_brief(request: Call, interview_id: int, place: int, given: QuoteToBrief) -> StoredBrief:
    """Make a quote a fact of a writing brief in the same language; its source says interview, role and time."""
    return interview_quotes.send_quote_to_brief(
        interview_id=interview_id, place=place, **given.model_dump(), actor=request.auth, now=timezone.now()
    )
