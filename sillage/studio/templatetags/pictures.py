"""Pictures and provenance in the reader's language: what a source type means, whose words, what was cut."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sillage.studio.engine.digital_source import Elements, Source
from sillage.studio.engine.provenance import UNVERIFIED, Step

register = template.Library()

SOURCES: Mapping[str, str | Promise] = {
    "digitalCreation": _("Made by people"),
    "dataDrivenMedia": _("Made by people, filled in by a rule"),
    "humanEdits": _("Made by people and a machine without AI, or from a photograph"),
    "composite": _("Put together; nobody said yet whether AI had a part in it"),
    "compositeSynthetic": _("Put together, with parts made by AI"),
    "compositeWithTrainedAlgorithmicMedia": _("Written by a model, then edited"),
    "trainedAlgorithmicMedia": _("Made by a model"),
    "digitalCapture": _("Taken with a camera"),
}
ORIGINS: Mapping[str, str | Promise] = {
    "person": pgettext_lazy("origin of words", "people"),
    "template": pgettext_lazy("origin of words", "assembled from templates"),
    "model": pgettext_lazy("origin of words", "a model (AI)"),
}
ELEMENTS: Mapping[str, str | Promise] = {
    "none": _("no pictures are embedded"),
    "unknown": _("nobody said yet"),
    "captured": _("photographs"),
    "created": _("drawn by people"),
    "generated": _("made by AI"),
}
STEPS: Mapping[str, str | Promise] = {
    "drawn": _("drew the template"),
    "placed": _("made the pictures in it"),
    "words": _("wrote words that stand on it"),
    "filled": _("words set in by a rule"),
}
REMARKS: Mapping[str, str | Promise] = {
    "cut": _("Words were cut"),
    "letters": _("No font has these letters, they were left out"),
}
STATES: Mapping[str, str | Promise] = {
    "waiting": pgettext_lazy("state of a batch", "waiting"),
    "making": pgettext_lazy("state of a batch", "being made"),
    "done": pgettext_lazy("state of a batch", "ready"),
}
PLATFORMS: Mapping[str, str] = {
    "instagram": "Instagram",
    "x": "X",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "google_cm360": "Google CM360",
}


@register.filter
def source_words(source: Source | str) -> str | Promise:
    return SOURCES[str(source)]


@register.filter
def origin_words(origin: str) -> str | Promise:
    return ORIGINS[str(origin)]


@register.filter
def elements_words(elements: Elements | str) -> str | Promise:
    return ELEMENTS[str(elements)]


@register.filter
def step_words(step: Step) -> str | Promise:
    return STEPS.get(step.note, "")


@register.filter
def remark_words(kind: str) -> str | Promise:
    return REMARKS[kind]


@register.filter
def batch_state(state: str) -> str | Promise:
    return STATES[state]


@register.filter
def platform_name(platform: str) -> str:
    return PLATFORMS[platform]


@register.filter
def is_unverified(platform: str) -> bool:
    return platform in UNVERIFIED
