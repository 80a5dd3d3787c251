"""Templates of pictures: hostile files are refused where they stand, values stay text, words stay in their boxes."""

from __future__ import annotations

import base64
import re
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sillage.adapters.pictures import FontFile, FontRefused, FontShelf, font_of, png_of, with_fonts
from sillage.studio.engine.shipped_templates import SHIPPED, shipped_template
from sillage.studio.engine.svg_reading import MOST_BYTES, SvgRefused
from sillage.studio.engine.svg_template import ValueMissing, draw, filled, read_template
from sillage.studio.engine.svg_values import ValueMalformed, checked_values
from sillage.studio.engine.text_fitting import Box, clusters, fitted, reads_right_to_left, runs
from sillage.studio.tests.drawing import CARD, card, font_bytes, photo, renamed_font

SHELF = FontShelf((), runs)
LETTERS = SHELF.find(read_template(CARD.encode(), "card.svg").faces[0][0]).letters
TEXT = '<text font-size="40" data-box="10 10 500 200">{{ name }}</text>'


def drawn(svg, shelf=SHELF, **values):
    template = read_template(svg if isinstance(svg, bytes) else svg.encode(), "card.svg")
    return draw(template, checked_values(template, values), shelf)


def pixels(made, width=None):
    png = png_of(made.svg, SHELF.used(made.faces), width)
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


def refused(data):
    with pytest.raises(SvgRefused) as caught:
        read_template(data, "card.svg")
    return caught.value


# -- hostile files ---------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("inside", "head", "place", "says"),
    [
        ("<text>&c;</text>", LAUGHS, "card.svg:1:1", "document type"),
        ("<text>&x;</text>", OUTSIDE, "card.svg:1:1", "document type"),
        ("<script>alert(1)</script>", "", "card.svg:2:1", "<script>"),
        ("<rect/>\n  <foreignObject/>", "", "card.svg:3:3", "<foreignObject>"),
        ('<rect onload="x()"/>', "", "card.svg:2:1", "onload="),
        ('<rect ONCLICK="x()"/>', "", "card.svg:2:1", "ONCLICK="),
        ("<style>@import url(http://a.example/x.css)</style>", "", "card.svg:2:1", "<style>"),
        ('<image href="http://a.example/x.png"/>', "", "card.svg:2:1", "nothing outside"),
        ('<image href="file:///etc/passwd"/>', "", "card.svg:2:1", "nothing outside"),
        ('<image href="/etc/passwd"/>', "", "card.svg:2:1", "nothing outside"),
        ('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', "", "card.svg:2:1", "nothing outside"),
        ('<image href="data:image/png;base64,aGVsbG8="/>', "", "card.svg:2:1", "embedded picture"),
        ('<rect fill="url(http://a.example/#x)"/>', "", "card.svg:2:1", "outside the file"),
        ('<rect style="fill:url(//a.example#x)"/>', "", "card.svg:2:1", "outside the file"),
        ('<rect style="fill:red;background:u\\72l(x)"/>', "", "card.svg:2:1", "outside the file"),
        ('<use href="#a"/>', "", "card.svg:2:1", "<use>"),
        ('<a href="javascript:x()"><text>x</text></a>', "", "card.svg:2:1", "<a>"),
        ('<animate attributeName="x"/>', "", "card.svg:2:1", "<animate>"),
        ('<svg width="9" height="9"/>', "", "card.svg:2:1", "<svg>"),
        ("<rect>", "", "card.svg:3:3", "not well-formed"),
        ("<g>" * 60 + "</g>" * 60, "", "card.svg:2:", "deep"),
        ("<rect/>" * 6_000, "", "card.svg:2:", "elements"),
        ('<clipPath id="a"><rect clip-path="url(#a)"/></clipPath>', "", "card.svg:2:", "clip"),
    ],
)
def test_what_may_not_stand_in_a_template_is_refused_where_it_stands(inside, head, place, says):
    refusal = refused(card(inside, head))

    assert refusal.place.startswith(place)
    assert says in refusal.message
    assert refusal.hint


def test_a_template_that_is_no_svg_or_no_xml_is_refused():
    for data in (b"", b"hello", b"<html/>", b"\x89PNG\r\n", b"<svg/>", "<svg xmlns='x'/>".encode("utf-16")):
        assert refused(data).place.startswith("card.svg")
    assert "MB" in refused(b" " * (MOST_BYTES + 1)).message


@pytest.mark.parametrize(
    "size", ['width="9000" height="9000"', 'width="4096" height="4096"', 'width="1" height="1"', ""]
)
def test_a_drawing_has_a_size_that_can_be_drawn(size):
    assert refused(f'<svg xmlns="http://www.w3.org/2000/svg" {size}></svg>'.encode()).hint


def test_embedded_pictures_have_a_bound_together():
    data = base64.b64encode(photo(size=(4_000, 4_000))).decode()
    refusal = refused(card(f'<image href="data:image/png;base64,{data}"/>' * 2))

    assert "million points" in refusal.message


def test_what_is_harmless_and_not_drawn_is_left_out_and_said():
    head = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://inkscape" width="99" height="99" tabindex="1">'
    data = head + b'<i:view/><metadata><x/></metadata><rect i:z="1" width="9"/></svg>'

    template = read_template(data, "card.svg")

    assert template.left_out == ("<view>", "tabindex=")
    made = draw(template, {}, SHELF).svg
    assert "inkscape" not in made and "metadata" not in made


# -- variables -------------------------------------------------------------------------------------------------------


def test_variables_are_found_with_their_kinds_in_the_order_of_the_file():
    template = read_template(CARD.encode(), "card.svg")

    assert [(one.name, one.kind, one.default) for one in template.variables] == [
        ("first_name", "text", None),
        ("ground", "colour", "#f4f1ea"),
        ("code", "text", None),
    ]
    assert template.alt == "Card for {{ first_name }}"
    assert filled(template.alt, {"first_name": "Léa"}) == "Card for Léa"


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("<text>{{ name }}</text>", "no box"),
        (TEXT.replace("name", "First-Name"), "cannot name"),
        (TEXT.replace("{{ name }}", "{{ name"), "not closed"),
        (TEXT.replace('data-box="10 10 500 200"', 'data-box="10 10 500"'), "four numbers"),
        (TEXT.replace('data-box="10 10 500 200"', 'data-box="10 10 500 9"'), "does not hold"),
        (TEXT.replace('font-size="40"', ""), "font-size"),
        ('<rect data-fill="accent"/>', "no colour to begin with"),
        (TEXT + '<rect fill="#ffffff" data-fill="name"/>', "a colour and words"),
    ],
)
def test_a_variable_that_could_not_be_filled_is_refused_at_once(inside, says):
    assert says in refused(card(inside)).message


def test_a_missing_value_is_named():
    template = read_template(CARD.encode(), "card.svg")
    for given_ in ({}, {"first_name": "  "}, {"first_name": "\x00"}):
        with pytest.raises(ValueMissing, match="first_name"):
            checked_values(template, given_)
    with pytest.raises(ValueMalformed, match="600"):
        checked_values(template, {"first_name": "x" * 600, "code": "y"})
    with pytest.raises(ValueMalformed, match="no colour"):
        checked_values(template, {"first_name": "x", "code": "y", "ground": "red;}"})
    with pytest.raises(ValueMalformed, match="surname"):
        checked_values(template, {"surname": "x"})


@given(st.text(max_size=120), st.text(max_size=60))
def test_whatever_a_value_holds_it_is_text_and_never_markup(name, code):
    template = read_template(CARD.encode(), "card.svg")
    try:
        values = checked_values(template, {"first_name": name, "code": code})
    except (ValueMissing, ValueMalformed):
        return
    made = draw(template, values, SHELF)

    again = read_template(made.svg.encode(), "again.svg")
    assert {node.name for node in again.root.walk()} <= {"svg", "title", "rect", "g", "text", "tspan"}
    assert png_of(made.svg, SHELF.used(made.faces), 60).startswith(b"\x89PNG")


def test_markup_braces_and_entities_in_a_value_are_drawn_as_they_are_typed():
    made = drawn(CARD, first_name="<script>&amp;</text>", code="{{ first_name }}")

    assert "&lt;script&gt;&amp;amp;&lt;/text&gt;" in made.svg
    assert "{{ first_name }}" in made.svg


def test_a_colour_of_the_brand_reaches_the_picture():
    assert tuple(pixels(drawn(CARD, first_name="L", code="x", ground="#ff0000"))[2, 2]) == (255, 0, 0)
    assert tuple(pixels(drawn(CARD, first_name="L", code="x"))[2, 2]) == (0xF4, 0xF1, 0xEA)


# -- fitting ---------------------------------------------------------------------------------------------------------


def box(**more):
    return Box(**{"x": 0, "y": 0, "width": 400, "height": 100, "size": 60, "least": 20, **more})


def test_words_that_fit_keep_their_size():
    said = fitted("Léa", box(), LETTERS)

    assert (said.lines, said.size, said.was_cut) == (("Léa",), 60, False)


def test_words_shrink_before_they_are_cut():
    said = fitted("Maximilian-Alexander", box(), LETTERS)

    assert said.lines == ("Maximilian-Alexander",) and 20 <= said.size < 60 and not said.was_cut
    assert LETTERS.width("Maximilian-Alexander") * said.size <= 400
    assert LETTERS.width("Maximilian-Alexander") * (said.size + 1) > 400, "the largest size that fits"


def test_words_are_wrapped_whole_where_lines_are_allowed():
    said = fitted("Maximilian Alexander von Hohenstein", box(lines=3, height=200), LETTERS)

    assert " ".join(said.lines) == "Maximilian Alexander von Hohenstein" and len(said.lines) > 1
    assert said.size > fitted("Maximilian Alexander von Hohenstein", box(), LETTERS).size


def test_what_does_not_fit_at_the_smallest_size_is_cut_with_an_ellipsis_and_said():
    said = fitted("Donaudampfschifffahrt" * 10, box(), LETTERS)

    assert said.was_cut and said.size == 20 and said.lines[0].endswith("…")
    assert LETTERS.width(said.lines[0]) * 20 <= 400


def test_a_long_word_alone_is_broken_over_the_lines_there_are():
    said = fitted("Donaudampfschifffahrtsgesellschaft", box(lines=3, width=200, least=30), LETTERS)

    assert "".join(said.lines).rstrip("…") in "Donaudampfschifffahrtsgesellschaft"
    assert len(said.lines) == 2, "three lines of 30 pixels do not stand in 100"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200), st.integers(1, 4))
def test_no_line_ever_leaves_its_box(text, lines):
    wanted = box(lines=lines, height=160)
    said = fitted(text, wanted, LETTERS)

    assert len(said.lines) <= lines and 20 <= said.size <= 60
    assert all(LETTERS.width(line) * said.size <= 400.001 or len(clusters(line)) == 1 for line in said.lines)


def test_the_pixels_stay_in_the_box():
    """The measure and the drawing agree: nothing but the ground is seen beyond 40..560."""
    for name in (
        "W" * 200,
        "Anne-Charlotte de La Rochefoucauld-Montbel",
        "عبد الرحمن بن محمد بن عبد العزيز الأنصاري",
        "ליאורה",
    ):
        seen = pixels(drawn(CARD, first_name=name, code="X"))
        ground = seen[2, 2]
        assert (seen[:, :38] == ground).all() and (seen[:, 562:] == ground).all()
        assert (seen[42:158, 40:560] != ground).any()


def test_a_name_of_two_hundred_letters_is_cut():
    made = drawn(CARD, first_name="Ÿ" * 200, code="X")
    assert [one.kind for one in made.remarks] == ["cut"]


def test_french_keeps_its_sign_with_its_word():
    said = fitted("Bienvenue chez nous\u202f!", box(lines=2, width=330, height=160), LETTERS)

    assert said.lines[-1].endswith("nous\u202f!")


# -- scripts ---------------------------------------------------------------------------------------------------------


def test_arabic_is_joined_and_runs_to_the_left():
    assert reads_right_to_left("مرحبا Léa") and not reads_right_to_left("Léa مرحبا")
    whole, apart = LETTERS.width("محمد"), sum(LETTERS.width(letter) for letter in "محمد")
    assert whole < apart, "letters in a word are joined"

    made = drawn(CARD, first_name="مرحبا 12!", code="X")
    seen = pixels(made)[40:160] != pixels(made)[2, 2]
    columns = np.flatnonzero(seen.any(axis=(0, 2)))
    left = drawn(CARD, first_name="!", code="X")
    assert "\u2067مرحبا 12!\u2069" in made.svg, "isolated, so that the sign stands at the left"
    assert columns.min() < 60 and left.remarks == ()


def test_a_value_cannot_turn_what_stands_around_it():
    made = drawn(CARD, first_name="\u202eLéa\u2066", code="X")

    assert "\u202e" not in made.svg and "\u2066" not in made.svg


def test_letters_that_no_font_has_are_left_out_and_said():
    made = drawn(CARD, first_name="Léa 🎉", code="漢")

    assert [(one.kind, one.words) for one in made.remarks] == [("letters", "🎉"), ("letters", "漢")]
    assert "🎉" not in re.sub(r"<title>.*?</title>", "", made.svg)


def test_signs_are_cut_whole():
    assert clusters("e\u0301a") == ["e\u0301", "a"]
    assert clusters("👩‍🌾🇫🇷🇩🇪👍🏽") == ["👩‍🌾", "🇫🇷", "🇩🇪", "👍🏽"]


# -- fonts -----------------------------------------------------------------------------------------------------------


def test_a_font_says_its_family_weight_and_slant():
    font = font_of(renamed_font("Maison Text", bold=True), "maison.ttf")

    assert (font.family, font.weight, font.is_slanted) == ("Maison Text", 700, False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"wOF2" + b"\0" * 99,
        b"ttcf" + b"\0" * 99,
        b"\0\1\0\0" + b"\xff" * 400,
        b"OTTO",
        font_bytes()[:900],
    ],
)
def test_what_is_no_font_is_refused(data):
    with pytest.raises(FontRefused) as caught:
        font_of(data, "x.ttf")
    assert caught.value.place == "x.ttf" and caught.value.hint


def test_words_are_drawn_with_the_brands_font_and_measured_with_it(tmp_path):
    path = tmp_path / "maison"
    path.write_bytes(renamed_font(bold=True))
    shelf = FontShelf((FontFile(str(path), "Maison Text", 700),), runs)
    svg = CARD.replace('font-family="sans-serif"', 'font-family="Maison Text, serif" font-weight="600"')

    made = drawn(svg, shelf, first_name="Léa", code="X")

    assert made.faces == {("Maison Text", 700, False)}
    drawn_with, without = png_of(made.svg, shelf.used(made.faces)), png_of(made.svg, SHELF.files)
    assert drawn_with != without
    assert drawn(CARD, first_name="Léa", code="X").faces == {("DejaVu Sans", 400, False)}


def test_an_exported_svg_holds_the_letters_that_it_needs():
    made = drawn(CARD, first_name="Léa", code="X")
    fonts = [one for one in SHELF.used(made.faces) if one.weight == 400]

    whole = with_fonts(made.svg, fonts, "LéaX")

    data = base64.b64decode(re.search(r"base64,([^)]+)\)", whole)[1])
    assert font_of(data, "x").family == "DejaVu Sans" and len(data) < 20_000


@pytest.mark.parametrize("name", SHIPPED)
def test_templates_that_ship_can_be_drawn(name):
    template = read_template(shipped_template(name), f"{name}.svg")
    values = {one.name: "Léa" for one in template.variables if one.kind == "text"}

    made = draw(template, checked_values(template, values), SHELF)

    picture = Image.open(BytesIO(png_of(made.svg, SHELF.files)))
    assert picture.size == (template.width, template.height)
    assert not template.left_out and template.title
