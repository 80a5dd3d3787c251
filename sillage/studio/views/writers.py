"""The page of writers: which model there is, where words would go, what it may cost and has cost; and asking it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import OutsideError, Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions import model_calls, model_writing
from sillage.studio.actions.texts import TextNewer
from sillage.studio.engine.model_limits import AT_ONCE, WriterLimits
from sillage.studio.engine.prompting import MOST_MATERIAL, MOST_TEXTS
from sillage.studio.models import Text
from sillage.studio.progress import LINES, line, streamed
from sillage.studio.queries.briefs import list_briefs
from sillage.studio.queries.model_calls import get_call, list_calls, writer_standing
from sillage.studio.queries.texts import get_text
from sillage.studio.views.panels import panel_named
from sillage.studio.views.texts import address_of, body_of, conflicting, seen_of

SERVERS = (
    (
        "OpenAI",
        "SILLAGE_LLM_URL=https://api.openai.com/v1 SILLAGE_LLM_MODEL=… SILLAGE_LLM_KEY_FILE=/run/secrets/openai",
    ),
    ("Anthropic", "SILLAGE_LLM_KIND=anthropic SILLAGE_LLM_MODEL=… SILLAGE_LLM_KEY_FILE=/run/secrets/anthropic"),
    (
        "Mistral",
        "SILLAGE_LLM_URL=https://api.mistral.ai/v1 SILLAGE_LLM_MODEL=… SILLAGE_LLM_KEY_FILE=/run/secrets/mistral",
    ),
    ("Ollama", "SILLAGE_LLM_URL=http://localhost:11434/v1 SILLAGE_LLM_MODEL=…"),
    ("vLLM", "SILLAGE_LLM_URL=http://localhost:8000/v1 SILLAGE_LLM_MODEL=…"),
    ("llama.cpp", "SILLAGE_LLM_URL=http://localhost:8080/v1 SILLAGE_LLM_MODEL=…"),
)


@require_GET
@page(Right.READ)
def writers(request: Visit) -> HttpResponse:
    """`?cursor=` older calls."""
    return render(request, "studio/writers.html", _context(request))


def _context(request: Visit, **more: Any) -> dict[str, Any]:
    now = timezone.now()
    calls = list_calls(request.workspace.pk, cursor=request.GET.get("cursor") or None)
    return {
        "tab": "writers",
        "standing": writer_standing(request.workspace.pk, now),
        "calls": calls.items,
        "next_cursor": calls.next_cursor,
        "briefs": list_briefs(request.workspace.pk, limit=100).items,
        "servers": SERVERS,
        "most_texts": MOST_TEXTS,
        "at_once": AT_ONCE,
        "now": now,
        **more,
    }


@require_POST
@page(Right.APPROVE)
def limits(request: Visit) -> HttpResponse:
    given = request.POST
    model_calls.set_writer_limits(
        limits=WriterLimits(
            is_on=given.get("is_on") == "yes",
            monthly_cost=_amount(given.get("monthly_cost", "")),
            monthly_tokens=_whole(given.get("monthly_tokens", ""), "monthly_tokens"),
            calls_per_minute=_whole(given.get("calls_per_minute", ""), "calls_per_minute") or 0,
        ),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("The limits are kept."))
    return redirect("studio:writers", request.workspace.slug)


def _whole(written: str, place: str) -> int | None:
    digits = "".join(written.split())
    if not digits:
        return None
    if not digits.isdecimal() or len(digits) > 10:
        raise model_calls.LimitMalformed(
            Sentence("“%(written)s” is not a whole number.", written=written[:40]),
            Sentence("Write digits only."),
            place,
        )
    return int(digits)


def _amount(written: str) -> Decimal | None:
    said = "".join(written.split()).replace(",", ".")
    try:
        amount = Decimal(said) if said else None
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount is not None and not amount.is_finite():
        raise model_calls.LimitMalformed(
            Sentence("“%(written)s” is not an amount.", written=written[:40]),
            Sentence("Write it as 25.00."),
            "monthly_cost",
        )
    return amount.quantize(Decimal("0.01")) if amount is not None and abs(amount) < 10**9 else amount


@require_POST
@page(Right.CAMPAIGN)
def switch(request: Visit) -> HttpResponse:
    is_on = request.POST.get("is_on") == "yes"
    model_calls.switch_writer(is_on=is_on, actor=request.actor, now=timezone.now())
    messages.success(request, _("The model is switched on.") if is_on else _("The model is switched off."))
    return redirect("studio:writers", request.workspace.slug)


# -- texts of a brief ------------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def write(request: Visit) -> HttpResponse:
    """Have the model write texts of a brief. A script reads it as it comes; without one the page waits."""
    try:
        events = model_writing.stream_texts(**_asked(request), actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        return _refused(request, refusal)
    if _reads_lines(request):
        return streamed(events, lambda ended: _ended(request, ended))
    ended = None
    for event in events:
        ended = event
    assert isinstance(ended, model_writing.Written)
    messages.success(request, _said_of(ended))
    return redirect(_ended(request, ended)["next"])


def _asked(request: Visit) -> dict[str, Any]:
    brief, n = request.POST.get("brief", ""), request.POST.get("n", "")
    return {
        "brief_id": int(brief) if brief.isdecimal() and len(brief) < 18 else 0,
        "n": int(n) if n.isdecimal() and len(n) < 4 else 0,
        "material": _material(request),
    }


def _material(request: Visit) -> list[str]:
    """Pieces of strangers' words, with an empty line between them."""
    written = request.POST.get("material", "").replace("\r\n", "\n")
    return [piece for piece in written.split("\n\n") if piece.strip()][: 2 * MOST_MATERIAL]


def _ended(request: Visit, ended: model_writing.Written) -> dict[str, Any]:
    slug, texts = request.workspace.slug, ended.texts
    if len(texts) == 1:
        address = reverse("studio:text", args=[slug, texts[0].pk])
    else:
        address = reverse("studio:studio" if texts else "studio:writers", args=[slug])
    return {"said": _said_of(ended), "next": address, "kept": len(ended.checked.kept), "dropped": ended.call.dropped}


def _said_of(ended: model_writing.Written) -> str:
    kept, dropped = len(ended.checked.kept), len(ended.checked.dropped)
    said = ngettext("%(n)s text passed the checks", "%(n)s texts passed the checks", kept) % {"n": kept}
    left = ngettext("%(n)s was dropped.", "%(n)s were dropped.", dropped) % {"n": dropped}
    return f"{said}; {left}"


def _reads_lines(request: Visit) -> bool:
    return LINES in request.headers.get("Accept", "")


def _refused(request: Visit, refusal: Refusal) -> HttpResponse:
    """In the manner in which it was asked: a line for a script, the front's own page otherwise."""
    if not _reads_lines(request):
        raise refusal
    told = line("failed", message=refusal.message, hint=refusal.hint)
    return HttpResponse(told, content_type=LINES, status=refusal.status)


# -- an edit of a text -----------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def ask(request: Visit, text_id: int) -> HttpResponse:
    """Have the model change a text, as it stands on the page, as a person instructs."""
    try:
        events = model_writing.stream_edit(
            text_id=text_id,
            body=body_of(request) or get_text(request.workspace.pk, text_id).body,
            instruction=request.POST.get("instruction", ""),
            material=_material(request),
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _refused(request, refusal)
    if _reads_lines(request):
        return streamed(
            events, lambda ended: {"call": ended.call.pk, "said": _said_of(ended), "dropped": ended.call.dropped}
        )
    return _waited(request, text_id, events)


def _waited(request: Visit, text_id: int, events: Any) -> HttpResponse:
    try:
        for _event in events:
            pass
    except OutsideError as failed:
        messages.error(request, f"{failed.message} {failed.hint}".strip())
    return redirect(address_of(request, text_id, "model"))


@require_POST
@page(Right.CAMPAIGN)
def insert(request: Visit, text_id: int, call_id: int) -> HttpResponse:
    """Take a proposal: it becomes the next version, marked as the model's."""
    found = _of_text(request, text_id, call_id)
    words = "".join(one["text"] for one in get_call(request.workspace.pk, call_id).proposal[:1])
    try:
        version = model_writing.insert_proposal(
            call_id=call_id, seen=seen_of(request), actor=request.actor, now=timezone.now()
        )
    except TextNewer as refusal:
        return conflicting(request, get_text(request.workspace.pk, text_id), words, refusal)
    messages.success(request, _("Version %(n)s is kept, marked as the model’s.") % {"n": version.number})
    return redirect(address_of(request, found.pk))


@require_POST
@page(Right.CAMPAIGN)
def discard(request: Visit, text_id: int, call_id: int) -> HttpResponse:
    """Leave a proposal."""
    found = _of_text(request, text_id, call_id)
    model_writing.discard_proposal(call_id=call_id, actor=request.actor, now=timezone.now())
    if request.headers.get("HX-Request"):
        return HttpResponse(
            panel_named("model").written(request, found, body_of(request) or found.body, timezone.now())
        )
    return redirect(address_of(request, text_id, "model"))


def _of_text(request: Visit, text_id: int, call_id: int) -> Text:
    """The text, if the call is about it."""
    found, call = get_text(request.workspace.pk, text_id), get_call(request.workspace.pk, call_id)
    if call.text_id != found.pk:
        raise model_writing.ProposalDecided(
            Sentence("This proposal is about another text."), Sentence("Load the page again.")
        )
    return found
