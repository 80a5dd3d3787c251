"""The filters of the creators page in words: facets with counts, and a chip for every filter in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.queries import FacetCount
from sillage.desk.engine.listing import Band, Listing
from sillage.desk.queries.listing import FIELD_OF_FACET
from sillage.desk.templatetags.design import NETWORK_NAMES, compact, number, percent
from sillage.desk.words import FORMATS, country_name, language_name, named, theme_name

Label = str | Promise
LABELS: Mapping[str, Label] = {
    "network": gettext_lazy("Network"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "followers": gettext_lazy("Followers"),
    "theme": gettext_lazy("Theme"),
    "format": gettext_lazy("Format"),
    "brand": gettext_lazy("Brand"),
}
OPEN = frozenset({"network", "language", "followers", "theme"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet. One without `value` is "not known" and cannot be chosen; `href` makes it a link."""

    value: str
    label: str
    count: int
    is_chosen: bool = False
    is_estimate: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """`name` is the filter that its boxes set; `key` makes its id."""

    key: str
    name: str
    label: Label
    choices: list[Choice]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    kind: str
    remove_url: str


def _unknown(counts: Sequence[FacetCount]) -> list[Choice]:
    return [
        Choice("", _("Not known"), c.cards, is_estimate=c.standard_error is not None) for c in counts if c.value is None
    ]


class Panel:
    """Writes facets and chips for one listing. `brands` are names by key."""

    def __init__(self, listing: Listing, brands: Mapping[str, str]) -> None:
        self.listing = listing
        self.labels: dict[str, Callable[[str], str]] = {
            "network": lambda value: NETWORK_NAMES.get(value, value),
            "country": country_name,
            "language": language_name,
            "theme": theme_name,
            "format": lambda value: named(FORMATS, value),
            "brand": lambda value: brands.get(value, value),
        }

    def facets(self, counts: Mapping[str, Sequence[FacetCount]]) -> list[Facet]:
        found = []
        for key, label in LABELS.items():
            choices = self._bands(counts[key]) if key == "followers" else self._choices(key, counts[key])
            is_open = key in OPEN or any(choice.is_chosen for choice in choices)
            found.append(Facet(key, FIELD_OF_FACET.get(key, ""), label, choices, is_open))
        return found

    def _choices(self, key: str, counts: Sequence[FacetCount]) -> list[Choice]:
        chosen = getattr(self.listing.filters, FIELD_OF_FACET[key])
        write = self.labels[key]
        choices = [
            Choice(c.value, write(c.value), c.cards, c.value in chosen, c.standard_error is not None)
            for c in counts
            if c.value is not None
        ]
        gone = [value for value in chosen if value not in {c.value for c in counts}]
        choices = [Choice(value, write(value), 0, is_chosen=True) for value in gone] + choices
        return choices + _unknown(counts)

    def _bands(self, counts: Sequence[FacetCount]) -> list[Choice]:
        known = sorted(((Band.named(c.value), c) for c in counts if c.value is not None), key=lambda k: k[0].low or 0)
        return [self._band(band, count) for band, count in known] + _unknown(counts)

    def _band(self, band: Band, count: FacetCount) -> Choice:
        filters = self.listing.filters
        is_chosen = (filters.min_followers, filters.max_followers) == (band.low, band.high)
        low, high = (None, None) if is_chosen else (band.low, band.high)
        href = self.listing.having(min_followers=low, max_followers=high).address()
        is_estimate = count.standard_error is not None
        return Choice(count.value or "", band_name(band), count.cards, is_chosen, is_estimate, href=href)

    def chips(self) -> list[Chip]:
        """One chip for every filter in force; its cross leads to the list without it."""
        found: list[Chip] = []
        for name, value in self.listing.filters.as_mapping().items():
            if isinstance(value, list):
                found += self._value_chips(name, [str(v) for v in value])
            else:
                found.append(Chip(self._single(name), "", self.listing.without(name).address()))
        return found

    def _value_chips(self, name: str, values: Sequence[str]) -> list[Chip]:
        if name.startswith("without_"):
            shown = ngettext("%(n)s left out", "%(n)s left out", len(values)) % {"n": len(values)}
            return [Chip(shown, "not", self.listing.having(**{name: ()}).address())]
        kind = "not" if name.endswith("_none") else "must" if name.endswith("_all") else ""
        key = {"themes": "theme", "brands": "brand"}.get(name.partition("_")[0]) or next(
            facet for facet, field in FIELD_OF_FACET.items() if field == name
        )
        return [Chip(self.labels[key](v), kind, self.listing.without(name, v).address()) for v in values]

    def _single(self, name: str) -> str:
        f = self.listing.filters
        match name:
            case "min_followers":
                return _("%(n)s followers or more") % {"n": compact(f.min_followers)}
            case "max_followers":
                return _("%(n)s followers or fewer") % {"n": compact(f.max_followers)}
            case "min_engagement_percentile":
                return _("engagement above %(share)s of its peers") % {"share": percent(f.min_engagement_percentile, 0)}
            case "max_sponsored_share":
                return _("at most %(share)s commercial posts") % {"share": percent(f.max_sponsored_share, 0)}
            case "active_since":
                return _("posted since %(day)s") % {"day": date_format(f.active_since or "", "DATE_FORMAT")}
            case "no_warnings":
                return _("nothing to look at twice")
        return _("with measured numbers")


def band_name(band: Band) -> str:
    """“Under 1k”, “1k to 5k”, “1M and more”. Bands meet at round numbers."""
    if band.low is None:
        return _("Under %(n)s") % {"n": compact((band.high or 0) + 1)}
    if band.high is None:
        return _("%(n)s and more") % {"n": compact(band.low)}
    return _("%(low)s to %(high)s") % {"low": compact(band.low), "high": compact(band.high + 1)}


def kept(filters: CardFilters, names: Sequence[str]) -> list[tuple[str, str]]:
    """Filters that the panel has no field for and must not lose: as hidden fields."""
    mapping = filters.as_mapping()
    found = []
    for name in names:
        values = mapping.get(name, [])
        found += [(name, str(value)) for value in (values if isinstance(values, list) else [values])]
    return found


def total_in_words(count: int, *, is_estimate: bool) -> str:
    """“412 accounts”, or “about 41,000 accounts”."""
    words = ngettext("%(n)s account", "%(n)s accounts", count) % {"n": number(count)}
    return _("about %(words)s") % {"words": words} if is_estimate else words
