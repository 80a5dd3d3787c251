"""The texts of a voice: pasted, from a file, from the brand's posts, from what was chosen; and which are shown to writers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions import voice_texts as actions
from sillage.studio.engine.voice_texts import ENDINGS, VoiceTextsMalformed, pasted, texts_of_file
from sillage.studio.models import Voice
from sillage.studio.queries.voices import get_voice, texts_of
from sillage.studio.told.voices import SOURCE_NAMES
from sillage.studio.views.voices import voice_context, whole

PER_PAGE = 50
LARGEST_FILE = 5 * 1024 * 1024  # bytes


@require_GET
@page(Right.READ)
def voice_texts(request: Visit, voice_id: int) -> HttpResponse:
    """`?page=` the next fifty."""
    return _shown(request, get_voice(request.workspace.pk, voice_id))


def _shown(request: Visit, found: Voice, wrong: Refusal | None = None) -> HttpResponse:
    pages = Paginator(texts_of(found), PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        **voice_context(request, found, "texts"),
        "texts": shown,
        "next_url": f"?page={shown.next_page_number()}" if shown.has_next() else "",
        "source_names": SOURCE_NAMES,
        "endings": ",".join(ENDINGS),
        "wrong": wrong,
        "pasted": request.POST.get("texts", "") if wrong else "",
    }
    return render(request, "studio/voice_texts.html", context, status=wrong.status if wrong else 200)


@require_POST
@page(Right.CAMPAIGN)
def add_texts(request: Visit, voice_id: int) -> HttpResponse:
    """What is pasted, or else a file."""
    found = get_voice(request.workspace.pk, voice_id)
    try:
        texts, source = _given(request)
        done = actions.add_texts(voice_id=found.pk, texts=texts, source=source, actor=request.actor, now=timezone.now())
    except (actions.NoVoiceText, actions.TooManyVoiceTexts, VoiceTextsMalformed) as refusal:
        return _shown(request, found, refusal)
    return _said(request, found, done)


def _given(request: Visit) -> tuple[list[str], str]:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return pasted(request.POST.get("texts", "")), "pasted"
    name = file.name or "texts.txt"
    if (file.size or 0) > LARGEST_FILE:
        raise VoiceTextsMalformed(
            Sentence("%(name)s has more than 5 MB.", name=name),
            Sentence("A few hundred texts are plenty: choose the best."),
            name,
        )
    try:
        return texts_of_file(name, file.read().decode("utf-8-sig")), "file"
    except UnicodeDecodeError as error:
        raise VoiceTextsMalformed(
            Sentence("%(name)s is not UTF-8.", name=name), Sentence("Save it as UTF-8."), name
        ) from error


def _said(request: Visit, found: Voice, done: actions.Added) -> HttpResponse:
    said = ngettext("%(n)s text is new.", "%(n)s texts are new.", done.added) % {"n": done.added}
    if done.known:
        said += " " + ngettext("%(n)s was there already.", "%(n)s were there already.", done.known) % {"n": done.known}
    messages.success(request, said)
    return redirect("studio:voice_texts", request.workspace.slug, found.pk)


@require_POST
@page(Right.CAMPAIGN)
def add_posts(request: Visit, voice_id: int) -> HttpResponse:
    """The newest posts of the brand's own account in the catalogue."""
    found = get_voice(request.workspace.pk, voice_id)
    try:
        done = actions.add_posts(
            voice_id=found.pk,
            account=request.POST.get("account", "").strip(),
            most=whole(request.POST.get("most", "")) or actions.MOST_POSTS,
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _shown(request, found, refusal)
    return _said(request, found, done)


@require_POST
@page(Right.CAMPAIGN)
def add_chosen(request: Visit, voice_id: int) -> HttpResponse:
    """What people chose in the studio, as they left it."""
    found = get_voice(request.workspace.pk, voice_id)
    try:
        done = actions.add_chosen(voice_id=found.pk, actor=request.actor, now=timezone.now())
    except actions.NoVoiceText as refusal:
        return _shown(request, found, refusal)
    return _said(request, found, done)


@require_POST
@page(Right.CAMPAIGN)
def remove_text(request: Visit, voice_id: int, text_id: int) -> HttpResponse:
    actions.remove_texts(voice_id=voice_id, text_ids=[text_id], actor=request.actor, now=timezone.now())
    messages.success(request, _("The text is out. Train the voice again to be without it."))
    return redirect("studio:voice_texts", request.workspace.slug, voice_id)


@require_POST
@page(Right.CAMPAIGN)
def mark_example(request: Visit, voice_id: int, text_id: int) -> HttpResponse:
    """Show one text to writers, or no longer."""
    found = get_voice(request.workspace.pk, voice_id)
    chosen = set(found.training_texts.filter(is_example=True).values_list("pk", flat=True))
    chosen ^= {text_id}
    try:
        actions.choose_examples(voice_id=found.pk, text_ids=sorted(chosen), actor=request.actor, now=timezone.now())
    except actions.TooManyExamples as refusal:
        return _shown(request, found, refusal)
    return redirect("studio:voice_texts", request.workspace.slug, found.pk)
