"""Sillage's own names as people read them, and the addresses of what a line speaks of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, pgettext

from sillage.desk import words
from sillage.desk.queries.subjects import names_of
from sillage.desk.templatetags.design import ACTOR_KINDS, MISSING, compact, number, percent, signed
from sillage.desk.verbs.facts import FACTS
from sillage.governance.models import Entry
from sillage.lib import sentences
from sillage.lib.receipts import metric_of

register = template.Library()

register.filter("theme_name", words.theme_name)
register.filter("language_name", words.language_name)
register.filter("country_name", words.country_name)

_LEARNT = frozenset({"language", "vectors"})
_PAGES = {
    "account": "desk:account",
    "creator": "desk:creator",
    "brief": "discovery:brief",
    "campaign": "campaigns:campaign",
}


@register.filter
def verb_name(verb: str) -> str:
    """`{{ entry.verb|verb_name }}`: what follows the actor's name, “imported a file”."""
    return words.named(words.VERBS, verb)


@register.filter
def told(text: str) -> str:
    """`{{ asked.said|told }}`: a `Sentence` in the reader's language, any other text as it is."""
    return sentences.told(text)


@register.filter
def metric_name(metric: str) -> str:
    """`{{ receipt.metric|metric_name }}`: “Followers”."""
    return words.named(words.METRICS, metric)


@register.filter
def measure_name(measure: str) -> str:
    return words.named(words.MEASURES, measure)


@register.filter
def format_name(name: str) -> str:
    return words.named(words.FORMATS, name)


@register.filter
def role_name(role: str) -> str:
    return words.named(words.ROLES, role)


@register.filter
def right_name(right: str) -> str:
    return words.named(words.RIGHTS, right)


@register.filter
def subject_name(kind: str) -> str:
    return words.named(words.SUBJECTS, kind)


@register.filter
def actor_kind_name(kind: str) -> str:
    return str(ACTOR_KINDS[kind])


@register.filter
def fact_name(name: str) -> str:
    """`{{ name|fact_name }}`: what a fact of a ledger entry is called; as it was recorded where there are no words for it."""
    return words.named(FACTS, name) if name in FACTS else words.named(words.REMOVED, name)


@register.filter
def fact(value: object) -> str:
    """`{{ value|fact }}`: a fact of a ledger entry as it was recorded; yes, no and nothing in words."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return pgettext("fact", "yes") if value else pgettext("fact", "no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@register.filter
def hexadecimal(digest: bytes) -> str:
    """`{{ entry.hash|hexadecimal }}`"""
    return bytes(digest).hex()


@register.filter
def warning_name(warning: str) -> str:
    known = words.WARNINGS.get(warning)
    return str(known.name) if known else warning


@register.filter
def warning_meaning(warning: str) -> str:
    known = words.WARNINGS.get(warning)
    return str(known.meaning) if known else ""


@register.filter
def among(names: Mapping[str, str], key: str) -> str:
    """`{{ brand_names|among:brand.brand }}`: the name that a mapping has for a key, else the key."""
    return names.get(key, key)


@register.filter
def ranked(shares: Mapping[str, float] | None) -> list[tuple[str, float]]:
    """`{% for code, share in profile.languages|ranked %}`: the largest first; JSON in a database keeps no order."""
    return sorted((shares or {}).items(), key=lambda pair: (-pair[1], pair[0]))


def written(metric: str, version: int, value: float | None, *, short: bool = False) -> str:
    """A metric's value in its unit; `short` writes 48.2k instead of 48,210. Missing is "-"."""
    if value is None:
        return MISSING
    definition = metric_of(metric, version)
    match definition.unit if definition else "":
        case "%" if metric.endswith("growth_90d"):
            return gettext("%(number)s%%") % {"number": signed(value, 1)}
        case "%":
            return percent(value / 100)
        case "share":
            return percent(value, 0)
        case "posts/week" | "points":
            return number(value, 1)
        case "people" | "views" | "likes":
            return compact(value) if short else number(value)
    return number(value, 2)


@register.filter
def metric_value(receipt: object) -> str:
    """`{{ receipt|metric_value }}`: its value in full, 48,210."""
    return written(receipt.metric, receipt.version, receipt.value)  # type: ignore[attr-defined]


@register.filter
def metric_short(receipt: object) -> str:
    """`{{ receipt|metric_short }}`: its value where there is little room, 48.2k."""
    return written(receipt.metric, receipt.version, receipt.value, short=True)  # type: ignore[attr-defined]


@register.filter
def enricher_kind(enricher: str) -> str:
    """What an enricher is: one that learnt from data is a model, one that follows word lists a rule."""
    return "model" if enricher in _LEARNT else "rule"


@register.filter
def spoken(words_found: str | list[str]) -> str:
    """`{{ line.words|spoken }}`: evidence is one expression or a list of them."""
    return words_found if isinstance(words_found, str) else ", ".join(words_found)


@register.filter
def heat(share: float) -> int:
    """`heat-{{ share|heat }}`: 0 to 4, for the shade behind a share."""
    return min(4, int(share * 5))


@register.filter
def outside(url: str) -> str:
    """`{{ post.url|outside }}`: an address that came from outside, if it is a web address; otherwise nothing."""
    return url if url.lower().startswith(("http://", "https://")) else ""


@register.simple_tag(takes_context=True)
def with_subjects(context: template.Context, entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """`{% with_subjects entries as named %}`: each entry with the name of what it is about, "" where it has none."""
    workspace = context.get("workspace")
    names = names_of(workspace.pk, ((e.subject_kind, e.subject_id) for e in entries)) if workspace else {}
    return [(entry, names.get((entry.subject_kind, entry.subject_id), "")) for entry in entries]


@register.simple_tag(takes_context=True)
def subject_url(context: template.Context, kind: str, key: str) -> str:
    """`{% subject_url entry.subject_kind entry.subject_id as url %}`: the page of what an entry is about, if any."""
    workspace, name = context.get("workspace"), _PAGES.get(kind)
    if workspace is None or name is None or not key.isdigit():
        return ""
    try:
        return reverse(name, args=[workspace.slug, int(key)])
    except NoReverseMatch:
        return ""
