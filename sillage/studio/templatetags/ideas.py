"""Words for what rules found: groups of originality, what was missing, themes by name, addresses of palettes' colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sillage.studio import found_shapes
from sillage.studio.engine.asked import without_names
from sillage.studio.engine.ideas import Column, FoundIdea, Rule
from sillage.studio.queries.audience import Difference, text_of
from sillage.studio.queries.inspiration import contrast_idea
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.queries.topics import Origin

register = template.Library()
GROUPS: Mapping[str, str | Promise] = {
    "archive": _("The brand’s archive"),
    "campaign": _("This campaign’s texts"),
    "theme": _("Posts of the theme"),
}
MISSING: Mapping[str, str | Promise] = {
    "brand": _("No brand is named, so there is no archive to compare with: choose a campaign or a voice."),
    "archive": _("The brand has no chosen text, trained voice or imported archive yet."),
    "campaign": _("No campaign is chosen, so it is not compared with other texts of one."),
    "campaign_texts": _("The campaign has no other text or draft yet."),
    "theme": _("No theme could be told: the text is placed among all posts of its language."),
    "posts": _("The catalogue has no post of this theme in this language."),
    "meaning": _("No vectors of meaning are here, so only words are compared: set an embedder up and read the posts."),
}
RULES: Mapping[str, str | Promise] = {
    Rule.RISING_THEME: _("rising theme"),
    Rule.RISING_HASHTAG: _("rising hashtag"),
    Rule.QUESTION: _("question asked"),
    Rule.UNSAID: _("left unsaid by competitors"),
    Rule.ANGLE: _("unusual angle"),
}
SOURCES: Mapping[str, str | Promise] = {
    "brand": _("The brand’s pictures"),
    "performing": _("Pictures that a person says performed"),
    "drafts": _("Pictures of the campaign’s drafts"),
}
COLUMNS: Mapping[str, str | Promise] = {
    Column.RAW: _("Raw"),
    Column.WORTH: _("Worth a try"),
    Column.CHOSEN: _("Chosen for a brief"),
}


@register.filter
def group_name(kind: str) -> str:
    """`{{ group.kind|group_name }}`"""
    return str(GROUPS[kind])


@register.filter
def missing_words(name: str) -> str:
    """`{{ name|missing_words }}`: what could not be had, and what to do about it."""
    return str(MISSING[name])


@register.filter
def column_name(place: str) -> str:
    """`{{ column.place|column_name }}`"""
    return str(COLUMNS[Column(place)])


@register.filter
def rule_name(rule: str) -> str:
    """`{{ idea.rule|rule_name }}`"""
    return str(RULES[Rule(rule)])


@register.filter
def theme_called(theme: str) -> str:
    """`{{ theme|theme_called }}`: its name in the page's language; one that is gone keeps its id."""
    known = theme_set()
    return known.name(theme, (get_language() or "en")[:2]) if theme in known.index else theme


@register.filter
def quoted(origin: Origin) -> str:
    """`{{ origin|quoted }}`: the words of the comment or post."""
    return text_of(origin)


@register.filter
def sealed(found: FoundIdea) -> str:
    """`{{ idea|sealed }}`: what a rule found, for the button that puts it on the board; nobody else can write it."""
    return found_shapes.sealed(found)


@register.filter
def without_handles(text: str) -> str:
    """`{{ comment|without_handles }}`: who is spoken to is left out."""
    return without_names(text)


@register.filter
def as_ideas(found: Iterable[Difference]) -> list[tuple[Difference, FoundIdea]]:
    """`{{ angles.words|as_ideas }}`: each with what would stand on the board."""
    return [(one, contrast_idea(Rule.ANGLE, one)) for one in found]


@register.filter
def add_id(kind: str, key: int) -> str:
    """`{{ "campaign:"|add_id:campaign.pk }}`"""
    return f"{kind}{key}"


@register.filter
def as_day(given: str) -> date:
    """`{{ figures.since|as_day }}`: a day as figures keep it."""
    return date.fromisoformat(given)


@register.filter
def source_of_colours(source: str) -> str:
    """`{{ palette.source|source_of_colours }}`"""
    return str(SOURCES[source])


@register.filter
def strip(colours: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], float, float]]:
    """`{% for colour, x, width in palette.colours|strip %}`: side by side in a picture 100 wide."""
    found, x = [], 0.0
    total = sum(colour["share"] for colour in colours) or 1.0
    for colour in colours:
        width = 100 * colour["share"] / total
        found.append((colour, x, width))
        x += width
    return found


@register.simple_tag(takes_context=True)
def brief_address(context: template.Context, idea: Any) -> str:
    """`{% brief_address idea as href %}`: the form of a writing brief with the idea in it; empty without such a page."""
    query = {"idea": idea.pk, "idea_text": idea.text}
    if idea.campaign_id is not None:
        query["campaign"] = idea.campaign_id
    try:
        return reverse("studio:new_brief", args=[context["workspace"].slug], query=query)
    except NoReverseMatch:
        return ""
