"""Human checks in the reader's language: what is to be judged, why, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy

from sillage.studio.engine.human_flags import HumanFlag

register = template.Library()

FLAG_NAMES: Mapping[str, str | Promise] = {
    "empathy": pgettext_lazy("what a person judges", "Empathy"),
    "sensitive_date": pgettext_lazy("what a person judges", "The day"),
    "sensitive_subject": pgettext_lazy("what a person judges", "Grave subject"),
    "ambiguous": pgettext_lazy("what a person judges", "A word that may hurt"),
    "irony": pgettext_lazy("what a person judges", "Irony"),
    "humour": pgettext_lazy("what a person judges", "Humour"),
    "reference": pgettext_lazy("what a person judges", "Reference"),
    "idiom": pgettext_lazy("what a person judges", "Idiom"),
    "slang": pgettext_lazy("what a person judges", "Words of a group"),
}
ANSWERS: Mapping[str, str | Promise] = {
    "": pgettext_lazy("human check", "waits"),
    "fine": pgettext_lazy("human check", "fine"),
    "change": pgettext_lazy("human check", "to be changed"),
}
ANSWER_BADGES = {"": "warning", "fine": "good", "change": "bad"}


@register.filter
def flag_name(flag: str) -> str:
    """`{{ check.flag|flag_name }}`: what is to be judged."""
    return str(FLAG_NAMES.get(flag, flag))


@register.filter
def flag_why(flag: HumanFlag) -> str:
    """`{{ flag|flag_why }}`: the reason, as a sentence in the reader's language."""
    return flag.why["fr" if (get_language() or "").startswith("fr") else "en"]


@register.filter
def answer_name(answer: str) -> str:
    return str(ANSWERS.get(answer, answer))


@register.filter
def answer_badge(answer: str) -> str:
    return ANSWER_BADGES.get(answer, "")
