"""What the style guide shows: one believable example of every part, in one invented world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
SURFACES = ("paper", "surface", "sunk", "wake-wash", "ember-wash", "amber-wash", "moss-wash")
INKS = ("ink", "ink-soft", "line", "line-strong", "wake", "wake-deep", "ember", "amber", "moss")
TONE_NAMES = ("tone-1", "tone-2", "tone-3", "tone-4", "tone-5", "tone-6")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as the reason bar wants it."""

    name: str
    label: str
    value: float
    why: str = ""


class BriefForm(forms.Form):
    """A form with everything that a form can show."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("Only your workspace sees it."))
    network = forms.ChoiceField(
        label=gettext_lazy("Network"), choices=[("", gettext_lazy("All")), ("youtube", "YouTube")], required=False
    )
    budget = forms.DecimalField(label=gettext_lazy("Budget"), min_value=0)
    has_paid = forms.BooleanField(label=gettext_lazy("Leave out creators who never label paid posts"), required=False)


def reasons() -> list[Reason]:
    """Reasons that add up to 71.4 points."""
    return [
        Reason("themes", _("Themes"), 34.2, "Slow beauty 41 %, natural care 22 %, ethical fashion 9 %"),
        Reason("words", _("Words"), 15.1, "cosmétique solide, avis honnête, sans parfum"),
        Reason("meaning", _("Meaning"), 12.6, "Nearest: three routines of January"),
        Reason("brand", _("Brands"), 4.0, "Speaks of Typology and Respire, unpaid"),
        Reason("engagement", _("Engagement for its size"), 8.3, "5.1 %, median of its size 3.4 %"),
        Reason("rhythm", _("Rhythm"), 3.2, "2.1 posts per week for a year"),
        Reason("penalty", _("Must not: fast fashion"), -6.0, "One haul in 2024"),
    ]


def posts() -> list[dict[str, Any]]:
    """Evidence in two languages."""
    return [
        {
            "text": "Six mois sans gel douche : le savon surgras a changé ma peau, et voici pourquoi je ne "
            "reviendrai pas en arrière. Avis honnête, rien n’est sponsorisé.",
            "words": ["savon", "avis honnête"],
            "language": "fr",
            "network": "instagram",
            "published_at": NOW - timedelta(days=3),
            "url": "https://example.org/p/1",
        },
        {
            "title": "My slow beauty shelf, one year on",
            "text": "Four products, no fragrance, and the solid shampoo that finally works.",
            "words": ["slow beauty", "solid shampoo"],
            "language": "en",
            "network": "youtube",
            "published_at": NOW - timedelta(days=64),
            "url": "https://example.org/p/2",
            "paid": True,
        },
    ]


def creators() -> list[dict[str, Any]]:
    """Rows of a table: one has nothing measured."""
    return [
        {
            "name": "Maud Kerléo",
            "handle": "@maud.au.naturel",
            "network": "instagram",
            "country": "FR",
            "followers": 48_210,
            "engagement": 0.0512,
            "posts": 1_240,
            "source": "authenticated",
        },
        {
            "name": "L’Atelier d’Inès",
            "handle": "@atelier.ines",
            "network": "youtube",
            "country": "BE",
            "followers": 1_204_000,
            "engagement": 0.0127,
            "posts": 388,
            "source": "public",
        },
        {
            "name": "Zoë Łukasiewicz",
            "handle": "@zoe.bsky.social",
            "network": "bluesky",
            "country": None,
            "followers": None,
            "engagement": None,
            "posts": 87,
            "source": "estimated",
        },
    ]


def facets() -> list[dict[str, Any]]:
    def choice(value: str, label: str, count: int, is_chosen: bool = False) -> dict[str, Any]:
        return {"value": value, "label": label, "count": count, "is_chosen": is_chosen}

    return [
        {
            "name": "network",
            "label": _("Network"),
            "is_open": True,
            "choices": [
                choice("instagram", "Instagram", 18_432, True),
                choice("youtube", "YouTube", 9_120),
                choice("tiktok", "TikTok", 7_655),
            ],
        },
        {
            "name": "language",
            "label": _("Language"),
            "is_open": True,
            "choices": [choice("fr", "Français", 12_001, True), choice("en", "English", 20_118)],
        },
        {"name": "country", "label": _("Country"), "is_open": False, "choices": [choice("FR", "France", 10_344)]},
    ]


def receipt() -> dict[str, Any]:
    """A receipt as the dialog shows it."""
    views, interactions = [8_120, 4_400, 12_031, 9_980], [402, 231, 688, 512]
    return {
        "receipt": {
            "key": "9f2c41d07b3ae865",
            "metric": "account.engagement_by_views",
            "version": 1,
            "value": 5.12,
            "source_class": "public",
            "n": 30,
            "computed_at": NOW - timedelta(hours=5),
            "code_version": "0.1.0",
        },
        "formula": "100 * median(ratios(interactions, views))",
        "inputs": [
            {"name": name, "values": values, "left": 26, "refs": ["observation:7:1"], "source_class": "public"}
            for name, values in (("interactions", interactions), ("views", views))
        ],
        "proof": {"holds": True, "is_intact": True, "changed": (), "unread": 0},
    }


def specimens() -> dict[str, Any]:
    """The whole context of desk/styleguide.html."""
    ranked = reasons()
    return {
        "now": NOW,
        "surfaces": SURFACES,
        "inks": INKS,
        "tones": TONE_NAMES,
        "reasons": ranked,
        "total": sum(r.value for r in ranked),
        "full": max(abs(r.value) for r in ranked),
        "posts": posts(),
        "creators": creators(),
        "facets": facets(),
        "receipt_specimen": receipt(),
        "form": BriefForm({"name": "Clean beauty, spring", "budget": "-5"}),
        "tabs": [
            {"label": _("Profile"), "href": "#profile", "is_current": True, "count": None},
            {"label": _("Posts"), "href": "#posts", "is_current": False, "count": 1240},
            {"label": _("Numbers"), "href": "#numbers", "is_current": False, "count": None},
        ],
    }
