"""The workspace's own words: what the spelling check lets pass for everybody, who added it and when."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.studio.actions import words as actions
from sillage.studio.engine.words import LANGUAGES
from sillage.studio.queries.texts import get_text
from sillage.studio.queries.words import list_accepted
from sillage.studio.views.originality import number_of
from sillage.studio.views.texts import address_of, body_of, findings_shown


@require_GET
@page(Right.READ)
def words(request: Visit) -> HttpResponse:
    """Language by language, in the order of the alphabet."""
    return _list(request)


def _list(request: Visit, wrong: Refusal | None = None) -> HttpResponse:
    rows = list(list_accepted(request.workspace.pk))
    context = {
        "tab": "texts",
        "groups": [(code, [row for row in rows if row.language == code]) for code in LANGUAGES],
        "is_empty": not rows,
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "wrong": wrong,
        "given": request.POST,
    }
    return render(request, "studio/words.html", context, status=wrong.status if wrong else 200)


@require_POST
@page(Right.CAMPAIGN)
def accept(request: Visit) -> HttpResponse:
    """`words`, one or several, of a `language`; `text` is the text beside which a word was accepted: there one goes back."""
    given = re.split(r"[\s,;]+", request.POST.get("words", "")[:10_000])
    text = number_of(request.POST.get("text", ""))
    try:
        made = actions.accept_words(
            words=given, language=request.POST.get("language", ""), actor=request.actor, now=timezone.now()
        )
    except Refusal as refusal:
        if text is not None:
            raise
        return _list(request, refusal)
    if text is not None and request.headers.get("HX-Request"):
        found = get_text(request.workspace.pk, text)
        return findings_shown(request, found, body_of(request) if "body" in request.POST else found.body)
    said = ngettext("%(n)s word is accepted from now on.", "%(n)s words are accepted from now on.", len(made))
    messages.success(request, said % {"n": len(made)})
    return redirect("studio:words", request.workspace.slug) if text is None else redirect(address_of(request, text))


@require_POST
@page(Right.CAMPAIGN)
def take_away(request: Visit, word_id: int) -> HttpResponse:
    actions.take_word_away(word_id=word_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The check remarks on it again."))
    return redirect("studio:words", request.workspace.slug)
