"""What acts say, in the reader's language. Acts hold codes where Sillage chose the words; a person's own stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django import template
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sillage.desk import words
from sillage.desk.queries.subjects import campaign_names
from sillage.desk.templatetags.design import MISSING, network_name, number
from sillage.desk.templatetags.words import fact
from sillage.governance.engine.act_changes import Change
from sillage.governance.engine.law import Verdict
from sillage.governance.engine.law_words import VERDICT_WORDS, title_of
from sillage.lib.sentences import Sentence, told
from sillage.lib.word_diff import Piece, word_diff
from sillage.studio.engine.brief import KIND_WORDS

register = template.Library()

CHANNELS: Mapping[str, str | Promise] = {
    "by_hand": _("by hand"),
    "email": _("by e-mail"),
}
MAKERS: Mapping[str, str | Promise] = {
    "person": _("written by a person"),
    "template": _("assembled from templates"),
    "model": _("written by a model (AI)"),
}
KINDS: Mapping[str, str] = {kind.value: said for kind, said in KIND_WORDS.items()}
_CAMPAIGNS = "names of campaigns"
AMOUNTS = frozenset({"net", "vat"})


@register.filter
def act_value(value: str, field: str) -> str:
    """`{{ value|act_value:field }}`: a line of an act; codes of ours in words, what people wrote as it is."""
    if not value.strip():
        return MISSING
    match field.rpartition(".")[2]:
        case "kind":
            return told(KINDS.get(value, value))
        case "channel":
            return str(CHANNELS.get(value, value))
        case "format":
            return words.named(words.FORMATS, value)
        case "network":
            return network_name(value)
        case "language":
            return words.language_name(value)
        case "made_by":
            return "\n".join(map(_maker, value.splitlines()))
        case "law":
            return "\n".join(map(_rule, value.splitlines()))
        case "due_on":
            return _day(value)
        case "vat_rate":
            return gettext("%(number)s%%") % {"number": _number(value)} if value != MISSING else value
        case "beyond_budget":
            amount, _space, currency = value.partition(" ")
            return f"{_number(amount)} {currency}".strip()
        case name if name in AMOUNTS:
            return _number(value)
    return value


@register.simple_tag(takes_context=True)
def scope_values(context: template.Context, field: str, given: object) -> str:
    """`{% scope_values field given %}`: what a policy allows or touched in a field, one or several; a campaign by its name."""
    values = [fact(one) for one in (given if isinstance(given, list) else [given])]
    workspace = context.get("workspace")
    if field != "campaign" or workspace is None:
        return ", ".join(act_value(value, field) for value in values)
    if _CAMPAIGNS not in context.render_context:  # one query for the page, whatever it lists
        context.render_context[_CAMPAIGNS] = campaign_names(workspace.pk)
    names = context.render_context[_CAMPAIGNS]
    return ", ".join(names.get(value, value) for value in values)


@register.filter
def act_pieces(change: Change) -> list[Piece]:
    """`{% for piece in change|act_pieces %}`: what changed in a line, by words, as the reader reads it."""
    before, after = (act_value(said, change.field) if said else "" for said in (change.before, change.after))
    return word_diff(before, after)


def _maker(line: str) -> str:
    """“template fr_ad 1” → “assembled from templates (fr_ad 1)”."""
    origin, _space, name = line.partition(" ")
    said = str(MAKERS.get(origin, origin))
    return f"{said} ({name})" if name else said


def _rule(line: str) -> str:
    """“warn: FR-INF-01”, or the rule alone → what it says and is called, with its code."""
    verdict, _colon, rule = line.rpartition(": ")
    title = title_of(rule, (get_language() or "en")[:2])
    named = f"{title} ({rule})" if title else rule
    if verdict not in set(Verdict):
        return named
    return told(Sentence("%(verdict)s: %(rule)s", verdict=VERDICT_WORDS[Verdict(verdict)], rule=named))


def _number(value: str) -> str:
    try:
        return number(float(Decimal(value.replace(",", ""))), 2)
    except InvalidOperation:
        return value


def _day(value: str) -> str:
    try:
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    except ValueError:
        return value
