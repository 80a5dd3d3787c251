"""Filters of the voices' pages: names and reasons in the reader's words."""

from __future__ import annotations

from django import template

from sillage.studio.engine.voice import Fit
from sillage.studio.told.voices import PART_NAMES, SOURCE_NAMES, TRAIT_NAMES, UNIT_NAMES, told_fit, verdict_of

register = template.Library()


@register.filter
def voice_trait_name(trait: str) -> str:
    """`{{ one.trait|voice_trait_name }}`"""
    return str(TRAIT_NAMES[trait])


@register.filter
def voice_unit_name(unit: str) -> str:
    """`{{ one.unit|voice_unit_name }}`"""
    return str(UNIT_NAMES[unit])


@register.filter
def voice_part_name(part: str) -> str:
    """`{{ part|voice_part_name }}`: of a fit."""
    return str(PART_NAMES[part])


@register.filter
def voice_source_name(source: str) -> str:
    """`{{ text.source|voice_source_name }}`: where a text of a voice comes from."""
    return str(SOURCE_NAMES[source])


@register.filter
def voice_verdict(fit: Fit) -> str:
    """`{{ fit|voice_verdict }}`: how near a text is, in a few words."""
    return verdict_of(fit)


@register.filter
def voice_reasons(fit: Fit) -> list[str]:
    """`{% with reasons=fit|voice_reasons %}`: what is off, the weightiest first."""
    return told_fit(fit)
