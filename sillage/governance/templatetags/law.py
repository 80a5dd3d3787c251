"""The law check in the reader's language: what to change, what a rule is called, what was not looked at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django import template
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.governance.engine.law import LawFinding
from sillage.governance.engine.law_reading import law_book
from sillage.governance.engine.law_words import CHANGES, NOT_ADVICE, UNSEEN

register = template.Library()

SEVERITIES: Mapping[str, str | Promise] = {"pass": _("Passes"), "review": _("To review"), "block": _("Blocks")}
BADGES: Mapping[str, str] = {"pass": "good", "review": "warning", "block": "bad"}
VERIFIED: Mapping[str, str | Promise] = {
    "P": _("The official text was read."),
    "S": _("Read in a secondary source."),
    "U": _("Not verified."),
}
CONSIDERATIONS: Mapping[str, str | Promise] = {
    "paid": _("Paid"),
    "gift": _("A gift"),
    "trip": _("A trip or an invitation"),
    "affiliate": _("A share of sales"),
    "own_brand": _("The creator’s own brand"),
    "none": _("Nothing given or promised"),
    "unknown": _("Not known"),
}
SECTORS: Mapping[str, str | Promise] = {
    "aesthetic_acts": _("Aesthetic acts"),
    "alcohol": _("Alcohol"),
    "betting_tips": _("Betting tips"),
    "crypto": _("Crypto-assets"),
    "dropshipping": _("Dropshipping"),
    "food_hfss": _("Sweet, salty, manufactured food"),
    "gambling": _("Gambling"),
    "health_or_finance_claim": _("Health claim or financial product"),
    "nicotine": _("Nicotine"),
    "political": _("Political message"),
    "risky_finance": _("Risky finance"),
    "therapy_substitute": _("Instead of a therapy"),
    "training_cpf": _("Training paid from public accounts"),
    "wild_animals": _("Wild animals"),
}


@register.filter
def law_change(finding: LawFinding) -> str:
    """`{{ finding|law_change }}`: what to change, as a sentence."""
    return translation.gettext(CHANGES[finding.change]) % finding.about


@register.filter
def law_unseen(finding: LawFinding) -> str:
    """`{{ finding|law_unseen }}`: what was not looked at, in words; nothing where all was."""
    return ", ".join(translation.gettext(UNSEEN[part]) for part in finding.unseen)


@register.filter
def law_title(rule_id: str) -> str:
    """`{{ finding.rule|law_title }}`: what the rule is called, in the reader's language."""
    titles = _titles().get(rule_id, {})
    return titles.get((translation.get_language() or "en")[:2], titles.get("en", ""))


@register.filter
def law_named(names: Mapping[str, str]) -> str:
    """`{{ pack.name|law_named }}`: a name that a pack gives in several languages."""
    return names.get((translation.get_language() or "en")[:2], names["en"])


@register.filter
def severity_name(severity: str) -> str:
    return str(SEVERITIES.get(str(severity), severity))


@register.filter
def severity_badge(severity: str) -> str:
    """`badge--{{ severity|severity_badge }}`"""
    return BADGES.get(str(severity), "")


@register.filter
def verified_name(confidence: str) -> str:
    return str(VERIFIED.get(confidence, confidence))


@register.filter
def consideration_name(consideration: str) -> str:
    return str(CONSIDERATIONS.get(str(consideration), consideration))


@register.filter
def sector_name(category: str) -> str:
    return str(SECTORS.get(category, category))


@register.simple_tag
def not_advice() -> str:
    """`{% not_advice %}`: stands wherever findings do."""
    return translation.gettext(NOT_ADVICE)


@cache
def _titles() -> dict[str, Mapping[str, str]]:
    return {rule.id: rule.title for pack in law_book().packs.values() for rule in pack.rules}
