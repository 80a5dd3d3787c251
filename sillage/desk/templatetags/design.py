"""The design's tags: numbers as people read them, dates relative to now, and the parts that need arithmetic.

Missing is None and is shown as "-", never as 0. Every tag shows its variables in its docstring and itself on the
style guide.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext, pgettext_lazy

from sillage.desk.engine.bars import TONES, Contribution, reason_bar, tone_of

register = template.Library()

MISSING = "-"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NETWORK_NAMES = {
    "bluesky": "Bluesky",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "mastodon": "Mastodon",
    "rss": "RSS",
    "snapchat": "Snapchat",
    "tiktok": "TikTok",
    "twitch": "Twitch",
    "x": "X",
    "youtube": "YouTube",
}
SOURCE_ICONS = {
    "authenticated": "badge-check",
    "public": "globe",
    "estimated": "equal-approximately",
    "derived": "sigma",
}
SOURCE_NAMES = {
    "authenticated": gettext_lazy("Measured"),
    "public": gettext_lazy("Public"),
    "estimated": gettext_lazy("Estimated"),
    "derived": gettext_lazy("Derived"),
}
SOURCE_MEANINGS = {
    "authenticated": gettext_lazy("Measured: the creator connected the account."),
    "public": gettext_lazy("Public: anybody can read this number."),
    "estimated": gettext_lazy("Estimated: somebody’s guess, never mixed with measured numbers."),
    "derived": gettext_lazy("Derived: computed from the posts themselves."),
}
ACTOR_ICONS = {"person": "user-round", "rule": "list-checks", "automation": "cog", "model": "cpu"}
ACTOR_KINDS = {
    "person": gettext_lazy("Person"),
    "rule": gettext_lazy("Rule"),
    "automation": gettext_lazy("Automation"),
    "model": gettext_lazy("Model"),
}
MACHINES = {
    "alt": pgettext_lazy("machine", "texts for pictures"),
    "angles": pgettext_lazy("machine", "angles"),
    "asked": pgettext_lazy("machine", "questions of readers"),
    "authenticity": pgettext_lazy("machine", "authenticity"),
    "brands": pgettext_lazy("machine", "brands"),
    "command line": pgettext_lazy("machine", "command line"),
    "commercial": pgettext_lazy("machine", "commercial posts"),
    "composer": pgettext_lazy("machine", "composer"),
    "demo": pgettext_lazy("machine", "demonstration"),
    "disclosure": pgettext_lazy("machine", "labels of advertising"),
    "enrich": pgettext_lazy("machine", "reading"),
    "expected": pgettext_lazy("machine", "expected results"),
    "fragments": pgettext_lazy("machine", "fragments"),
    "human flags": pgettext_lazy("machine", "what a person judges"),
    "import": pgettext_lazy("machine", "import"),
    "install": pgettext_lazy("machine", "installation"),
    "language": pgettext_lazy("machine", "languages"),
    "law": pgettext_lazy("machine", "law packs"),
    "matching": pgettext_lazy("machine", "matching of posts"),
    "meaning": pgettext_lazy("machine", "meaning"),
    "originality": pgettext_lazy("machine", "originality"),
    "palette": pgettext_lazy("machine", "palette"),
    "remarks": pgettext_lazy("machine", "remarks"),
    "rising": pgettext_lazy("machine", "rising themes"),
    "score": pgettext_lazy("machine", "score"),
    "shop": pgettext_lazy("machine", "shop"),
    "summary": pgettext_lazy("machine", "summary"),
    "themes": pgettext_lazy("machine", "themes"),
    "topics": pgettext_lazy("machine", "topics"),
    "voice": pgettext_lazy("machine", "voice"),
    "words": pgettext_lazy("machine", "words"),
}
NOTICE_ICONS = {"success": "check", "warning": "triangle-alert", "refusal": "ban", "error": "triangle-alert"}


# -- numbers ---------------------------------------------------------------------------------------------------------


def _localised(value: float, decimals: int) -> str:
    return _written(value, decimals, get_language())


@lru_cache(maxsize=20_000)  # a page of figures writes the same ones over and over
def _written(value: float, decimals: int, _language: str | None) -> str:
    # Django cuts decimals off; rounding comes first.
    rounded = Decimal(f"{value:.{decimals}f}")
    written = formats.number_format(abs(rounded), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    sign = MINUS if rounded < 0 else ""
    return sign + written.replace("\N{NO-BREAK SPACE}", NARROW_SPACE)


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """`{{ posts|number }}`: 12 345 in French, 12,345 in English, "-" for None. Decimals: `{{ rate|number:1 }}`."""
    return MISSING if value is None else _localised(value, decimals)


@register.filter
def compact(value: float | None) -> str:
    """`{{ followers|compact }}`: 999, 12.3k, 1.2M, 3.4B (French: 12,3 k, 1,2 M, 3,4 Md); "-" for None."""
    if value is None:
        return MISSING
    for power, suffix in (
        (1e3, pgettext("thousand", "k")),
        (1e6, pgettext("million", "M")),
        (1e9, pgettext("billion", "B")),
    ):
        scaled = value / power
        if abs(scaled) < 0.9995 and power == 1e3:
            return _localised(value, 0)
        if abs(scaled) < 999.5 or power == 1e9:
            decimals = 1 if abs(scaled) < 99.95 and round(abs(scaled), 1) % 1 else 0
            return _localised(scaled, decimals) + suffix
    raise AssertionError("the last power takes everything")


@register.filter
def percent(value: float | None, decimals: int = 1) -> str:
    """`{{ share|percent }}`: 0.1234 is 12.3% in English and 12,3 % in French; "-" for None."""
    if value is None:
        return MISSING
    return gettext("%(number)s%%") % {"number": _localised(value * 100, decimals)}


@register.filter
def signed(value: float | None, decimals: int = 2) -> str:
    """`{{ reason.value|signed }}`: +0.31 or −0.08, with a true minus sign; "-" for None."""
    if value is None:
        return MISSING
    written = _localised(value, decimals)
    return written if value <= 0 or round(value, decimals) == 0 else f"+{written}"


# -- words -----------------------------------------------------------------------------------------------------------


@register.filter
def network_name(network: str) -> str:
    """`{{ account.network|network_name }}`: the network as it writes itself."""
    return NETWORK_NAMES.get(network, network)


@register.filter
def marked(text: str, words: Iterable[str]) -> SafeString:
    """`{{ post.text|marked:evidence_words }}`: escaped text with the whole words put in <mark>, whatever their case."""
    wanted = sorted((re.escape(w) for w in words if w), key=len, reverse=True)
    if not wanted:
        return conditional_escape(text)
    pieces = re.split(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", text, flags=re.IGNORECASE)
    return mark_safe(  # noqa: S308  every piece is escaped here
        "".join(format_html("<mark>{}</mark>" if i % 2 else "{}", piece) for i, piece in enumerate(pieces))
    )


@register.filter
def initials(name: str) -> str:
    """`{{ creator.name|initials }}`: the first letters of the first two words."""
    words = re.findall(r"\w+", name)
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.filter
def tone(name: str) -> str:
    """`{{ creator.key|tone }}`: a colour class, always the same for the same name."""
    return f"tone-{zlib.crc32(name.encode()) % TONES + 1}"


@register.filter
def reason_tone(reason: Contribution, position: int) -> str:
    """`{{ reason|reason_tone:forloop.counter0 }}`: the colour class that the reason has in its bar."""
    return tone_of(reason.name, position, reason.value)


# -- dates -----------------------------------------------------------------------------------------------------------


def relative_date(when: datetime, now: datetime) -> str:
    """How long before (or after) `now` something is, in the largest unit that says enough: "3 days ago"."""
    seconds = (now - when).total_seconds()
    if seconds < 0:
        return formats.date_format(timezone.localtime(when), "DATE_FORMAT")
    days = (timezone.localtime(now).date() - timezone.localtime(when).date()).days
    if seconds < 60:
        return gettext("just now")
    if seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if days == 0 or seconds < 6 * 3600:
        hours = int(seconds // 3600)
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    if days == 1:
        return gettext("yesterday")
    if days < 31:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    if days < 365:
        months = max(1, days * 12 // 365)
        return ngettext("%(n)s month ago", "%(n)s months ago", months) % {"n": months}
    years = days // 365
    return ngettext("%(n)s year ago", "%(n)s years ago", years) % {"n": years}


@register.simple_tag(takes_context=True)
def ago(context: template.Context, when: datetime | None) -> str:
    """`{% ago post.published_at %}`: a <time> with the exact instant in its title. A `now` in the context wins."""
    if when is None:
        return MISSING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.isoformat(timespec="seconds"),
        formats.date_format(timezone.localtime(when), "DATETIME_FORMAT"),
        relative_date(when, context.get("now") or timezone.now()),
    )


# -- marks -----------------------------------------------------------------------------------------------------------


@cache
def icon_names() -> frozenset[str]:
    """The symbols of static/sillage/icons.svg."""
    sprite = resources.files("sillage.desk").joinpath("static/sillage/icons.svg").read_text(encoding="utf8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """`{% icon "search" %}`: a decorative picture; the words beside it carry the meaning. `extra` is a class."""
    return _drawn(name, extra)


@cache
def _drawn(name: str, extra: str) -> SafeString:
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"No icon is called {name!r}; see static/sillage/icons.svg.")
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("sillage/icons.svg"),
        name,
    )


@register.filter
def notice_icon(kind: str) -> str:
    """The icon of a notice: success, warning, refusal, error; anything else informs."""
    return NOTICE_ICONS.get(kind, "info")


@register.inclusion_tag("desk/parts/actor.html")
def actor(kind: str, name: str, version: str = "") -> dict[str, object]:
    """`{% actor entry.actor_kind entry.actor_name entry.actor_version %}`: who did it, by shape, icon and words."""
    kind = str(kind)
    said = name if kind == "person" else MACHINES.get(str(name), name)
    return {"kind": kind, "kind_name": ACTOR_KINDS[kind], "icon": ACTOR_ICONS[kind], "name": said, "version": version}


@register.inclusion_tag("desk/parts/source.html")
def source(source_class: str, *, short: bool = False) -> dict[str, object]:
    """`{% source "public" %}`: how a number was obtained. `short=True` shows the icon alone and hides the words."""
    key = str(source_class)
    return {
        "key": key,
        "name": SOURCE_NAMES[key],
        "meaning": SOURCE_MEANINGS[key],
        "icon": SOURCE_ICONS[key],
        "short": short,
    }


@register.inclusion_tag("desk/parts/receipt_link.html")
def receipt(url: str, of: str, *, short: bool = False) -> dict[str, object]:
    """`{% receipt url "followers" %}`: opens the receipt in the dialog, or as a page without JavaScript."""
    return {"url": url, "of": of, "short": short}


@register.inclusion_tag("desk/parts/confidence.html")
def confidence(value: float | None) -> dict[str, object]:
    """`{% confidence signal.confidence %}`: 0..1 as three steps, a word and the figure; "-" for None."""
    if value is None:
        return {"value": None}
    step = 3 if value >= 0.8 else 2 if value >= 0.5 else 1
    word = {1: gettext("Weak"), 2: gettext("Fair"), 3: gettext("Strong")}[step]
    return {"value": value, "step": step, "word": word}


# -- bars ------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("desk/parts/reason_bar.html", name="reason_bar")
def draw_reason_bar(reasons: Sequence[Contribution], full: float | None = None) -> dict[str, object]:
    """`{% reason_bar reasons full=best_total %}`: reasons have `name`, `label`, `value`; `full` fills the bar."""
    return {"bar": reason_bar(reasons, full)}


@register.filter
def coordinate(value: float) -> str:
    """A number for an SVG attribute: a point for the decimals in every language."""
    return f"{value:.2f}"


@register.inclusion_tag("desk/parts/bar.html")
def bar(value: float | None, full: float = 1.0, tone: str = "") -> dict[str, object]:
    """`{% bar theme.share %}`: a share of `full` as a thin bar beside its figure; empty for None."""
    filled = 0.0 if value is None or full <= 0 else min(100.0, max(0.0, abs(value) / full * 100))
    return {"filled": filled, "tone": tone}
