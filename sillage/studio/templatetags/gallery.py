"""Tags of writing briefs and of the gallery: the names of kinds, tones, families, reasons."""

from __future__ import annotations

from django import template

from sillage.studio import gallery_words as words

register = template.Library()

register.filter("reason_said", words.reason_said)
register.filter("family_name", words.family_name)


@register.filter
def kind_name(kind: str) -> str:
    """`{{ brief.kind|kind_name }}`: “Ad”."""
    return str(words.KINDS.get(kind, kind))


@register.filter
def tone_name(tone: str) -> str:
    return str(words.TONES.get(tone, tone))


@register.filter
def register_name(register_: str) -> str:
    return str(words.REGISTERS.get(register_, register_))


@register.filter
def in_return(consideration: str) -> str:
    """`{{ said.consideration|in_return }}`: what is given for a publication."""
    return str(words.CONSIDERATIONS.get(consideration, consideration))


@register.filter
def slot_name(slot: str) -> str:
    return str(words.SLOTS.get(slot, slot))


@register.filter
def fit_name(fit: str) -> str:
    return str(words.FITS.get(fit, fit))
