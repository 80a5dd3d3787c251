"""The design parts: readable, reachable, and within the strict content policy."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

import sillage.desk
from sillage.catalogue.engine.records import NETWORKS, SourceClass
from sillage.desk.specimens import INKS, SURFACES, TONE_NAMES, specimens
from sillage.desk.templatetags.design import ACTOR_ICONS, ACTOR_KINDS, NETWORK_NAMES, SOURCE_NAMES, icon_names
from sillage.desk.templatetags.shell import PLACES, Place, daily, holds_current, links
from sillage.governance.engine.actors import ActorKind

DESK = Path(sillage.desk.__file__).parent
STATIC = DESK / "static" / "sillage"
TEMPLATES = sorted(DESK.parent.glob("*/templates/**/*.html"))
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (STATIC / "css" / "tokens.css").read_text()
    )
}

PAPERS = ("paper", "surface", "sunk", "hover")
TEXT_PAIRS = [
    *product(("ink", "ink-soft", "wake", "wake-deep"), PAPERS),
    *product(("ink", "ink-soft", "wake"), ("wake-wash",)),
    *((name, f"{name}-wash") for name in ("ember", "amber", "moss")),
    *product(("ember", "amber", "moss"), ("paper", "surface")),
    *product(("ink",), ("ember-wash", "amber-wash", "moss-wash", "marker")),
    ("on-wake", "wake"),
    ("on-wake", "wake-deep"),
    *product(("surface",), TONE_NAMES),  # initials in a monogram, drawn large
]
LARGE_TEXT = {("surface", tone) for tone in TONE_NAMES}
SHAPE_PAIRS = [
    *product(("wake", "line-strong", "ember"), ("paper", "surface")),
    *product(TONE_NAMES, ("paper", "surface")),
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_stands_out_from_what_it_is_written_on(ink: str, paper: str, theme: int) -> None:
    floor = 3.0 if (ink, paper) in LARGE_TEXT else 4.5

    assert contrast(TOKENS[ink][theme], TOKENS[paper][theme]) >= floor


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "paper"), SHAPE_PAIRS)
def test_borders_bars_and_focus_rings_stand_out_from_the_page(shape: str, paper: str, theme: int) -> None:
    assert contrast(TOKENS[shape][theme], TOKENS[paper][theme]) >= 3.0


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_colour_token_has_a_light_and_a_dark_side() -> None:
    assert set(SURFACES) | set(INKS) | set(TONE_NAMES) <= TOKENS.keys()


def test_styles_use_only_tokens_that_exist() -> None:
    tokens = (STATIC / "css" / "tokens.css").read_text()
    local = {"tone", "filled", "stage"}  # set where they are used
    known = set(re.findall(r"--([\w-]+):", tokens)) | local
    for sheet in (STATIC / "css").glob("*.css"):
        assert set(re.findall(r"var\(--([\w-]+)", sheet.read_text())) <= known, sheet.name


def test_colours_are_written_in_the_tokens_and_nowhere_else() -> None:
    """But for shades of a backdrop and the sea of the sign-in page, which are the same in both themes."""
    for sheet in ("base", "parts", "forms"):
        text = (STATIC / "css" / f"{sheet}.css").read_text()
        assert re.findall(r"#[0-9a-f]{3,6}\b", re.sub(r"light-dark\([^)]*\)", "", text)) == []


def test_classes_named_in_templates_exist_in_the_styles() -> None:
    styles = "".join(sheet.read_text() for sheet in (STATIC / "css").glob("*.css"))
    known = set(re.findall(r"\.(-?[a-z][\w-]*)", styles))
    bare = {"list", "specimen"}
    for template in TEMPLATES:
        for attribute in re.findall(r'class="([^"{]*)"', template.read_text()):
            assert set(attribute.split()) <= known | bare, f"{template.name}: {attribute}"


def test_fonts_weigh_less_than_300_kilobytes_and_carry_their_licences() -> None:
    fonts = list((STATIC / "fonts").glob("*.woff2"))

    assert fonts and sum(f.stat().st_size for f in fonts) < 300_000
    for licence in ("inter-OFL.txt", "newsreader-OFL.txt"):
        assert "SIL Open Font License" in (STATIC / "fonts" / licence).read_text()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_templates_keep_to_the_strict_content_policy(template: Path) -> None:
    text = template.read_text()

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|hx-vals=.js:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(?:src|href)=["']https?://""", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_templates_name_only_icons_that_exist(template: Path) -> None:
    named = re.findall(r'\{% icon "([^"]+)"', template.read_text())

    assert set(named) <= icon_names()


def test_an_unknown_icon_is_a_defect() -> None:
    with pytest.raises(TemplateSyntaxError, match="unicorn"):
        Template('{% load design %}{% icon "unicorn" %}').render(Context())


def test_every_kind_of_actor_network_and_source_has_its_mark() -> None:
    assert set(ACTOR_KINDS) == set(ACTOR_ICONS) == {kind.value for kind in ActorKind}
    assert set(NETWORK_NAMES) == set(NETWORKS)
    assert {s.value for s in SourceClass} <= set(SOURCE_NAMES)


def test_an_actor_is_told_by_words_and_not_by_colour_alone() -> None:
    with translation.override("en"):
        html = Template('{% load design %}{% actor "model" "MiniLM" "int8" %}').render(Context())

    assert "Model" in html and "MiniLM" in html and "int8" in html and "actor--model" in html


def test_a_receipt_is_a_link_that_works_without_javascript() -> None:
    html = Template('{% load design %}{% receipt "/receipts/9f" "Followers" %}').render(Context())

    assert 'href="/receipts/9f"' in html and 'hx-target="#dialog-body"' in html


@pytest.mark.parametrize(("value", "step"), [(0.2, 1), (0.5, 2), (0.8, 3)])
def test_confidence_fills_as_many_steps_as_it_earns(value: float, step: int) -> None:
    html = Template("{% load design %}{% confidence value %}").render(Context({"value": value}))

    assert html.count('class="on"') == step


def test_confidence_that_is_missing_is_a_dash() -> None:
    html = Template("{% load design %}{% confidence None %}").render(Context())

    assert html.strip() == '<span class="missing">-</span>'


def test_pictures_keep_a_point_for_the_decimals_in_french() -> None:
    with translation.override("fr"):
        html = Template("{% load design %}{% bar 1234.5 10000 %}").render(Context())

    assert 'width="12.35"' in html or 'width="12.34"' in html


class Reader(HTMLParser):
    """Ids, references to them, headings, and controls without a name."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.wanted: set[str] = set()
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags[tag] += 1
        if found.get("id"):
            self.ids[str(found["id"])] += 1
        for name in ("for", "aria-labelledby", "popovertarget"):
            if found.get(name):
                self.wanted.add(str(found[name]))
        if tag == "label" and found.get("for"):
            self.labels.add(str(found["for"]))
        if tag in {"input", "select", "textarea"}:
            self.inputs.append(found)


def style_guide(language: str, request: HttpRequest | None = None) -> str:
    request = request or RequestFactory().get("/style-guide/")
    with translation.override(language):
        return render_to_string("desk/styleguide.html", specimens(), request=request)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_style_guide_has_one_main_one_h1_per_title_and_no_id_twice(language: str) -> None:
    page = Reader()
    page.feed(style_guide(language))

    assert page.tags["main"] == 1
    assert [name for name, times in page.ids.items() if times > 1] == []
    assert page.wanted <= set(page.ids)


def test_every_field_of_the_style_guide_has_a_label() -> None:
    page = Reader()
    html = style_guide("en")
    page.feed(html)
    wrapped = set(re.findall(r"<label[^>]*>\s*<input[^>]*name=\"([^\"]+)\"", html))

    for field in page.inputs:
        if field.get("type") == "hidden" or "data-shortcuts-switch" in field or field.get("class") == "brief-text":
            continue
        assert field.get("id") in page.labels or field.get("name") in wrapped, field


def test_the_style_guide_speaks_the_language_of_its_reader() -> None:
    french, english = style_guide("fr"), style_guide("en")

    assert '<html lang="fr"' in french and "Guide de style" in french and "71,4" in french
    assert '<html lang="en"' in english and "Style guide" in english and "71.4" in english


def test_the_theme_in_the_cookie_is_written_into_the_page_and_nothing_else_is() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["sillage_theme"] = "dark"
    assert 'data-theme="dark"' in style_guide("en", request)

    request.COOKIES["sillage_theme"] = '"><script>'
    assert "data-theme" not in re.findall(r"<html[^>]*>", style_guide("en", request))[0]


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_pages_stand_without_any_context(page: str) -> None:
    html = render_to_string(f"{page}.html")

    assert page[:3] in html and "</html>" in html


def test_the_sample_world_says_on_every_page_that_it_is_invented() -> None:
    request = RequestFactory().get("/")
    context = {**specimens(), "workspace": {"name": "Maison Alizé", "slug": "alize", "is_sample": True}}
    with translation.override("fr"):
        html = render_to_string("desk/styleguide.html", context, request=request)
        other = render_to_string("desk/styleguide.html", specimens(), request=request)

    assert "tout est inventé" in html
    assert "tout est inventé" not in other


def test_navigation_shows_where_one_is_and_leaves_out_what_has_no_page() -> None:
    places = (Place("governance:ledger", "Ledger", "house", "h"), Place("no:where", "Nowhere", "map", "n"))

    found = links("/w/harbour/ledger/verify/", "harbour", places)

    assert [(link.place.label, link.href, link.is_current) for link in found] == [
        ("Ledger", "/w/harbour/ledger/", True)
    ]
    assert [link.is_current for link in links("/w/harbour/creators/", "harbour", places)] == [False]


def test_home_is_where_one_is_only_on_the_home_page() -> None:
    def current(path: str) -> list[str]:
        return [link.place.url_name for link in links(path, "harbour") if link.is_current]

    assert current("/w/harbour/") == ["desk:home"]
    assert current("/w/harbour/creators/12/") == ["desk:creators"]


def test_every_place_of_the_navigation_has_its_own_key() -> None:
    assert len({place.key for place in PLACES}) == len(PLACES)


def test_what_is_not_used_every_day_is_folded_away_and_unfolds_where_one_is() -> None:
    def folded(path: str) -> tuple[list[str], bool]:
        below = daily(links(path, "harbour"), False)
        return [link.place.url_name for link in below], holds_current(below)

    names, is_open = folded("/w/harbour/creators/")
    assert "governance:tokens" in names and "desk:creators" not in names and not is_open
    assert "governance:approvals" not in names  # their count is to be seen
    assert folded("/w/harbour/tokens/")[1]
    assert len(daily(links("/", "harbour"), True)) + len(names) == len(PLACES)
