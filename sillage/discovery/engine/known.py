"""What a brief may name: the themes, the brands of its workspace, languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sillage.catalogue.engine.filters import CardFilters
from sillage.lib.errors import Malformed, within
from sillage.lib.nearest import did_you_mean
from sillage.lib.sentences import Sentence

THEME_FILTERS = ("themes_any", "themes_all", "themes_none")
BRAND_FILTERS = ("brands_any", "brands_none")
# ISO 639-1.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es"
    " et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki"
    " kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no"
    " nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te"
    " tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGES = frozenset(_CODES.split())


class NotKnown(Malformed):
    """The brief names a theme, a brand or a language that there is not."""

    title = "Unknown name"


@dataclass(frozen=True, slots=True)
class Known:
    """Ids of themes, keys of brands with their names, and codes of languages."""

    themes: frozenset[str]
    brands: Mapping[str, str] = field(default_factory=dict)
    languages: frozenset[str] = LANGUAGES

    def and_those_of(self, brief: Mapping[str, Any]) -> Known:
        """What a kept brief names stays: a change of something else is not refused because of it."""
        filters = brief["filters"]
        themes = {*brief["themes"], *brief["unwanted_themes"]}
        themes |= {one for name in THEME_FILTERS for one in filters.get(name) or ()}
        brands = [*brief["brands"], *(one for name in BRAND_FILTERS for one in filters.get(name) or ())]
        return replace(
            self,
            themes=self.themes | themes,
            brands={**dict.fromkeys(brands, ""), **self.brands},
            languages=self.languages | {*(filters.get("languages") or ())},
        )

    def require_themes(self, given: Iterable[str]) -> None:
        """Raise NotKnown at the first one that is none, by its number in the list."""
        for at, theme in enumerate(given):
            self.require_theme(theme, at)

    def require_theme(self, theme: str, at: str | int) -> None:
        """Raise NotKnown at the key or number `at` where there is no such theme."""
        if theme not in self.themes:
            otherwise = Sentence("See the list with `sillage themes list`.")
            with within(at):
                raise NotKnown(
                    Sentence("There is no theme “%(theme)s”.", theme=theme),
                    did_you_mean(theme, sorted(self.themes), otherwise),
                )

    def require_brands(self, given: Iterable[str]) -> None:
        """As `require_themes`. A brand's name leads to its key."""
        for at, brand in enumerate(given):
            if brand not in self.brands:
                with within(at):
                    raise NotKnown(
                        Sentence("This workspace knows no brand with the key “%(brand)s”.", brand=brand),
                        self._near_brand(brand),
                    )

    def _near_brand(self, said: str) -> Sentence:
        if not self.brands:
            return Sentence("Add it on the page of brands or with `sillage brands add`, or leave it out.")
        otherwise = Sentence(
            "See the keys with `sillage brands list`; add one on the page of brands or with `sillage brands add`."
        )
        named = next((key for key, name in self.brands.items() if name.casefold() == said.strip().casefold()), None)
        return did_you_mean(named or said, self.brands, otherwise)

    def require_languages(self, given: Iterable[str]) -> None:
        """As `require_themes`."""
        for at, language in enumerate(given):
            if language not in self.languages:
                otherwise = Sentence("Give the code of a language (ISO 639), such as fr or en.")
                with within(at):
                    raise NotKnown(
                        Sentence("There is no language “%(language)s”.", language=language),
                        did_you_mean(language, sorted(self.languages), otherwise),
                    )

    def require_filters(self, filters: CardFilters) -> None:
        """Raise NotKnown at the first filter that names what there is not."""
        for name in THEME_FILTERS:
            with within(name):
                self.require_themes(getattr(filters, name))
        for name in BRAND_FILTERS:
            with within(name):
                self.require_brands(getattr(filters, name))
        with within("languages"):
            self.require_languages(filters.languages)
