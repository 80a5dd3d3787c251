"""Tags of the pages of deliverables and drafts: states, marked texts, differences, reasons of matches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sillage.campaigns.engine.campaign_rules import RuleFinding
from sillage.campaigns.engine.marked_text import Segment
from sillage.governance.engine.law_words import question_of
from sillage.lib.word_diff import Piece

register = template.Library()

STATES: Mapping[str, str | Promise] = {
    "awaited": pgettext_lazy("deliverable", "Awaited"),
    "in_review": pgettext_lazy("deliverable", "In review"),
    "changes": pgettext_lazy("deliverable", "Changes asked for"),
    "refused": pgettext_lazy("deliverable", "Refused"),
    "approved": pgettext_lazy("deliverable", "May be published"),
    "live": pgettext_lazy("deliverable", "Live"),
}
STATE_BADGES = {"in_review": "wake", "changes": "warning", "refused": "bad", "approved": "good", "live": "good"}
WORDS: Mapping[str, str | Promise] = {
    "approved": pgettext_lazy("draft", "approved"),
    "changes": pgettext_lazy("draft", "asked for changes"),
    "refused": pgettext_lazy("draft", "refused"),
}
RULES: Mapping[str, str | Promise] = {
    "hashtag": _("Hashtag"),
    "mention": _("Mention"),
    "code": _("Code"),
    "brand": _("Brand’s name"),
    "say": _("To say"),
    "never_say": _("Never to say"),
}
REMOVED: Mapping[str, str | Promise] = {
    "location": _("where it was taken"),
    "camera": _("camera and owner"),
    "description": _("descriptions"),
    "comment": _("comments"),
    "appended": _("foreign data behind it"),
    "location_track": _("a track of places"),
    "provenance": _("Content Credentials (kept sealed)"),
}
REASONS: Mapping[str, str | Promise] = {
    "link": _("the exact link"),
    "words": _("words in common"),
    "code": _("the code"),
    "hashtags": _("hashtags"),
    "mentions": _("mentions"),
    "format": _("the format"),
    "window": _("within the days agreed"),
}
SEEN: Mapping[str, str | Promise] = {
    "first": pgettext_lazy("live post", "seen first"),
    "same": pgettext_lazy("live post", "seen unchanged"),
    "edited": pgettext_lazy("live post", "edited"),
    "removed": pgettext_lazy("live post", "gone"),
    "back": pgettext_lazy("live post", "there again"),
}
SIDES: Mapping[str, str | Promise] = {"team": _("team"), "creator": _("creator"), "client": _("client")}
DEPICTED: Mapping[str, str | Promise] = {
    "face": _("A face"),
    "silhouette": _("A silhouette"),
    "model": _("A professional model"),
    "none": _("None of these"),
}
PLACES: Mapping[str, str | Promise] = {
    "start": _("At the start of the text"),
    "overlay_throughout": _("On the picture, for the whole promotion"),
    "overlay_part": _("On the picture, for a part of it"),
    "end": _("At the end"),
    "behind_more": _("Behind “more”"),
    "bio": _("On the profile only"),
}
QUESTIONS: Mapping[str, str | Promise] = {
    "publication.disclosure_place": _("Where will the label stand?"),
    "publication.overlay": _("Which words stand on the picture?"),
    "publication.platform_flag": _("Will the network’s own label be on?"),
}
TABLES: Mapping[str, Mapping[str, str | Promise]] = {
    "state": STATES,
    "word": WORDS,
    "rule": RULES,
    "removed": REMOVED,
    "reason": REASONS,
    "seen": SEEN,
    "side": SIDES,
    "depicted": DEPICTED,
    "place": PLACES,
}


@register.filter
def draft_word(key: str, table: str) -> str:
    """`{{ deliverable.state|draft_word:"state" }}`: what the page calls it."""
    return str(TABLES[table].get(str(key), key))


@register.filter
def draft_words(keys: Iterable[str], table: str) -> str:
    """`{{ file.removed|draft_words:"removed" }}`: several, with commas."""
    return ", ".join(draft_word(key, table) for key in keys)


@register.filter
def fact_question(fact: str) -> str:
    """`{{ fact.name|fact_question }}`: the question for a fact, as law packs or this page ask it."""
    return str(QUESTIONS[fact]) if fact in QUESTIONS else question_of(fact, (get_language() or "en")[:2])


@register.filter
def state_badge(state: str) -> str:
    return STATE_BADGES.get(str(state), "")


@register.filter
def rule_says(rule: RuleFinding) -> str:
    """`{{ rule|rule_says }}`: what a rule of the campaign found, as a sentence."""
    if rule.verdict == "block":
        return gettext("“%(words)s” is never to be said.") % {"words": rule.wanted}
    if rule.kind == "never_say":
        return gettext("“%(words)s” is not said.") % {"words": rule.wanted}
    if rule.verdict == "pass":
        return gettext("“%(words)s” is there.") % {"words": rule.wanted}
    return gettext("“%(words)s” is missing.") % {"words": rule.wanted}


@register.filter
def with_marks(segments: Sequence[Segment]) -> SafeString:
    """`{{ segments|with_marks }}`: the text, escaped, each marked run a link to what is said of it."""
    return format_html_join("", "{}", ((_segment(segment),) for segment in segments))


def _segment(segment: Segment) -> SafeString:
    if not segment.marks:
        return conditional_escape(segment.text)
    worst = next(m for kind in ("block", "warn", "thread", "pass") for m in segment.marks if m.kind == kind)
    kinds = " ".join(sorted({f"says--{mark.kind}" for mark in segment.marks}))
    return format_html('<a class="says {}" href="#{}"><mark>{}</mark></a>', kinds, worst.ref, segment.text)


@register.filter
def as_diff(pieces: Iterable[Piece]) -> SafeString:
    """`{{ pieces|as_diff }}`: what went struck out, what came underlined; both are said to a screen reader."""
    tags = {"gone": "<del>{}</del>", "new": "<ins>{}</ins>", "same": "{}"}
    return format_html_join("", "{}", ((format_html(tags[piece.kind], piece.text),) for piece in pieces))


@register.filter
def has_changes(pieces: Iterable[Piece]) -> bool:
    return any(piece.kind != "same" and piece.text.strip() for piece in pieces)


@register.filter
def megabytes(size: int) -> str:
    """`{{ file.size|megabytes }}`: 3.2 MB, 3,2 Mo in French; at least 0.1."""
    return gettext("%(n)s MB") % {"n": number_format(max(0.1, size / 1e6), 0 if size >= 10e6 else 1)}
