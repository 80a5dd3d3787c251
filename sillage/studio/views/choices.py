"""A person's word on a text: chosen, refused, taken up again, approved, handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions.choices import choose_text, refuse_text, reopen_text
from sillage.studio.actions.releasing import approve_text, ask_text_approval, hand_over
from sillage.studio.actions.texts import TextNewer
from sillage.studio.queries.texts import get_text
from sillage.studio.views.texts import address_of, body_of, conflicting, refused, seen_of

DONE: dict[str, str | Promise] = {
    "choose": _("These words are chosen, and kept as a version."),
    "refuse": _("The text is refused; the voice learns from it."),
    "reopen": _("The text is being written again."),
    "ask": _("Those who may approve have been asked."),
    "approve": _("Your yes to exactly these words is kept."),
    "hand_over": _("The text is the deliverable’s next draft."),
}


def _handed(request: Visit, **asked: Any) -> Any:
    to = request.POST.get("deliverable", "")
    if not to.isdecimal():
        raise NotFound(
            Sentence("It is not said which deliverable the text is for."), Sentence("Choose one from the list.")
        )
    return hand_over(deliverable_id=int(to), **asked)


WORDS: dict[str, Callable[..., Any]] = {
    "choose": lambda request, **asked: choose_text(body=body_of(request) if "body" in request.POST else None, **asked),
    "refuse": lambda request, **asked: refuse_text(reason=request.POST.get("reason", ""), **asked),
    "reopen": lambda request, **asked: reopen_text(**asked),
    "ask": lambda request, **asked: ask_text_approval(**asked),
    "approve": lambda request, **asked: approve_text(reason=request.POST.get("reason", ""), **asked),
    "hand_over": _handed,
}


@require_POST
@page(Right.CAMPAIGN)
def decide(request: Visit, text_id: int) -> HttpResponse:
    """`word`: choose, refuse, reopen, ask, approve, hand_over. A refusal shows the page again, with the words as sent."""
    found = get_text(request.workspace.pk, text_id)
    word = request.POST.get("word", "")
    if word not in WORDS:
        raise NotFound(
            Sentence("There is no word “%(word)s”.", word=word[:40]),
            Sentence("There are %(words)s.", words=", ".join(WORDS)),
        )
    body = body_of(request) if "body" in request.POST else found.body
    try:
        WORDS[word](request, text_id=text_id, seen=seen_of(request), actor=request.actor, now=timezone.now())
    except TextNewer as refusal:
        return conflicting(request, get_text(request.workspace.pk, text_id), body, refusal)
    except Refusal as refusal:
        return refused(request, get_text(request.workspace.pk, text_id), body, refusal)
    messages.success(request, str(DONE[word]))
    return redirect(address_of(request, text_id))
