"""Templates of pictures: an SVG drawing with variables in its words and colours, filled so that words stay in their boxes.

Words with `{{ a_name }}` stand in a text element with data-box="x y width height", where they are shrunk, wrapped and
at last cut (engine/text_fitting.py). A colour is a variable where data-fill, data-stroke or data-stop-color names it;
the drawing's own colour stands where none is given. A value is text: whatever is in it, it is never markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.studio.engine.lettering import Face, Found, Shelf
from sillage.studio.engine.svg_pictures import Embedded, embedded_pictures
from sillage.studio.engine.svg_reading import SVG, Node, SvgRefused, read_svg
from sillage.studio.engine.text_fitting import Box, Letters, directed, fitted, reads_right_to_left

LEAST_SIDE, MOST_SIDE, MOST_POINTS = 16, 4096, 12_000_000
MOST_VARIABLES = 40
PAINTS = ("fill", "stroke", "stop-color")
_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)(?:px)?\s*")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_INHERITED = ("font-family", "font-size", "font-weight", "font-style", "text-anchor", "letter-spacing")
_WEIGHTS = {"normal": 400, "bold": 700}


class ValueMissing(Malformed):
    """A variable of the template has no value; `place` names it."""

    title = "Value missing"


@dataclass(frozen=True, slots=True)
class Variable:
    """What is filled in. A colour has the drawing's own as default; words have none."""

    name: str
    kind: Literal["text", "colour"]
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person should look at: words were cut, or letters that no font has were left out."""

    kind: Literal["cut", "letters"]
    words: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A filled template. `faces` are (family, weight, slanted) that its words use."""

    svg: str
    remarks: tuple[Remark, ...]
    faces: frozenset[tuple[str, int, bool]]


@dataclass(frozen=True)
class Template:
    """A template that was read: pixels, variables in the order of the file, embedded pictures, what was left out."""

    root: Node
    width: int
    height: int
    variables: tuple[Variable, ...]
    pictures: tuple[Embedded, ...]
    left_out: tuple[str, ...] = ()

    @cached_property
    def title(self) -> str:
        return _own(self.root, "title")

    @cached_property
    def description(self) -> str:
        return _own(self.root, "desc")

    @cached_property
    def faces(self) -> tuple[tuple[Face, str], ...]:
        """(face, place) of every text."""
        return tuple((_face(seen), node.place) for node, seen in _texts(self.root, {}) if node.words.strip())

    @property
    def name(self) -> str:
        """The title without braces."""
        return _VARIABLE.sub(r"\1", self.title)

    @property
    def alt(self) -> str:
        """Alt text that a rule proposes: what the drawing says of itself, or the words that stand in it."""
        said = [part for part in (self.title, self.description) if part]
        return ". ".join(part.rstrip(".") for part in said or self._words())[:500]

    def _words(self) -> list[str]:
        return [" ".join(node.words.split()) for node, _ in _texts(self.root, {}) if node.words.strip()]


def read_template(data: bytes, name: str) -> Template:
    """Raises SvgRefused, with file:line:column and what would be right."""
    root, left_out = read_svg(data, name)
    width, height = _size(root)
    variables: dict[str, Variable] = {}
    for variable in _variables(root):
        kept = variables.setdefault(variable.name, variable)
        if kept.kind != variable.kind:
            raise SvgRefused(
                Sentence("“%(variable)s” is a colour and words.", variable=variable.name),
                Sentence("Give them two names."),
                root.place,
            )
    if len(variables) > MOST_VARIABLES:
        raise SvgRefused(
            Sentence("%(variables_count)s variables are many.", variables_count=len(variables)),
            Sentence("Use up to %(most_variables)s.", most_variables=MOST_VARIABLES),
            root.place,
        )
    for node, seen in _texts(root, {}):
        _box(node, seen)
    return Template(root, width, height, tuple(variables.values()), embedded_pictures(root), left_out)


def _own(root: Node, name: str) -> str:
    found = next((child for child in root.children if isinstance(child, Node) and child.name == name), None)
    return " ".join(found.words.split())[:300] if found else ""


def _number(value: str | None) -> float | None:
    found = _NUMBER.fullmatch(value or "")
    return float(found[1]) if found else None


def _size(root: Node) -> tuple[int, int]:
    corners = re.split(r"[\s,]+", root.attributes.get("viewBox", "").strip())
    box = [_number(part) for part in corners] if len(corners) == 4 else [None] * 4
    width, height = (_number(root.attributes.get(side)) or box[at] for side, at in (("width", 2), ("height", 3)))
    if not width or not height:
        raise SvgRefused(
            Sentence("The drawing has no size."), Sentence('Give it width="1080" height="1080", in pixels.'), root.place
        )
    if not (LEAST_SIDE <= width <= MOST_SIDE and LEAST_SIDE <= height <= MOST_SIDE and width * height <= MOST_POINTS):
        raise SvgRefused(
            Sentence("The drawing has %(width)s × %(height)s pixels.", width=f"{width:.0f}", height=f"{height:.0f}"),
            Sentence(
                "Sides have %(least_side)s to %(most_side)s pixels, the whole up to %(most_points)s million.",
                least_side=LEAST_SIDE,
                most_side=MOST_SIDE,
                most_points=f"{MOST_POINTS / 1000000.0:.0f}",
            ),
            root.place,
        )
    root.attributes |= {"width": f"{width:g}", "height": f"{height:g}"}
    if None in box or not (box[2] and box[3] and box[2] > 0 and box[3] > 0):
        root.attributes["viewBox"] = f"0 0 {width:g} {height:g}"
    return round(width), round(height)


def _variables(root: Node) -> Iterator[Variable]:
    for node in root.walk():
        for paint in PAINTS:
            if (name := node.attributes.get(f"data-{paint}")) is not None:
                yield Variable(_named(name, node), "colour", _colour_of(node, paint))
        if node.name in ("text", "title", "desc"):
            for found in _VARIABLE.finditer(node.words):
                yield Variable(_named(found[1], node), "text")
            if "{{" in _VARIABLE.sub("", node.words):
                raise SvgRefused(Sentence("A {{ is not closed."), Sentence("Write {{ first_name }}."), node.place)


def _named(name: str, node: Node) -> str:
    if _NAME.fullmatch(name) is None:
        raise SvgRefused(
            Sentence("“%(name)s” cannot name a variable.", name=name[:40]),
            Sentence("Write small letters and _, as in {{ first_name }}."),
            node.place,
        )
    return name


def _colour_of(node: Node, paint: str) -> str:
    said = node.attributes.get(paint, "")
    if COLOUR.fullmatch(said) is None:
        raise SvgRefused(
            Sentence("data-%(paint)s has no colour to begin with.", paint=paint),
            Sentence('Write %(paint)s="#1d4ed8" too.', paint=paint),
            node.place,
        )
    return said.lower()


def _texts(node: Node, above: Mapping[str, str]) -> Iterator[tuple[Node, dict[str, str]]]:
    """(text element, what holds for it of itself and of what is around it)."""
    seen = {**above, **{key: node.attributes[key] for key in _INHERITED if key in node.attributes}}
    if node.name == "text":
        yield node, seen
        return
    for child in node.children:
        if isinstance(child, Node):
            yield from _texts(child, seen)


def _face(seen: Mapping[str, str]) -> Face:
    names = [part.strip().strip("'\"") for part in seen.get("font-family", "sans-serif").split(",")]
    weight = seen.get("font-weight", "400")
    return Face(
        tuple(name for name in names if name),
        _WEIGHTS.get(weight, int(weight) if weight.isdecimal() else 400),
        seen.get("font-style", "normal") in ("italic", "oblique"),
    )


def _box(node: Node, seen: Mapping[str, str]) -> Box | None:
    """The box of a text; None where it has none and needs none. Raises SvgRefused."""
    given = node.attributes.get("data-box")
    if given is None:
        if _VARIABLE.search(node.words):
            raise SvgRefused(
                Sentence("Words with a variable have no box to stay in."),
                Sentence('Add data-box="x y width height".'),
                node.place,
            )
        return None
    sides = [_number(part) for part in re.split(r"[\s,]+", given.strip())]
    size = _number(seen.get("font-size"))
    if len(sides) != 4 or None in sides or size is None or not 4 <= size <= 1000:
        raise SvgRefused(
            Sentence("A box is four numbers, and its words have a font-size in pixels (4 to 1000)."),
            Sentence('Write font-size="72" data-box="90 300 900 200".'),
            node.place,
        )
    x, y, width, height = (side or 0.0 for side in sides)
    least = _number(node.attributes.get("data-least")) or max(4.0, round(size / 2))
    lines = _number(node.attributes.get("data-lines")) or 1
    if not (width > 0 and height >= least and 4 <= least <= size and 1 <= lines <= 20 and lines == int(lines)):
        raise SvgRefused(
            Sentence(
                "The box of %(width)s × %(height)s does not hold a line of %(least)s pixels.",
                width=f"{width:g}",
                height=f"{height:g}",
                least=f"{least:g}",
            ),
            Sentence("data-least is at most font-size and the box’s height; data-lines 1 to 20."),
            node.place,
        )
    return Box(x, y, width, height, size, least, int(lines), _number(seen.get("letter-spacing")) or 0.0)


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """Words with their variables filled in. Raises ValueMissing."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise ValueMissing(
                Sentence("“%(found)s” has no value.", found=found[1]), Sentence("Give it one."), found[1]
            )
        return values[found[1]]

    return _VARIABLE.sub(value, pattern)


def draw(template: Template, values: Mapping[str, str], shelf: Shelf) -> Drawn:
    """The template filled with `checked_values`, as SVG that refers to nothing outside but fonts of the shelf."""
    drawing = _Drawing(values, shelf)
    return Drawn(drawing.written(template.root, {}), tuple(drawing.remarks), frozenset(drawing.faces))


class _Drawing:
    """One filling of a template: writes it element by element and gathers what is to be said."""

    def __init__(self, values: Mapping[str, str], shelf: Shelf) -> None:
        self.values, self.shelf = values, shelf
        self.remarks: list[Remark] = []
        self.faces: set[tuple[str, int, bool]] = set()

    def written(self, node: Node, above: Mapping[str, str]) -> str:
        if node.name == "text":
            return self._text(node, {**above, **_pick(node.attributes)})
        attributes = {key: value for key, value in node.attributes.items() if not key.startswith("data-")}
        attributes |= self._paints(node)
        if node.name == "svg":
            attributes = {"xmlns": SVG, **attributes}
        seen = {**above, **_pick(node.attributes)}
        inner = "".join(
            escape(filled(child, self.values)) if isinstance(child, str) else self.written(child, seen)
            for child in _joined(node)
        )
        return _element(node.name, attributes, inner)

    def _paints(self, node: Node) -> dict[str, str]:
        return {
            paint: self.values[node.attributes[f"data-{paint}"]]
            for paint in PAINTS
            if f"data-{paint}" in node.attributes
        }

    def _text(self, node: Node, seen: Mapping[str, str]) -> str:
        found = self.shelf.find(_face(seen))
        if found is None:
            raise SvgRefused(
                Sentence("No font for “%(split)s”.", split=" ".join(node.words.split())[:40]),
                Sentence("Upload the font."),
                node.place,
            )
        self.faces.add((found.family, found.weight, found.is_slanted))
        attributes = {key: value for key, value in node.attributes.items() if not key.startswith("data-")}
        attributes |= self._paints(node) | {
            "font-family": found.family,
            "font-weight": str(found.weight),
            "font-style": "italic" if found.is_slanted else "normal",
        }
        box = _box(node, seen)
        if box is None:
            inner = "".join(
                escape(child) if isinstance(child, str) else self.written(child, seen) for child in node.children
            )
            return _element("text", attributes, inner)
        words = self._sayable(filled(node.words, self.values), found)
        return self._boxed(attributes, words, box, found.letters, node, seen)

    def _sayable(self, words: str, found: Found) -> str:
        lacking = found.lacking(words)
        if lacking:
            self.remarks.append(Remark("letters", lacking))
            words = "".join(sign for sign in words if sign not in lacking)
        return words

    def _boxed(
        self, attributes: dict[str, str], words: str, box: Box, letters: Letters, node: Node, seen: Mapping[str, str]
    ) -> str:
        said = fitted(words, box, letters, node.attributes.get("data-across", "middle"))
        if said.was_cut:
            self.remarks.append(Remark("cut", " ".join(words.split()), " ".join(said.lines)))
        anchor = seen.get("text-anchor", "start")
        x = box.x + {"middle": box.width / 2, "end": box.width}.get(anchor, 0.0)
        attributes |= {"font-size": f"{said.size:g}"}
        attributes.pop("dx", None), attributes.pop("dy", None)
        to_the_left = reads_right_to_left(words)
        lines = [
            _element("tspan", {"x": f"{x:g}", "y": f"{y:g}"}, escape(directed(line, to_the_left=to_the_left)))
            for line, y in zip(said.lines, said.baselines, strict=True)
        ]
        return _element("text", attributes, "".join(lines))


def _pick(attributes: Mapping[str, str]) -> dict[str, str]:
    return {key: attributes[key] for key in _INHERITED if key in attributes}


def _joined(node: Node) -> list[Node | str]:
    """Children; words of a title as one, since expat may give them in pieces."""
    return [node.words] if node.name in ("title", "desc") else node.children


def _element(name: str, attributes: Mapping[str, str], inner: str) -> str:
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"
