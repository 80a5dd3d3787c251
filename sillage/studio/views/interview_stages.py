"""What members do with an interview: consent, sound, transcript, speakers, and each stage of its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions import interview_quotes, interview_sound, interview_stages, interviews
from sillage.studio.engine.transcripts import TranscriptMalformed
from sillage.studio.queries.interviews import get_interview
from sillage.studio.views.interviews import MEDIA, address_of, sent_transcript, show


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and len(given) < 9 else None


def _places(given: list[str]) -> list[int]:
    return [place for one in given if (place := _number(one)) is not None]


def _texts(request: HttpRequest, prefix: str) -> dict[int, str]:
    """{3: "…"} from the fields “text-3”."""
    named = ((name.removeprefix(prefix), request.POST[name]) for name in request.POST if name.startswith(prefix))
    return {place: text.replace("\r\n", "\n") for end, text in named if (place := _number(end)) is not None}


# -- each act, as the page's forms name it ---------------------------------------------------------------------------


def _consent(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
    who, on, purpose = (request.POST.get(name, "") for name in ("who", "on", "purpose"))
    interviews.keep_consent(interview_id=interview_id, who=who, on=on, purpose=purpose, **said)
    return _("The consent is written down.")


def _sound(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
    file = request.FILES.get("sound")
    if file is None or file.file is None:
        raise NotFound(Sentence("No sound came with the form."), Sentence("Choose a file."))
    interview_sound.add_sound(interview_id=interview_id, name=file.name or "", sound=cast(BinaryIO, file.file), **said)
    return _("The sound is kept, sealed.")


def _transcript(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
    name, data = sent_transcript(request)
    if not data:
        raise TranscriptMalformed(
            Sentence("No transcript came with the form."), Sentence("Choose a file, or paste the words.")
        )
    interview_stages.add_transcript(interview_id=interview_id, name=name, data=data, **said)
    return _("The transcript is there.")


def _speakers(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
    labels = request.POST.getlist("label")
    asking = set(_places(request.POST.getlist("asks")))
    names = {label: (request.POST.get(f"name-{i}", ""), i in asking) for i, label in enumerate(labels[:50])}
    interviews.name_speakers(interview_id=interview_id, names=names, **said)
    return _("The speakers are named.")


def _edit(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
    interview_stages.edit_interview(
        interview_id=interview_id,
        texts=_texts(request, "text-"),
        put_back=_places(request.POST.getlist("put_back")),
        seen=_number(request.POST.get("seen")),
        note=request.POST.get("note", ""),
        **said,
    )
    return _("Your words are a stage of their own.")


def _edit_summary(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
    added = request.POST.get("quote", "").strip()
    turn = _number(request.POST.get("turn"))
    interview_stages.edit_summary(
        interview_id=interview_id,
        keep=_places(request.POST.getlist("keep")),
        take=_places(request.POST.getlist("take")),
        add=[(turn - 1, added)] if added and turn else [],
        seen=_number(request.POST.get("seen")),
        **said,
    )
    return _("Your summary is a stage of its own.")


def _to_ideas(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
    interview_quotes.send_quote_to_ideas(interview_id=interview_id, **_quote(request), **said)
    return _("The quote is on the board of ideas.")


def _to_brief(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
    brief = interview_quotes.send_quote_to_brief(
        interview_id=interview_id, brief_id=_number(request.POST.get("brief")) or 0, **_quote(request), **said
    )
    return _("The quote is a fact of “%(brief)s”.") % {"brief": brief.title}


def _quote(request: Visit) -> dict[str, Any]:
    place = _number(request.POST.get("place"))
    return {"place": -1 if place is None else place, "seen": _number(request.POST.get("seen"))}


def _plain(act: Callable[..., Any], done: Callable[[], str], *, numbered: bool = False) -> Callable[..., str]:
    def doing(request: Visit, interview_id: int, said: dict[str, Any]) -> str:
        more = {"number": _number(request.POST.get("number")) or 0} if numbered else {}
        act(interview_id=interview_id, **more, **said)
        return done()

    return doing


ACTS: dict[str, Callable[[Visit, int, dict[str, Any]], str]] = {
    "consent": _consent,
    "keep-sound": _sound,
    "transcript": _transcript,
    "speakers": _speakers,
    "edit": _edit,
    "edit-summary": _edit_summary,
    "quote-to-ideas": _to_ideas,
    "quote-to-brief": _to_brief,
    "clean": _plain(interview_stages.clean_interview, lambda: _("Cleaned by rule: see what went.")),
    "summarise": _plain(interview_stages.summarise_interview, lambda: _("Summed up in the person’s own sentences.")),
    "confirm": _plain(interviews.confirm_transcript, lambda: _("The transcript is confirmed."), numbered=True),
    "transcribe": _plain(interview_sound.ask_transcription, lambda: _("The sound waits to be transcribed.")),
    "delete-sound": _plain(interview_sound.delete_sound, lambda: _("The sound is deleted.")),
}


@csrf_exempt  # asked for below, after it is known who sends: the body is read while it comes in
@require_POST
@csp_update(MEDIA)
@page(Right.CAMPAIGN)
@csrf_protect
def act(request: HttpRequest, interview_id: int, word: str) -> HttpResponse:
    """One of ACTS; a refusal stands on the page with what was typed."""
    visit = cast(Visit, request)
    row = get_interview(visit.workspace.pk, interview_id)
    if word not in ACTS:
        raise NotFound(Sentence("Nothing is called “%(word)s” here.", word=word[:40]), Sentence("Load the page again."))
    try:
        done = ACTS[word](visit, interview_id, {"actor": visit.actor, "now": timezone.now()})
    except Refusal as refusal:
        return show(visit, row, refusal)
    messages.success(request, done)
    return redirect(address_of(visit, interview_id))
