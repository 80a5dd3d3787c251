"""Voices: the list, one in plain words with a box to try it, its texts, its traits, and what it learns."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.studio.actions import voices as actions
from sillage.studio.actions.learning_voices import NotEnoughChoices, learn_voice
from sillage.studio.engine.voice import FEW_TEXTS, FEWEST_TEXTS
from sillage.studio.engine.voice_kept import VoiceInUse
from sillage.studio.engine.voice_learning import FEWEST_CHOICES
from sillage.studio.engine.voice_texts import LONGEST
from sillage.studio.engine.voice_words import measured_of
from sillage.studio.models import Voice, VoiceVersion
from sillage.studio.queries import voices as queries
from sillage.studio.told.voices import TRAIT_NAMES, UNIT_NAMES, told_fit, told_voice, verdict_of

LIMITS = {"fewest": FEWEST_TEXTS, "few": FEW_TEXTS, "fewest_choices": FEWEST_CHOICES}


@require_GET
@page(Right.READ)
def voices(request: Visit) -> HttpResponse:
    """All voices; below them, a form for another. `?state=archived` those that were put away."""
    return _listed(request)


def _listed(request: Visit, wrong: Refusal | None = None) -> HttpResponse:
    archived = request.GET.get("state") == "archived"
    context = {
        "tab": "voices",
        "lines": queries.list_voices(request.workspace.pk, archived=archived),
        "archived": archived,
        "n_archived": queries.count_archived(request.workspace.pk),
        "languages": actions.LANGUAGES,
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "wrong": wrong,
        "typed": request.POST,
        **LIMITS,
    }
    return render(request, "studio/voices.html", context, status=wrong.status if wrong else 200)


@require_POST
@page(Right.CAMPAIGN)
def new_voice(request: Visit) -> HttpResponse:
    """Then its texts are asked for."""
    try:
        made = actions.open_voice(
            name=request.POST.get("name", ""),
            language=request.POST.get("language", ""),
            brand=request.POST.get("brand", ""),
            actor=request.actor,
            now=timezone.now(),
        )
    except actions.VoiceMalformed as refusal:
        return _listed(request, refusal)
    return redirect("studio:voice_texts", request.workspace.slug, made.pk)


@require_GET
@page(Right.READ)
def voice(request: Visit, voice_id: int) -> HttpResponse:
    """`?number=` shows another version than the one in use."""
    found = queries.get_voice(request.workspace.pk, voice_id)
    return render(request, "studio/voice.html", voice_context(request, found, "voice"))


def voice_context(request: Visit, found: Voice, part: str) -> dict[str, Any]:
    version = _asked_version(request, found)
    opened = queries.opened_version(found, version) if version else None
    return {
        "tab": "voices",
        "part": part,
        "voice": found,
        "versions": queries.versions_of_voice(found),
        "version": version,
        "plain": told_voice(opened.voice) if opened else [],
        "n_texts": found.training_texts.count(),
        "n_examples": found.training_texts.filter(is_example=True).count(),
        "n_choices": found.choices.count(),
        "score": queries.score_of_voice(found),
        "trait_names": TRAIT_NAMES,
        "may_write": Right.CAMPAIGN in request.actor.rights and found.archived_at is None,
        "may_restore": Right.CAMPAIGN in request.actor.rights and found.archived_at is not None,
        **LIMITS,
    }


def _asked_version(request: Visit, found: Voice) -> VoiceVersion | None:
    """The version that is asked for; else the one in use, else the newest."""
    asked = whole(request.POST.get("number") or request.GET.get("number", ""))
    if asked is not None:
        return queries.get_voice_version(found, asked)
    if found.promoted is not None:
        return queries.get_voice_version(found, found.promoted)
    return found.versions.order_by("-number").first()


def whole(typed: str) -> int | None:
    """A number as typed in a form, or None."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


@require_POST
@page(Right.READ)
def fit(request: Visit, voice_id: int) -> HttpResponse:
    """A text that is tried, with what is off. Nothing of it is kept."""
    found = queries.get_voice(request.workspace.pk, voice_id)
    context = voice_context(request, found, "voice")
    tried = request.POST.get("text", "")[:LONGEST].strip()
    version: VoiceVersion | None = context["version"]
    if version is not None and tried:
        context |= fit_shown(queries.opened_version(found, version), tried)
    name = "studio/parts/voice_fit.html" if request.headers.get("HX-Request") else "studio/voice.html"
    return render(request, name, {**context, "tried": tried})


def fit_shown(opened: VoiceInUse, text: str) -> dict[str, Any]:
    """What the part voice_fit.html shows of a text."""
    found = queries.fit_in_full(opened, text)
    return {"fit": found, "verdict": verdict_of(found), "reasons": told_fit(found)}


# -- traits ----------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def voice_traits(request: Visit, voice_id: int) -> HttpResponse:
    """Every trait as measured, and what a person wishes instead."""
    return _traits(request, queries.get_voice(request.workspace.pk, voice_id))


def _traits(request: Visit, found: Voice, wrong: Refusal | None = None) -> HttpResponse:
    context = voice_context(request, found, "traits")
    version: VoiceVersion | None = context["version"]
    measured = measured_of(queries.opened_unwished(version).voice, found.wishes) if version else []
    rows = [
        {
            "measured": row,
            "name": TRAIT_NAMES[row.trait],
            "unit": UNIT_NAMES[row.unit],
            "from": request.POST.get(f"{row.trait}.from", _typed(row.wish, 0)),
            "to": request.POST.get(f"{row.trait}.to", _typed(row.wish, 1)),
        }
        for row in measured
    ]
    context |= {"rows": rows, "wrong": wrong}
    return render(request, "studio/voice_traits.html", context, status=wrong.status if wrong else 200)


def _typed(wish: tuple[float, float] | None, end: int) -> str:
    return f"{wish[end]:g}" if wish else ""


@require_POST
@page(Right.CAMPAIGN)
def wish_traits(request: Visit, voice_id: int) -> HttpResponse:
    found = queries.get_voice(request.workspace.pk, voice_id)
    try:
        _wish(request, found)
    except NotFound:
        raise
    except Refusal as refusal:
        return _traits(request, found, refusal)
    messages.success(request, _("Your wishes hold from now on."))
    return redirect("studio:voice_traits", request.workspace.slug, found.pk)


class WishMalformed(actions.VoiceMalformed):
    """A wish has two numbers, or none."""


def _wish(request: Visit, found: Voice) -> None:
    wishes: dict[str, tuple[float, float] | None] = {}
    for trait in TRAIT_NAMES:
        typed = [request.POST.get(f"{trait}.{end}", "").strip().replace(",", ".") for end in ("from", "to")]
        if not any(typed):
            if trait in found.wishes:
                wishes[trait] = None
            continue
        if not all(re.fullmatch(r"\d{1,5}(\.\d{1,4})?", one) for one in typed):
            name = TRAIT_NAMES[trait]
            raise WishMalformed(
                _("“%(trait)s” needs two numbers.") % {"trait": name},
                _("Write from and to, or leave both empty."),
                trait,
            )
        wishes[trait] = (float(typed[0]), float(typed[1]))
    actions.wish_traits(
        voice_id=found.pk,
        wishes=wishes,
        seen=whole(request.POST.get("seen", "")),
        actor=request.actor,
        now=timezone.now(),
    )


# -- what can be done ------------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def change_voice(request: Visit, voice_id: int) -> HttpResponse:
    """Its name, brand, note and banned words, a line each."""
    actions.change_voice(
        voice_id=voice_id,
        name=request.POST.get("name", ""),
        brand=request.POST.get("brand", ""),
        note=request.POST.get("note", ""),
        banned=request.POST.get("banned", "").splitlines(),
        seen=whole(request.POST.get("seen", "")),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("Kept."))
    return redirect("studio:voice_traits", request.workspace.slug, voice_id)


@require_POST
@page(Right.CAMPAIGN)
def train_voice(request: Visit, voice_id: int) -> HttpResponse:
    try:
        made = actions.train_voice(voice_id=voice_id, actor=request.actor, now=timezone.now())
    except (actions.TooFewVoiceTexts, actions.NothingNewToLearn) as refusal:
        return _refused(request, voice_id, refusal)
    messages.success(request, _("Version %(n)s is trained. Look at it, then put it to use.") % {"n": made.number})
    return _to_version(request, made)


@require_POST
@page(Right.CAMPAIGN)
def learn(request: Visit, voice_id: int) -> HttpResponse:
    try:
        made = learn_voice(voice_id=voice_id, actor=request.actor, now=timezone.now())
    except (NotEnoughChoices, actions.NothingNewToLearn) as refusal:
        return _refused(request, voice_id, refusal)
    messages.success(
        request, _("Version %(n)s is proposed. Look at what it measures, then decide.") % {"n": made.number}
    )
    return _to_version(request, made)


def _refused(request: Visit, voice_id: int, refusal: Refusal) -> HttpResponse:
    found = queries.get_voice(request.workspace.pk, voice_id)
    context = {**voice_context(request, found, "voice"), "wrong": refusal}
    return render(request, "studio/voice.html", context, status=refusal.status)


def _to_version(request: Visit, made: VoiceVersion) -> HttpResponse:
    answer = redirect("studio:voice", request.workspace.slug, made.voice_id)
    answer["Location"] += f"?number={made.number}"
    return answer


@require_POST
@page(Right.CAMPAIGN)
def promote_voice(request: Visit, voice_id: int) -> HttpResponse:
    found = actions.promote_voice(
        voice_id=voice_id,
        number=whole(request.POST.get("number", "")) or 0,
        seen=whole(request.POST.get("seen", "")),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("Version %(n)s is in use.") % {"n": found.promoted})
    return redirect("studio:voice", request.workspace.slug, found.pk)


@require_POST
@page(Right.CAMPAIGN)
def archive_voice(request: Visit, voice_id: int) -> HttpResponse:
    found = actions.archive_voice(voice_id=voice_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("“%(name)s” is put away.") % {"name": found.name})
    return redirect("studio:voices", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def restore_voice(request: Visit, voice_id: int) -> HttpResponse:
    found = actions.restore_voice(voice_id=voice_id, actor=request.actor, now=timezone.now())
    return redirect("studio:voice", request.workspace.slug, found.pk)
