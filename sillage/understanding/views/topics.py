"""Topic maps: the list, the form that makes one, and a map with its quotes and summary."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.catalogue import queries as catalogue
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.understanding.actions.topics import (
    LanguageModelMissing,
    NothingInCommon,
    SameSet,
    TextsGone,
    TooFewTexts,
    TopicsOutOfRange,
    drop_topic_map,
    map_topics,
)
from sillage.understanding.engine.topics import FEWEST_TEXTS, FEWEST_TOPICS, MOST_TOPICS
from sillage.understanding.queries.language_model import model_settings
from sillage.understanding.queries.topics import get_topic_map, list_topic_maps
from sillage.understanding.views.topic_form import ScopeMalformed, choices, wanted
from sillage.understanding.views.topic_shown import shown_map, titles_of


@require_GET
@page(Right.READ)
def topics(request: Visit) -> HttpResponse:
    """The maps, the newest first."""
    maps = list_topic_maps(request.workspace.pk)
    titles = titles_of(request.workspace.pk, maps)
    context = {"maps": [(m, titles[m.pk]) for m in maps], "may_make": Right.BRIEF in request.actor.rights}
    return render(request, "understanding/topics.html", context)


@require_http_methods(["GET", "POST"])
@page(Right.BRIEF)
def new_topics(request: Visit) -> HttpResponse:
    """The form, filled from `?accounts=…&brand=…&kind=…`; on POST, the map is made and shown."""
    if request.method == "GET":
        return _form(request, request.GET.dict(), None)
    try:
        asked = wanted(request.workspace.pk, request.POST.dict())
        made = map_topics(
            scope=asked.scope,
            compare_with=asked.compare_with,
            name=asked.name,
            topics=asked.topics,
            with_model=asked.with_model,
            actor=request.actor,
            now=timezone.now(),
        )
    except (ScopeMalformed, NotFound, *_TOLD) as refusal:
        return _form(request, request.POST.dict(), refusal)
    return redirect("understanding:topic_map", request.workspace.slug, made.pk)


_TOLD = (TooFewTexts, NothingInCommon, TextsGone, TopicsOutOfRange, SameSet, LanguageModelMissing)


def _form(request: Visit, said: Mapping[str, str], refusal: Refusal | None) -> HttpResponse:
    model = model_settings()
    context = {
        "said": said,
        "second": {name.removeprefix("second_"): value for name, value in said.items() if name.startswith("second_")},
        "refusal": told(refusal) if refusal else None,
        "model": f"{model.model} ({model.host})" if model.is_complete else "",
        "range": (FEWEST_TOPICS, MOST_TOPICS),
        "fewest": FEWEST_TEXTS,
        **choices(request.workspace.pk),
    }
    return render(request, "understanding/topic_form.html", context, status=refusal.status if refusal else 200)


def told(refusal: Refusal) -> tuple[str, str]:
    """A refusal in the reader's language: what is true, what to do next."""
    take_more = _("Take more accounts, a longer period, or fewer conditions; or read the texts themselves.")
    match refusal:
        case TooFewTexts():
            return _("This set is too small: topics need at least %(n)s texts with words.") % {
                "n": FEWEST_TEXTS
            }, take_more
        case NothingInCommon():
            return _("These texts have too few words in common to be grouped."), take_more
        case SameSet():
            return _("Both sets are the same."), _("Change the account, brand, theme or period of one of them.")
        case TopicsOutOfRange():
            said = {"low": FEWEST_TOPICS, "high": MOST_TOPICS}
            return _("So many topics cannot be found."), _("Ask for %(low)s to %(high)s, or leave it empty.") % said
        case LanguageModelMissing():
            return _("No language model is set up, so none can write a summary."), _(
                "Set SILLAGE_LLM_URL and SILLAGE_LLM_MODEL, or take the summary of quoted sentences."
            )
        case NotFound():
            return _("One of these accounts is not in the workspace."), _("Write network:handle, one per line.")
    return refusal.message, refusal.hint


@require_GET
@page(Right.READ)
def topic_map(request: Visit, map_id: int) -> HttpResponse:
    """What a set talks about."""
    found = get_topic_map(request.workspace.pk, map_id)
    shown = shown_map(found)
    context = {
        **shown,
        "title": titles_of(request.workspace.pk, [found])[found.pk],
        "brand_names": {b.key: b.name for b in catalogue.list_brands(request.workspace.pk)},
        "may_make": Right.BRIEF in request.actor.rights,
    }
    return render(request, "understanding/topic_map.html", context)


@require_POST
@page(Right.BRIEF)
def drop_topics(request: Visit, map_id: int) -> HttpResponse:
    """Remove a map."""
    drop_topic_map(map_id=map_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The topic map was removed."))
    return redirect("understanding:topics", request.workspace.slug)
