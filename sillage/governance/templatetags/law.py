"""The law check in the reader's language: what to change, what a rule is called, what was not looked at."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.governance.engine.law import PRODUCT, LawFinding
from sillage.governance.engine.law_page import confidence_in_words
from sillage.governance.engine.law_reading import law_book
from sillage.governance.engine.law_words import NOT_ADVICE, UNSEEN, change_of, question_of, title_of
from sillage.lib.sentences import told

register = template.Library()

SEVERITIES: Mapping[str, str | Promise] = {
    "pass": _("Passes"),
    "info": _("To know"),
    "ask": _("To answer"),
    "review": _("To review"),
    "warn": _("Warns"),
    "block": _("Blocks"),
}
BADGES: Mapping[str, str] = {"pass": "good", "ask": "wake", "review": "warning", "warn": "warning", "block": "bad"}
HEADLINES: Mapping[str, str | Promise] = {
    "pass": _("Passes these rules"),
    "info": _("Passes these rules"),
    "ask": _("Something must be known first"),
    "review": _("A person must look"),
    "warn": _("A person must look"),
    "block": _("Not like this"),
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
    "cosmetic_surgery": _("Cosmetic surgery"),
    "crypto": _("Crypto-assets"),
    "dropshipping": _("Dropshipping"),
    "financial_promotion": _("Financial product"),
    "food_hfss": _("Sweet, salty, manufactured food"),
    "gambling": _("Gambling"),
    "health_claim": _("Food or health claim"),
    "medical_device": _("Medical device"),
    "nicotine": _("Nicotine"),
    "political": _("Political message"),
    "risky_finance": _("Risky finance"),
    "sports_rights": _("Sports rights"),
    "therapy_substitute": _("Instead of a therapy"),
    "training_cpf": _("Training paid from public accounts"),
    "wild_animals": _("Wild animals"),
}
PARTS: Mapping[str, str | Promise] = {
    "caption": _("in the caption"),
    "title": _("in the title"),
    "overlay": _("on the picture"),
    "hashtags": _("in the hashtags"),
}


@register.filter
def law_change(finding: LawFinding) -> str:
    """`{{ finding|law_change }}`: what to change, as a sentence."""
    return told(change_of(finding))


@register.filter
def law_places(finding: LawFinding) -> str:
    """`{{ finding|law_places }}`: in which parts the words seen stand."""
    return ", ".join(str(PARTS.get(part, part)) for part in dict.fromkeys(seen.part for seen in finding.at))


@register.filter
def law_requirement(finding: LawFinding) -> str:
    """`{{ finding|law_requirement }}`: the law's words; where they were summed up, in the reader's language."""
    pack = law_book().packs.get(finding.pack)
    rules = {rule.id: rule for rule in pack.rules} if pack else {}
    rule = rules.get(finding.rule)
    is_the_same = rule is not None and rule.requirement == finding.requirement
    return rule.summed_up.get(_language(), finding.requirement) if rule and is_the_same else finding.requirement


@register.filter
def law_question(fact: str) -> str:
    """`{{ fact|law_question }}`: the question for a fact that nobody told."""
    return question_of(fact, _language())


@register.filter
def law_field(anchors: Mapping[str, str], fact: str) -> str:
    """`{{ anchors|law_field:fact }}`: the id of the field that tells the fact; nothing where there is none."""
    return anchors.get(fact, "")


@register.filter
def law_given(given: Mapping[str, str], name: str) -> str:
    """`{{ given|law_given:field.name }}`: what was told in a field."""
    return given.get(name, "")


@register.filter
def law_pack_name(pack_id: str) -> str:
    """`{{ finding.pack|law_pack_name }}`"""
    pack = law_book().packs.get(pack_id)
    return law_named(pack.name) if pack else pack_id


@register.filter
def verdict_headline(verdict: str | None) -> str:
    """What the whole comes to, as a headline."""
    return str(HEADLINES.get(str(verdict), translation.gettext("No rule has anything to say")))


@register.filter
def law_unseen(finding: LawFinding) -> str:
    """`{{ finding|law_unseen }}`: what was not looked at, in words; nothing where all was."""
    return ", ".join(translation.gettext(UNSEEN[part]) for part in finding.unseen)


@register.filter
def law_title(rule_id: str) -> str:
    """`{{ finding.rule|law_title }}`: what the rule is called, in the reader's language."""
    return title_of(rule_id, _language())


@register.filter
def law_named(names: Mapping[str, str]) -> str:
    """`{{ pack.name|law_named }}`: a name that a pack gives in several languages."""
    return names.get(_language(), names["en"])


def _language() -> str:
    return (translation.get_language() or "en")[:2]


@register.filter
def severity_name(severity: str) -> str:
    return str(SEVERITIES.get(str(severity), severity))


@register.filter
def severity_badge(severity: str) -> str:
    """`badge--{{ severity|severity_badge }}`"""
    return BADGES.get(str(severity), "")


@register.filter
def verified_mark(confidence: str) -> str:
    """`{{ rule.confidence|verified_mark }}`: the mark of how it was verified: P, S, U, or that it is the product’s choice."""
    return translation.pgettext("mark of a rule", "product") if confidence == PRODUCT else confidence


@register.filter
def verified_name(confidence: str, text_from: str = "") -> str:
    """`{{ rule.confidence|verified_name:rule.text_from }}`: how the rule was verified, in words."""
    return confidence_in_words(confidence, text_from, _language()) if confidence else ""


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
