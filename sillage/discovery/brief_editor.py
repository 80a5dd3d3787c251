"""The editor of a brief: its text as it is read now, the chips that a person may change, and what can be kept of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Brand
from sillage.catalogue.queries import Count
from sillage.discovery import queries
from sillage.discovery.engine.editing import FILTERS, LISTS, Understood, carried, is_same
from sillage.discovery.engine.highlights import Piece, pieces
from sillage.discovery.engine.known import LANGUAGES
from sillage.discovery.forms import BriefForm
from sillage.discovery.models import Brief
from sillage.discovery.told import Told, told
from sillage.lib.errors import Refusal
from sillage.lib.nearest import did_you_mean
from sillage.lib.sentences import Sentence
from sillage.lib.sentences import told as spoken
from sillage.lib.text import folded
from sillage.understanding.engine.brief_themes import read_brief
from sillage.understanding.engine.themes import theme_set

ON_FORM = (*FILTERS, "formats", "active_since", "max_sponsored_share", "no_warnings", "only_authenticated")
MOST_CHIPS = 60
NEW_WEIGHT = 0.8  # of a theme that a person adds


@dataclass(slots=True)
class BriefEditor:
    """One state of the editor. `stored` is the brief that is being changed, None for a new one."""

    workspace_id: int
    data: QueryDict
    now: datetime
    stored: Brief | None = None
    is_sent: bool = True  # False where nothing was typed yet: nothing is missing then
    refusal: Told | None = None
    errors: dict[str, str | Promise] = field(default_factory=dict)
    read: Brief | None = field(init=False, default=None)
    form: BriefForm = field(init=False)
    shown: Understood = field(init=False)
    brands: list[Brand] = field(init=False)
    known_brands: list[Brand] = field(init=False)

    def __post_init__(self) -> None:
        self.form = BriefForm(self.data) if self.is_sent else BriefForm(initial=_initial(self.data))
        self.read = self._reading_of(self.data.get("text", ""))
        under = self.data.get("read_text", "")
        before = self.read if under == self.data.get("text", "") else self._quietly(under)
        chosen = self._added(_chosen(self.data, self.form if self.is_sent else None))
        self.shown = carried(chosen, understood(before), understood(self.read))
        self.known_brands = catalogue.list_brands(self.workspace_id)
        self.brands = self._brands()
        low, high = self.shown.min_followers, self.shown.max_followers
        if low is not None and high is not None and low > high:
            self.errors["max_followers"] = _("The lowest number of followers is above the highest.")

    # -- reading -----------------------------------------------------------------------------------------------------

    def _reading_of(self, text: str) -> Brief | None:
        if not text.strip():
            return None
        try:
            return queries.unsaved_brief(self.workspace_id, {"text": text}, self.now)
        except Refusal as refusal:
            self.refusal = told(refusal)
            return None

    def _quietly(self, text: str) -> Brief | None:
        kept = self.refusal
        read = self._reading_of(text)
        self.refusal = kept
        return read

    def _added(self, chosen: Understood) -> Understood:
        """The chips with what was typed into the fields beside them."""
        gone = [theme for theme in self.data.getlist("themes") if theme not in theme_set().index]
        if gone and self.is_sent:
            self.errors["add_theme"] = _("There is no theme “%(theme)s”: it is left out.") % {"theme": gone[0][:100]}
        return _with_filters(self._with_words(self._with_themes(chosen)), self.data, self.errors)

    def _with_themes(self, chosen: Understood) -> Understood:
        said = self.data.get("add_theme", "").strip()
        if not said:
            return chosen
        theme = theme_called(said)
        if theme is None:
            self.errors["add_theme"] = _(
                "No theme is called “%(said)s”: choose one of the list, or add it to the words."
            ) % {"said": said}
            return chosen
        return replace(chosen, themes={**chosen.themes, theme: chosen.themes.get(theme, NEW_WEIGHT)})

    def _with_words(self, chosen: Understood) -> Understood:
        terms = (*chosen.terms, *_several(self.data.get("add_term", "")))
        unwanted = _several(self.data.get("add_unwanted", ""))
        themes = {said: theme_called(said) for said in unwanted}
        return replace(
            chosen,
            terms=tuple(dict.fromkeys(terms)),
            unwanted_themes=tuple(dict.fromkeys([*chosen.unwanted_themes, *(t for t in themes.values() if t)])),
            unwanted_terms=tuple(
                dict.fromkeys([*chosen.unwanted_terms, *(said for said in unwanted if themes[said] is None)])
            ),
        )

    def _brands(self) -> list[Brand]:
        """The chosen brands of the workspace; one that was typed and is not known is said to be unknown."""
        known = self.known_brands
        keys = list(dict.fromkeys(self.data.getlist("brands")))
        said = self.data.get("add_brand", "").strip()
        if said:
            found = next((b.key for b in known if folded(said) in {folded(b.key), folded(b.name)}), None)
            if found is None:
                nothing = Sentence("No brand of this workspace is called “%(said)s”.", said=said)
                near = did_you_mean(said, [b.name for b in known], Sentence("The brands page lists those there are."))
                self.errors["add_brand"] = f"{spoken(nothing)} {spoken(near)}"
            else:
                keys.append(found)
        by_key = {brand.key: brand for brand in known}
        gone = [key for key in keys if key not in by_key]
        if gone and self.is_sent:
            self.errors["add_brand"] = _("No brand of this workspace has the key “%(key)s”: it is left out.") % {
                "key": gone[0][:100]
            }
        return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]

    # -- what the page shows -----------------------------------------------------------------------------------------

    @property
    def pieces(self) -> list[Piece]:
        return pieces(self.read.reading) if self.read else []

    @property
    def has_no_theme(self) -> bool:
        return self.read is not None and not self.shown.themes

    @property
    def passing(self) -> Count | None:
        """How many accounts pass the filters as they stand; None where they cannot be read."""
        try:
            filters = CardFilters.parse({**self._stored_filters(), **self._filters_set()})
        except Refusal:
            return None
        return catalogue.count_cards(workspace_id=self.workspace_id, filters=filters)

    # -- what can be kept --------------------------------------------------------------------------------------------

    @property
    def is_keepable(self) -> bool:
        return self.form.is_valid() and not self.errors and self.refusal is None and self.read is not None

    def given(self) -> dict[str, Any]:
        """The brief as `open_brief` and `change_brief` take it; None where the text says the same by itself."""
        said = self.form.cleaned_data
        read = understood(self.read)
        lists = {
            name: None
            if set(getattr(self.shown, name)) == set(getattr(read, name))
            else list(getattr(self.shown, name))
            for name in LISTS
            if name not in FILTERS
        }
        return {
            "text": said["text"],
            "title": said["title"] or first_clause(said["text"]),
            "themes": None if is_same(self.shown.themes, read.themes) else dict(self.shown.themes),
            **lists,
            "brands": [brand.key for brand in self.brands],
            "filters": self._filters(read),
            "budget": said["budget"],
            "currency": said["currency"] or "EUR",
            "starts_on": said["starts_on"],
            "ends_on": said["ends_on"],
        }

    def _filters(self, read: Understood) -> dict[str, Any]:
        """The filters to keep: those the text says by itself are left to it, and one taken away is said as None."""
        shown = {name: getattr(self.shown, name) for name in FILTERS}
        changed = {
            name: (list(value) if isinstance(value, tuple) else value) or None
            for name, value in shown.items()
            if not _is_equal(value, getattr(read, name))
        }
        return {**self._stored_filters(), **self._own_filters(), **changed}

    def _filters_set(self) -> dict[str, Any]:
        """All filters that the form has, for counting."""
        return {**self._own_filters(), **{name: _plain(getattr(self.shown, name)) for name in FILTERS}}

    def _own_filters(self) -> dict[str, Any]:
        """Filters that no text says: only what the person set."""
        form = self.form
        value = form.value_of if self.is_sent else form.initial.get
        found = {
            "formats": value("formats"),
            "active_since": value("active_since"),
            "max_sponsored_share": value("max_sponsored_share"),
            "no_warnings": value("no_warnings"),
            "only_authenticated": value("only_authenticated"),
        }
        return {name: chosen for name, chosen in found.items() if chosen}

    def _stored_filters(self) -> dict[str, Any]:
        """Filters of the brief that the form has no field for: they are kept as they are."""
        kept = self.stored.filters if self.stored else {}
        return {name: value for name, value in kept.items() if name not in ON_FORM}


def first_clause(text: str) -> str:
    """A title from a text: its first words up to a break, where that is a few words; else nothing."""
    found = re.split(r"\s*[:;.,!?\n…]", " ".join(text.split()), maxsplit=1)[0].strip()
    return found if 10 <= len(found) <= 70 else ""


def understood(brief: Brief | None) -> Understood:
    """The chips of a brief, kept or just read."""
    if brief is None:
        return Understood()
    filters = brief.filters
    return Understood(
        themes={theme: round(weight, 2) for theme, weight in brief.themes.items()},
        unwanted_themes=tuple(brief.unwanted_themes),
        terms=tuple(brief.terms),
        unwanted_terms=tuple(brief.unwanted_terms),
        networks=tuple(filters.get("networks", ())),
        countries=tuple(filters.get("countries", ())),
        languages=tuple(filters.get("languages", ())),
        min_followers=filters.get("min_followers"),
        max_followers=filters.get("max_followers"),
    )


def data_of(brief: Brief) -> QueryDict:
    """A kept brief as its form would send it."""
    data = QueryDict(mutable=True)
    chips = understood(brief)
    for name in LISTS:
        data.setlist(name, list(getattr(chips, name)))
    data.setlist("themes", list(chips.themes))
    for theme, weight in chips.themes.items():
        data[f"weight.{theme}"] = str(weight)
    data.setlist("brands", brief.brands)
    data.setlist("formats", brief.filters.get("formats", []))
    said = {
        **{name: getattr(brief, name) for name in ("text", "title", "budget", "currency", "starts_on", "ends_on")},
        **{name: brief.filters.get(name) for name in ON_FORM if name not in (*LISTS, "formats")},
        "read_text": brief.text,
    }
    for name, value in said.items():
        if value not in (None, "", False):
            data[name] = str(value)
    return data


def theme_called(said: str) -> str | None:
    """The theme of that id or name, in the reader's language or any other; else the one that a brief of it is about."""
    known = theme_set()
    if said in known.index:
        return said
    reader = (get_language() or "en")[:2]
    names = {folded(name): theme.id for theme in known.themes for name in theme.names.values()}
    names |= {folded(known.name(theme, reader)): theme for theme in known.ids}
    exact = names.get(folded(said.strip()))
    return exact or next((span.value for span in read_brief(said, reader).wanted), None)


def _chosen(data: QueryDict, form: BriefForm | None) -> Understood:
    """The chips as the form sends them."""
    lists = {
        name: tuple(dict.fromkeys(v.strip() for v in data.getlist(name) if v.strip()))[:MOST_CHIPS] for name in LISTS
    }
    lists["unwanted_themes"] = tuple(t for t in lists["unwanted_themes"] if t in theme_set().index)
    if form is not None:
        form.is_valid()
        low, high = form.value_of("min_followers"), form.value_of("max_followers")
        lists["networks"] = tuple(form.value_of("networks") or ())
    else:
        low, high = (
            int(data.get(n, "")) if data.get(n, "").isdecimal() else None for n in ("min_followers", "max_followers")
        )
    weights = {t: _weight(data.get(f"weight.{t}", "")) for t in data.getlist("themes") if t in theme_set().index}
    return Understood(themes=weights, min_followers=low, max_followers=high, **lists)


def _weight(given: str) -> float:
    try:
        return min(1.0, max(0.01, round(float(given), 2)))
    except ValueError:
        return NEW_WEIGHT


def _with_filters(chosen: Understood, data: Mapping[str, Any], errors: dict[str, str | Promise]) -> Understood:
    """Countries and languages as people write them: a code, or a name that briefs are read with."""
    country, language = str(data.get("add_country", "")).strip(), str(data.get("add_language", "")).strip()
    countries, languages = list(chosen.countries), list(chosen.languages)
    if country:
        named = [country.upper()] if len(country) == 2 else [s.value for s in read_brief(country).countries]
        if not named or not all(code.isalpha() and code.isascii() for code in named):
            errors["add_country"] = _("“%(said)s” is no country that Sillage knows.") % {"said": country}
        else:
            countries += named
    if language:
        named = [language.lower()] if len(language) == 2 else [s.value for s in read_brief(language).languages]
        if not named or not all(code in LANGUAGES for code in named):
            errors["add_language"] = _("“%(said)s” is no language that Sillage knows.") % {"said": language}
        else:
            languages += named
    return replace(chosen, countries=tuple(dict.fromkeys(countries)), languages=tuple(dict.fromkeys(languages)))


def _several(said: str) -> list[str]:
    return [word.strip()[:100] for word in said.split(",") if word.strip()]


def _is_equal(one: object, other: object) -> bool:
    return set(one) == set(other) if isinstance(one, tuple) and isinstance(other, tuple) else one == other


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _initial(data: QueryDict) -> dict[str, Any]:
    """What the plain fields start from."""
    several = ("networks", "formats")
    return {
        name: data.getlist(name) if name in several else data.get(name)
        for name in BriefForm.base_fields
        if name in data
    }
