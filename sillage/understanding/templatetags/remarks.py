"""What was found in comments, in people's words: flags, their reasons, and what kind of machine found them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sillage.understanding.engine.tone import HEAD
from sillage.understanding.queries.inbox import AWAITS, EVERYTHING
from sillage.understanding.templatetags.corrections import label_name

register = template.Library()

FLAGS: Mapping[str, str | Promise] = {
    "irony": pgettext_lazy("cultural check", "irony"),
    "humour": pgettext_lazy("cultural check", "humour"),
    "emotion": pgettext_lazy("cultural check", "strong emotion"),
    "idiom": pgettext_lazy("cultural check", "idiom"),
    "slang": pgettext_lazy("cultural check", "slang"),
    "verlan": pgettext_lazy("cultural check", "verlan"),
    "dialect": pgettext_lazy("cultural check", "regional variety"),
    "reclaimed": pgettext_lazy("cultural check", "word that may wound or be reclaimed"),
    "sensitive_subject": pgettext_lazy("cultural check", "sensitive subject"),
    "sensitive_date": pgettext_lazy("cultural check", "sensitive date"),
}
REASONS: Mapping[str, str | Promise] = {
    "words": _("these words"),
    "said": _("it says so itself"),
    "emoji": _("this emoji"),
    "laughter": _("laughter"),
    "named": _("this date or place is named"),
    "praise_with_emoji": _("praise beside a mocking emoji"),
    "praise_and_trouble": _("praise and trouble in one sentence"),
    "death": _("death and mourning"),
    "mourning": _("death and mourning"),
    "disaster": _("disaster"),
    "war": _("war, terror, persecution"),
    "illness": _("illness and disability"),
    "violence": _("violence and discrimination"),
}
VIEWS: Mapping[str, str | Promise] = {
    AWAITS: pgettext_lazy("comments", "Awaiting an answer"),
    EVERYTHING: pgettext_lazy("comments", "All"),
    "question": pgettext_lazy("comments", "Questions"),
    "purchase": pgettext_lazy("comments", "Want to buy"),
    "complaint": pgettext_lazy("comments", "Complaints"),
    "request": pgettext_lazy("comments", "Requests"),
    "praise": pgettext_lazy("comments", "Praise"),
    "spam": pgettext_lazy("comments", "Spam"),
}


@register.filter
def flag_name(flag: str) -> str:
    """`{{ line.flag|flag_name }}`: “irony”."""
    return str(FLAGS.get(flag, flag))


@register.filter
def reason_name(reason: str) -> str:
    """`{{ line.reason|reason_name }}`: why a flag stands, in words; a variety or a day by its own name."""
    return str(REASONS.get(reason, reason.replace("_", " ").capitalize()))


@register.filter
def view_name(view: str) -> str:
    """`{{ "awaiting"|view_name }}`: “Awaiting an answer”."""
    return str(VIEWS.get(view, view))


@register.filter
def read_by(signal: Any) -> str:
    """`{% actor signal|read_by name signal.version %}`: a model where a learnt head spoke, a rule elsewhere."""
    return "model" if HEAD in signal.version or signal.enricher == "language" else "rule"


@register.filter
def evidence_words(line: Mapping[str, Any]) -> str:
    """`{{ line|evidence_words }}`: the words of a piece of evidence, after what they stand for."""
    words = line.get("words", "")
    said = words if isinstance(words, str) else ", ".join(words)
    about = line.get("intent") or ""
    return f"{label_name(about)}: {said}" if about else said
