"""The model page: what reads, how good it was measured to be, what people corrected, and the candidate in shadow."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding import actions as understanding
from sillage.understanding.actions.learning import learn, promote, refuse_head, roll_back, shadow
from sillage.understanding.actions.readings import ask_reading
from sillage.understanding.engine.corrections import TAG_PREFIX
from sillage.understanding.queries.learning import get_head
from sillage.understanding.queries.models import differences_shown, list_reading

TAGGED_AT_ONCE = 2_000  # posts; a reading does the rest


class HeadDecisionUnknown(Malformed):
    """The form asks for something that it does not offer."""


@require_GET
@page(Right.READ)
def models(request: Visit) -> HttpResponse:
    lines = list_reading(request.workspace.pk)
    context = {
        "lines": lines,
        "shown": {
            line.candidate.pk: differences_shown(request.workspace.pk, line.candidate)
            for line in lines
            if line.candidate is not None
        },
        "may_decide": Right.CATALOGUE in request.actor.rights,
        "may_correct": Right.BRIEF in request.actor.rights,
    }
    return render(request, "understanding/models.html", context)


@require_POST
@page(Right.CATALOGUE)
def train(request: Visit) -> HttpResponse:
    """Train a candidate from what people corrected."""
    try:
        head = learn(enricher=request.POST.get("enricher", ""), actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        messages.warning(request, f"{refusal.message} {refusal.hint}")
        return redirect("understanding:models", request.workspace.slug)
    return redirect(f"{reverse('understanding:models', args=[request.workspace.slug])}#head-{head.pk}")


@require_POST
@page(Right.CATALOGUE)
def decide(request: Visit, head_id: int) -> HttpResponse:
    """Promote or refuse a candidate, or compare it again: the form's `then` says which."""
    then, reason, now = request.POST.get("then", ""), request.POST.get("reason", ""), timezone.now()
    if then not in ("promote", "refuse", "compare"):
        raise HeadDecisionUnknown(
            Sentence("“%(then)s” is no decision about a candidate.", then=then),
            Sentence("Promote it, refuse it or compare again."),
        )
    enricher = get_head(request.workspace.pk, head_id).enricher
    try:
        if then == "promote":
            promote(head_id=head_id, reason=reason, actor=request.actor, now=now)
        elif then == "refuse":
            refuse_head(head_id=head_id, reason=reason, actor=request.actor, now=now)
        else:
            shadow(head_id=head_id, actor=request.actor, now=now)
    except Refusal as refusal:
        messages.warning(request, f"{refusal.message} {refusal.hint}")
        return redirect("understanding:models", request.workspace.slug)
    if then == "promote":
        _told_what_is_next(request, enricher)
    return redirect("understanding:models", request.workspace.slug)


def _told_what_is_next(request: Visit, enricher: str) -> None:
    """A tag is read at once as far as that is quick; everything else by a reading, which is asked for."""
    ask_reading(actor=request.actor, now=timezone.now())
    if enricher.startswith(TAG_PREFIX):
        key = enricher.removeprefix(TAG_PREFIX)
        done = understanding.tag_due(key=key, most=TAGGED_AT_ONCE, actor=request.actor, now=timezone.now())
        said = _("It reads from now on. It has read the newest %(n)s posts; a reading of the rest was asked for.")
        messages.success(request, said % {"n": done.get(key, 0)})
    else:
        messages.success(request, _("It reads from now on; a reading of all posts and comments with it was asked for."))


@require_POST
@page(Right.CATALOGUE)
def rollback(request: Visit) -> HttpResponse:
    """Let the head read that read before, or what ships."""
    before = roll_back(enricher=request.POST.get("enricher", ""), actor=request.actor, now=timezone.now())
    ask_reading(actor=request.actor, now=timezone.now())
    said = _("What read before reads again: %(version)s.") % {"version": before.version} if before else ""
    messages.success(request, said or _("What ships reads again."))
    return redirect("understanding:models", request.workspace.slug)
