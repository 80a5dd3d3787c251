"""Interviews: the list, and one with its stages, its sound and its quotes."""

from __future__ import annotations

from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions import interviews as actions
from sillage.studio.actions.interview_sound import most_sound
from sillage.studio.actions.interview_stages import add_transcript
from sillage.studio.engine.audio import EXTENSIONS
from sillage.studio.engine.interview_export import FORMATS
from sillage.studio.engine.interview_stages import StageKind
from sillage.studio.engine.transcripts import MOST_BYTES
from sillage.studio.models import Interview, InterviewStage
from sillage.studio.queries import interviews as queries
from sillage.studio.queries.briefs import list_briefs
from sillage.studio.queries.interview_files import FILE_TYPES, exported
from sillage.studio.queries.interview_quotes import leaving_with, use_of, uses_of
from sillage.studio.views.byte_ranges import part_asked

MEDIA = {"media-src": [SELF]}
GIVEN = ("title", "person", "language", "held_on")


@require_GET
@page(Right.READ)
def interviews(request: Visit) -> HttpResponse:
    """`?words=` narrows."""
    return _list(request)


def _list(request: Visit, wrong: Refusal | None = None) -> HttpResponse:
    words = request.GET.get("words", "")[:200].strip()
    found = queries.list_interviews(request.workspace.pk, words=words, cursor=request.GET.get("cursor"))
    context = {
        "tab": "interviews",
        "interviews": found.items,
        "words": words,
        "next_cursor": found.next_cursor,
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "wrong": wrong,
        "given": request.POST,
    }
    return render(request, "studio/interviews.html", context, status=wrong.status if wrong else 200)


@csrf_exempt  # asked for below, after it is known who sends: the body is read while it comes in
@require_POST
@page(Right.CAMPAIGN)
@csrf_protect
def add(request: HttpRequest) -> HttpResponse:
    """An interview, with its transcript where one came along."""
    visit = cast(Visit, request)
    given = {name: request.POST.get(name, "") for name in GIVEN}
    if creator := request.POST.get("creator", "").strip():
        given["creator"] = creator
    try:
        row = actions.add_interview(given=given, actor=visit.actor, now=timezone.now())
    except Refusal as refusal:
        return _list(visit, refusal)
    try:
        name, data = sent_transcript(request)
        if data:
            add_transcript(interview_id=row.pk, name=name, data=data, actor=visit.actor, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.hint} {getattr(refusal, 'place', '')}".strip())
    return redirect("studio:interview", visit.workspace.slug, row.pk)


def sent_transcript(request: HttpRequest) -> tuple[str, bytes]:
    """Name and bytes of the transcript that came as a file, or was pasted; no bytes where neither did."""
    file = request.FILES.get("transcript")
    if file is not None:
        return (file.name or "transcript")[:80], file.read(MOST_BYTES + 1)
    return "pasted.txt", request.POST.get("pasted", "").strip().encode()


@require_GET
@csp_update(MEDIA)
@page(Right.READ)
def interview(request: Visit, interview_id: int) -> HttpResponse:
    """`?stage=` an older stage, `?against=` what changed since another one."""
    return show(request, queries.get_interview(request.workspace.pk, interview_id))


def show(request: Visit, row: Interview, wrong: Refusal | None = None) -> HttpResponse:
    """The page, with a refusal where something was not done."""
    stages = queries.stages_of(row)
    stage = _named(stages, request.GET.get("stage", "")) or (stages[-1] if stages else None)
    against = _named(stages, request.GET.get("against", ""))
    context: dict[str, Any] = {
        "tab": "interviews",
        "interview": row,
        "stages": stages,
        "stage": stage,
        "against": against,
        "newest": stages[-1].number if stages else 0,
        "speakers": queries.list_speakers(row),
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "server": queries.transcriber(),
        "formats": FORMATS,
        "most": most_sound(),
        "leaving": leaving_with(row),
        "wrong": wrong,
        "given": request.POST,
    }
    if stage is not None:
        context |= _words(row, stage, stages, against)
    return render(request, "studio/interview.html", context, status=wrong.status if wrong else 200)


def _words(
    row: Interview, stage: InterviewStage, stages: list[InterviewStage], against: InterviewStage | None
) -> dict[str, Any]:
    """What a stage shows: its turns with what changed in them, or its quotes."""
    with_turns = [one for one in stages if StageKind(one.kind).has_turns]
    words = {"is_newest_words": bool(with_turns) and with_turns[-1].pk == stage.pk, "others": []}
    if not StageKind(stage.kind).has_turns:
        quotes, aside = queries.quotes_in(stage)
        names = {speaker.label: speaker.shown for speaker in queries.list_speakers(row)}
        uses = uses_of(row)
        told = [
            [
                (place, quote, names.get(quote.speaker, quote.speaker), use_of(uses, quote))
                for place, quote in enumerate(listed)
            ]
            for listed in (quotes, aside)
        ]
        source = next((one for one in with_turns if one.number == stage.of), None)
        is_newest = stages[-1].pk == stage.pk
        summaries = [one for one in stages if not StageKind(one.kind).has_turns]
        return {
            **words,
            "quotes": told[0],
            "aside": told[1],
            "source": source,
            "is_newest_summary": is_newest,
            "may_send": summaries[-1].pk == stage.pk,
            "briefs": [one for one in list_briefs(row.workspace_id, limit=100).items if one.language == row.language],
        }
    words["others"] = [one for one in with_turns if one.pk != stage.pk]
    if against is not None and StageKind(against.kind).has_turns and against.pk != stage.pk:
        return {**words, "compared": queries.compared(row, against, stage)}
    return {**words, "turns": list(enumerate(queries.told_turns(row, stage)))}


def _named(stages: list[InterviewStage], number: str) -> InterviewStage | None:
    return next((one for one in stages if str(one.number) == number), None)


def address_of(request: Visit, interview_id: int, place: str = "") -> str:
    address = reverse("studio:interview", args=[request.workspace.slug, interview_id])
    return f"{address}#{place}" if place else address


# -- files -----------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def export(request: Visit, interview_id: int, form: str) -> HttpResponse:
    """The words as text, Markdown or subtitles; `?stage=` those of an older stage."""
    row = queries.get_interview(request.workspace.pk, interview_id)
    number = request.GET.get("stage", "")
    stage = queries.get_stage(row, int(number)) if number.isdecimal() and len(number) < 9 else None
    answer = HttpResponse(exported(row, form, stage), content_type=f"{FILE_TYPES[form]}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="interview-{row.pk}.{form}"'
    return answer


@require_GET
@page(Right.READ)
def sound(request: Visit, interview_id: int) -> HttpResponse:
    """The sound, or the part of it that a player asks for; opened from under its seal while it is sent."""
    row = queries.get_interview(request.workspace.pk, interview_id)
    if not row.has_audio:
        raise NotFound(
            Sentence("No sound of “%(row)s” is kept.", row=row.title), Sentence("Its transcript is on its page.")
        )
    size = row.audio_size or 0
    part = part_asked(request.headers.get("Range", ""), size)
    starts, ends = part or (0, size)
    if starts >= ends:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    answer = StreamingHttpResponse(
        queries.sound_of(row, starts, ends), status=206 if part else 200, content_type=row.audio_type
    )
    if part:
        answer["Content-Range"] = f"bytes {starts}-{ends - 1}/{size}"
    answer["Content-Length"] = str(ends - starts)
    answer["Content-Disposition"] = f'inline; filename="interview-{row.pk}.{EXTENSIONS[row.audio_type]}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox; media-src 'self'; frame-ancestors 'none'"
    answer["Cache-Control"] = "private, no-store"
    answer["Accept-Ranges"] = "bytes"
    return cast(HttpResponse, answer)  # doors treat a streamed one alike


@require_POST
@page(Right.CAMPAIGN)
def erase(request: Visit, interview_id: int) -> HttpResponse:
    """Delete it whole."""
    actions.erase_interview(interview_id=interview_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The interview is deleted, with its sound, every stage and what was quoted from it."))
    return redirect("studio:interviews", request.workspace.slug)
