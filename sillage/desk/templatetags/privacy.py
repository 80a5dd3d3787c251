"""Data protection in people's words: kinds of requests, ways in which they come, clocks, what a table holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sillage.campaigns.words import stage_name
from sillage.governance.engine.personal_data import Data, Said
from sillage.governance.engine.processing_record import Line

register = template.Library()

Text = str | Promise
KINDS: Mapping[str, Text] = {
    "access": _("Access"),
    "rectification": _("Rectification"),
    "erasure": _("Erasure"),
    "restriction": _("Restriction"),
    "portability": _("Portability"),
    "objection": _("Objection"),
}
MEANINGS: Mapping[str, Text] = {  # to the person who asks
    "access": _("Tell me what you hold about me, and why."),
    "rectification": _("Something is wrong: put it right."),
    "erasure": _("Erase everything about me."),
    "restriction": _("Keep my data, and do nothing else with it for now."),
    "portability": _("Give me my data to take along."),
    "objection": _("I object: do not look for me nor contact me any more."),
}
WAYS: Mapping[str, Text] = {
    "link": _("their own page"),
    "email": _("e-mail"),
    "message": _("message on a network"),
    "letter": _("letter"),
    "spoken": _("in person or by telephone"),
}
STATES: Mapping[str, Text] = {"open": _("open"), "answered": _("answered"), "refused": _("refused")}
URGENCIES: Mapping[str, Text] = {
    "done": _("done"),
    "later": _("in time"),
    "soon": _("within a week"),
    "overdue": _("overdue"),
}
CLASSES = {"overdue": "badge--bad", "soon": "badge--warning"}
FIELDS: Mapping[str, Text] = {
    "name": _("Name"),
    "handle": _("Handle"),
    "country": _("Country (two letters)"),
    "bio": _("Biography"),
}
SIGNALS: Mapping[str, Text] = {
    "authenticity": _("Whether the numbers fit together"),
    "originality": _("Originality"),
    "expected": _("Expected results of a next post"),
    "minor": _("The biography says an age below 18"),
}
REASONS: Mapping[str, Text] = {
    "themes": _("themes"),
    "words": _("words"),
    "meaning": _("meaning"),
    "brands": _("brands"),
    "engagement": _("engagement"),
    "rhythm": _("rhythm"),
    "unwanted_themes": _("unwanted themes"),
    "unwanted_words": _("unwanted words"),
    "warnings": _("warnings"),
    "saturation": _("many commercial posts"),
}


def _named(names: Mapping[str, Text], key: str) -> str:
    return str(names.get(key, key))


@register.filter
def request_kind(kind: str) -> str:
    return _named(KINDS, kind)


@register.filter
def request_meaning(kind: str) -> str:
    return _named(MEANINGS, kind)


@register.filter
def request_way(way: str) -> str:
    return _named(WAYS, way)


@register.filter
def request_state(state: str) -> str:
    return _named(STATES, state)


@register.filter
def urgency_name(urgency: str) -> str:
    return _named(URGENCIES, str(urgency))


@register.filter
def urgency_class(urgency: str) -> str:
    """The badge's class: overdue and soon stand out, also by their words."""
    return CLASSES.get(str(urgency), "")


@register.filter
def rectified_field(name: str) -> str:
    return _named(FIELDS, name)


@register.filter
def signal_name(enricher: str) -> str:
    return _named(SIGNALS, enricher)


@register.filter
def collaboration_stage(stage: str) -> str:
    return stage_name(stage)


@register.filter
def score_reason(name: str) -> str:
    return _named(REASONS, name)


@register.filter
def said(text: Said) -> str:
    """A text of the list of personal data, in the reader's language."""
    return text.told(get_language() or "en")


@register.filter
def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


@register.filter
def kept_for(line: Line) -> str:
    return line.kept(get_language() or "en")


@register.filter
def basis_of(data: Data) -> str:
    return data.why.value.basis.value.told(get_language() or "en")


@register.filter
def purpose_of(data: Data) -> str:
    return data.why.value.purpose.told(get_language() or "en")


@register.filter
def days_left(due: datetime, now: datetime) -> int:
    """Whole days until a deadline, negative when it is over."""
    return (due - now).days
