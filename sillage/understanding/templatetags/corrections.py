"""What machines found and people corrected, in people's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sillage.understanding.engine.corrections import TAG_PREFIX, allowed_of, labels_in
from sillage.understanding.engine.themes import theme_set

register = template.Library()

ENRICHERS: Mapping[str, str | Promise] = {
    "themes": _("Themes"),
    "tone": _("Tone"),
    "intent": _("Intents"),
    "brands": _("Brand mentions"),
    "commercial": _("Commercial sign"),
    "disclosure": _("Disclosure"),
    "authenticity": _("Authenticity"),
}
LABELS: Mapping[str, str | Promise] = {
    "negative": pgettext_lazy("tone", "negative"),
    "neutral": pgettext_lazy("tone", "neutral"),
    "positive": pgettext_lazy("tone", "positive"),
    "question": pgettext_lazy("intent of a comment", "question"),
    "purchase": pgettext_lazy("intent of a comment", "wants to buy"),
    "complaint": pgettext_lazy("intent of a comment", "complaint"),
    "praise": pgettext_lazy("intent of a comment", "praise"),
    "spam": pgettext_lazy("intent of a comment", "spam or self-promotion"),
    "request": pgettext_lazy("intent of a comment", "request to the brand"),
    "organic": pgettext_lazy("mention of a brand", "organic"),
    "likely_paid": pgettext_lazy("mention of a brand", "likely paid"),
    "declared": pgettext_lazy("mention of a brand", "declared"),
    "pass": pgettext_lazy("verdict on a disclosure", "pass"),
    "review": pgettext_lazy("verdict on a disclosure", "to be reviewed"),
    "block": pgettext_lazy("verdict on a disclosure", "block"),
    "holds": pgettext_lazy("does it hold?", "yes"),
    "commercial": pgettext_lazy("is it?", "commercial"),
    "credible": pgettext_lazy("is it?", "credible"),
}


@register.filter
def enricher_name(enricher: str) -> str:
    """`{{ head.enricher|enricher_name }}`: “Tone”; of a tag its key."""
    return str(ENRICHERS.get(enricher, enricher.removeprefix(TAG_PREFIX)))


@register.filter
def label_name(label: str) -> str:
    """`{{ label|label_name }}`: a choice as people read it; a theme by its name, a mention as “key: organic”."""
    key, found, choice = label.partition("=")
    if found:
        return f"{key}: {label_name(choice)}"
    if label in theme_set().index:
        return theme_set().name(label, (get_language() or "en")[:2])
    return str(LABELS.get(label, label))


@register.filter
def value_words(value: Mapping[str, Any] | None, enricher: str) -> str:
    """`{{ correction.value|value_words:correction.enricher }}`: “food, travel”; “none” where nothing holds."""
    if value is None:
        return "-"
    allowed = allowed_of(enricher)
    labels = sorted(labels_in(allowed, value)) if allowed is not None else []
    return ", ".join(label_name(label) for label in labels) or str(pgettext_lazy("labels of a thing", "none"))
