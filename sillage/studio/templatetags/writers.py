"""Words of calls to language models: how they ended, what went wrong, why a text was dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.studio.models import ModelCall
from sillage.studio.queries.model_calls import outcome_of

register = template.Library()

OUTCOMES: Mapping[str, Promise] = {
    "answered": _("answered"),
    "failed": _("failed"),
    "stopped": _("stopped"),
    "interrupted": _("interrupted"),
    "under_way": _("under way"),
}
TROUBLES: Mapping[str, Promise] = {
    "timeout": _("it took too long"),
    "unreachable": _("no connection"),
    "busy": _("the server was busy"),
    "key": _("the key is not known there"),
    "rejected": _("the request was rejected"),
    "server": _("the server failed"),
    "refused": _("the model declined"),
    "unfit": _("an answer of another shape"),
    "too_long": _("a longer answer than may be"),
}
DROPS: Mapping[str, Promise] = {
    "empty": _("no words"),
    "too_long": _("too long"),
    "unknown_ids": _("rests on facts that do not exist"),
    "no_fact": _("rests on no fact"),
    "numbers": _("numbers that the brief does not give"),
    "links": _("a link that the brief does not give"),
    "handles": _("an account that the brief does not name"),
    "hashtags": _("a hashtag that the brief does not give"),
    "codes": _("a code that the brief does not give"),
    "names": _("a name that the brief does not give"),
    "claims": _("a claim that the brief does not make"),
    "banned": _("banned words"),
    "markup": _("code or markup"),
    "unseen": _("characters that nobody sees"),
    "leaked": _("words of the instructions"),
    "to_a_machine": _("speaks to a machine"),
    "repeated": _("said twice, or one more than asked for"),
}
SUMMARY_DROPS: Mapping[str, Promise] = {
    "no_ids": _("it cites nothing"),
    "unknown_ids": _("it cites what does not exist"),
    "numbers": _("its numbers are not in what it cites"),
    "quantity": _("it says how many without a count that says so"),
    "denial": _("it denies, or leaves out a denial"),
    "words": _("its words are not those of what it cites"),
    "address": _("it holds a link or a handle, or speaks to a machine"),
    "length": _("it is empty or too long"),
}
PURPOSES: Mapping[str, Promise] = {
    "write": _("texts of a brief"),
    "edit": _("an edit of a text"),
    "summary": _("a summary of topics"),
}


@register.simple_tag(takes_context=True)
def call_outcome(context: template.Context, call: ModelCall) -> dict[str, object]:
    """`{% call_outcome call as end %}`: name and words."""
    now: datetime = context["now"]
    name = outcome_of(call, now)
    return {"name": name, "words": OUTCOMES[name], "trouble": TROUBLES.get(call.trouble, call.trouble)}


@register.filter
def call_purpose(call: ModelCall) -> str | Promise:
    return PURPOSES.get(call.purpose, call.purpose)


@register.filter
def drop_lines(call: ModelCall) -> list[tuple[str | Promise, int]]:
    """Why texts of a call, or sentences of a summary, were dropped, in words, with how many."""
    words = SUMMARY_DROPS if call.purpose == "summary" else DROPS
    return [(words.get(why, why), n) for why, n in call.dropped.items()]
