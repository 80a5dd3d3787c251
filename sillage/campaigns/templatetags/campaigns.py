"""Tags of campaigns' pages: tabs, stages, conflicts, people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sillage.campaigns.engine.conflicts import Conflict, ConflictKind
from sillage.campaigns.engine.pipeline import Stage, moves_from
from sillage.campaigns.models import ERASED, Campaign, Collaboration, Move, Note
from sillage.campaigns.words import CONFLICTS, FOLLOWED, conflict_sentence, stage_name

register = template.Library()

TABS = (
    ("pipeline", "campaigns:pipeline", _("Pipeline")),
    ("invitations", "campaigns:invitations", _("Invitations")),
    ("deliverables", "campaigns:deliverables", _("Deliverables")),
    ("contracts", "campaigns:contracts", _("Contracts")),
    ("budget", "campaigns:budget", _("Budget")),
    ("seeding", "campaigns:seeding", _("Seeding")),
    ("calendar", "campaigns:calendar", _("Calendar")),
    ("activity", "campaigns:activity", _("Activity")),
    ("about", "campaigns:about", _("About it")),
)
CONFLICT_ICONS = {
    ConflictKind.EXCLUSIVITY: "ban",
    ConflictKind.COMPETITOR: "ban",
    ConflictKind.DOUBLE_BOOKING: "calendar",
    ConflictKind.OVER_EXPOSURE: "megaphone",
    ConflictKind.CONTACTED: "message-circle",
}
GRAVE = (ConflictKind.EXCLUSIVITY, ConflictKind.COMPETITOR)


@register.simple_tag(takes_context=True)
def campaign_tabs(context: template.Context, campaign: Campaign, current: str) -> list[dict[str, Any]]:
    """`{% campaign_tabs campaign tab as tabs %}`: the pages of a campaign that there are, for desk/parts/tabs.html."""
    slug = context["workspace"].slug
    found = []
    for name, url_name, label in TABS:
        href = _address(url_name, slug, campaign.pk)
        if href:
            found.append({"label": label, "href": href, "is_current": name == current, "count": None})
    return found


def _address(url_name: str, slug: str, campaign_id: int) -> str:
    """Below the campaign, or a page of the workspace that is shown for one campaign."""
    try:
        return reverse(url_name, args=[slug, campaign_id])
    except NoReverseMatch:
        pass
    try:
        return f"{reverse(url_name, args=[slug])}?campaign={campaign_id}"
    except NoReverseMatch:
        return ""


@register.filter(name="stage_name")
def named_stage(stage: str) -> str:
    """`{{ row.stage|stage_name }}`: “In review”."""
    return stage_name(str(stage))


@register.filter
def move_reason(move: Move) -> str:
    """`{{ move|move_reason }}`: a person's words as they are, or what moved the card by itself."""
    return str(FOLLOWED.get(move.reason, move.reason)) if move.member_id is None else move.reason


@register.filter
def move_options(stage: Stage) -> SafeString:
    """`<select>{{ column.stage|move_options }}</select>`: the lawful moves from a stage, the usual one first."""
    return format_html_join("", '<option value="{}">{}</option>', ((s.value, stage_name(s)) for s in moves_from(stage)))


@register.filter
def move_names(stage: Stage) -> str:
    """`data-moves="{{ column.stage|move_names }}"`: the same for a script."""
    return " ".join(stage.value for stage in moves_from(stage))


@register.filter
def called(collaboration: Collaboration) -> str:
    """`{{ row|called }}`: the creator's name, or that they were erased."""
    return gettext("erased creator") if collaboration.name == ERASED else collaboration.name


@register.filter
def conflict_name(conflict: Conflict) -> str:
    return str(CONFLICTS[conflict.kind])


@register.filter
def conflict_words(conflict: Conflict) -> str:
    """`{{ conflict|conflict_words }}`: the whole sentence, with what it rests on."""
    return conflict_sentence(conflict)


@register.filter
def conflict_icon(conflict: Conflict) -> str:
    return CONFLICT_ICONS[conflict.kind]


@register.filter
def conflict_badge(conflict: Conflict) -> str:
    """The kind of its badge: `bad` for what a promise or the brand itself forbids, else `warning`."""
    return "bad" if conflict.kind in GRAVE else "warning"


@register.filter
def gravest(conflicts: Sequence[Conflict]) -> Conflict | None:
    return conflicts[0] if conflicts else None


_CALL = re.compile(r"(?<![\w.])@[\w.+-]*\w(?:@[\w-]+(?:\.[\w-]+)+)?")


@register.filter
def with_mentions(note: Note) -> SafeString:
    """`{{ note|with_mentions }}`: its words, escaped, with who is called marked, where it calls somebody."""
    if not note.mentioned.all():
        return conditional_escape(note.text)
    pieces, last = [], 0
    for found in _CALL.finditer(note.text):
        pieces += [
            conditional_escape(note.text[last : found.start()]),
            "<strong>",
            conditional_escape(found[0]),
            "</strong>",
        ]
        last = found.end()
    return mark_safe("".join([*pieces, conditional_escape(note.text[last:])]))  # noqa: S308  every piece is escaped
