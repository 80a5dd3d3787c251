"""SVG as it came, read with distrust: nothing but what is named here is kept, and everything has its place in the file.

A document type is refused whole, so that no entity can be declared and none can grow or reach outside. There is no
script, no style sheet, no event, no animation, no reference but to a gradient, a clip or a picture inside the file.
What refers to itself many times (`use`, `pattern`, nested clips) is not there either: a small file must not become a
large drawing. Sources: SVG 2, section 5 and 13; OWASP, XML External Entity Prevention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Decimals, Grouped, Sentence

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
MOST_BYTES = 6_000_000
MOST_ELEMENTS, MOST_DEPTH = 5_000, 40
MOST_LEFT_OUT = 20

ELEMENTS = frozenset(
    {
        *("svg", "g", "defs", "title", "desc", "text", "tspan", "image", "clipPath"),
        *("rect", "circle", "ellipse", "line", "polyline", "polygon", "path"),
        *("linearGradient", "radialGradient", "stop"),
    }
)
PRESENTATION = frozenset(
    {
        *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap"),
        *("stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "color"),
        *("display", "visibility", "clip-path", "clip-rule", "stop-color", "stop-opacity", "paint-order"),
        *("font-family", "font-size", "font-weight", "font-style", "text-anchor", "letter-spacing"),
    }
)
ATTRIBUTES = PRESENTATION | {
    *("id", "transform", "x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2"),
    *("dx", "dy", "points", "d", "offset", "fx", "fy", "fr", "viewBox", "preserveAspectRatio"),
    *("gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits", "href"),
    *("data-fill", "data-stroke", "data-stop-color", "data-box", "data-lines", "data-least", "data-across"),
}
_SILENT = frozenset({"class", "version", "style", "role", "baseProfile", "contentScriptType", "contentStyleType"})
_INSTEAD = {
    "script": Sentence("A template does nothing by itself: take the script out."),
    "style": Sentence(
        "Export with presentation attributes instead of CSS (Illustrator: Styling; Inkscape: plain SVG)."
    ),
    "foreignObject": Sentence("Write words as <text>."),
    "use": Sentence("Expand symbols into shapes before the export."),
    "symbol": Sentence("Expand symbols into shapes before the export."),
    "pattern": Sentence("Draw the pattern, or put it in as a picture."),
    "filter": Sentence("Put the effect in as a picture."),
    "mask": Sentence("Use <clipPath>, or put it in as a picture."),
    "a": Sentence("A picture holds no links: take the link off."),
    "textPath": Sentence("Write the words on a straight line."),
}
_TEXTS = frozenset({"text", "tspan", "title", "desc"})
_INSIDE = re.compile(r"url\(\s*(['\"]?)#[\w.:-]+\1\s*\)(?:\s+[#\w(),.% -]+)?")
_COLOUR_WORDS = re.compile(r"url|[\\@<>]|expression|javascript|data:", re.IGNORECASE)


class SvgRefused(Malformed):
    """A template is SVG of the kind that is drawn here; `place` is file:line:column."""

    title = "SVG refused"


@dataclass(slots=True)
class Node:
    """An element as it may be kept: `name` and attributes without namespaces, children in order, where it began."""

    name: str
    attributes: dict[str, str]
    place: str
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in the order of the file."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    @property
    def words(self) -> str:
        """All text in it."""
        return "".join(child if isinstance(child, str) else child.words for child in self.children)


def read_svg(data: bytes, name: str) -> tuple[Node, tuple[str, ...]]:
    """(the drawing, what was left out of it). `name` is the file's, for places. Raises SvgRefused."""
    if len(data) > MOST_BYTES:
        raise SvgRefused(
            Sentence(
                "The file has %(data_count)s MB; up to %(most_bytes)s MB are taken.",
                data_count=Decimals(len(data) / 1e6),
                most_bytes=f"{MOST_BYTES / 1000000.0:.0f}",
            ),
            Sentence("Put smaller pictures into it."),
            name,
        )
    reader = _Reader(name)
    reader.read(data)
    if reader.root is None:
        raise SvgRefused(Sentence("The file is not SVG."), Sentence("Export the drawing as SVG."), name)
    _refuse_nested_clips(reader.root)
    return reader.root, tuple(sorted(reader.left_out)[:MOST_LEFT_OUT])


class _Reader:
    """Builds the tree from expat's events; what is not allowed stops it where it stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.left_out: set[str] = set()
        self._open: list[Node] = []
        self._skipping = 0
        self._count = 0
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    @property
    def place(self) -> str:
        return f"{self.name}:{self._parser.CurrentLineNumber}:{self._parser.CurrentColumnNumber + 1}"

    def read(self, data: bytes) -> None:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            place = f"{self.name}:{error.lineno}:{error.offset + 1}"
            said = expat.ErrorString(error.code)
            raise SvgRefused(
                Sentence("The file is not well-formed: %(said)s.", said=said),
                Sentence("Export it again as SVG."),
                place,
            ) from error

    def _doctype(self, *_given: object) -> None:
        raise SvgRefused(
            Sentence("The file declares a document type, which may hold entities."),
            Sentence("Delete the line <!DOCTYPE …>; SVG needs none."),
            self.place,
        )

    def _start(self, qualified: str, given: dict[str, str]) -> None:
        space, _, name = qualified.rpartition(" ")
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise SvgRefused(
                Sentence("The drawing has more than %(most_elements)s elements.", most_elements=Grouped(MOST_ELEMENTS)),
                Sentence("Simplify it."),
                self.place,
            )
        if self._skipping or name == "metadata" or (space != SVG and self.root is not None):
            self._skipping += 1
            self.left_out |= {f"<{name}>"} if self._skipping == 1 and name != "metadata" else set()
            return
        if self.root is None and (space != SVG or name != "svg"):
            hint = Sentence('Begin with <svg xmlns="%(svg)s">.', svg=SVG)
            raise SvgRefused(Sentence("The file begins with <%(name)s> instead of SVG.", name=name), hint, self.place)
        if name not in ELEMENTS or (name == "svg" and self.root is not None):
            raise SvgRefused(Sentence("<%(name)s> is not taken in a template.", name=name), _hint(name), self.place)
        if len(self._open) >= MOST_DEPTH:
            raise SvgRefused(
                Sentence("Elements stand %(most_depth)s deep in each other.", most_depth=MOST_DEPTH),
                Sentence("Ungroup them."),
                self.place,
            )
        node = Node(name, self._attributes(name, given), self.place)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, _name: str) -> None:
        if self._skipping:
            self._skipping -= 1
        else:
            self._open.pop()

    def _text(self, text: str) -> None:
        if not self._skipping and self._open and self._open[-1].name in _TEXTS:
            self._open[-1].children.append(text)

    def _attributes(self, element: str, given: dict[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for qualified, value in given.items():
            space, _, name = qualified.rpartition(" ")
            if name.lower().startswith("on") and not space:
                raise SvgRefused(
                    Sentence("%(name)s= would run a script.", name=name), Sentence("Take it out."), self.place
                )
            if name == "href" and space in ("", XLINK):
                kept["href"] = self._reference(element, value)
            elif space or name not in ATTRIBUTES:
                self.left_out |= set() if space or name in _SILENT or name.startswith("data-") else {f"{name}="}
            else:
                kept[name] = self._value(name, value)
        return kept | self._styled(given.get("style", ""))

    def _reference(self, element: str, value: str) -> str:
        said = value.strip()
        if element.endswith("Gradient") and re.fullmatch(r"#[\w.:-]+", said):
            return said
        if element == "image" and re.match(r"data:image/(png|jpeg|webp);base64,", said):
            return said
        shown = said[:40] + ("…" if len(said) > 40 else "")
        raise SvgRefused(
            Sentence(
                "<%(element)s> refers to “%(shown)s”; nothing outside the file is read.", element=element, shown=shown
            ),
            Sentence("Embed the picture (PNG, JPEG or WebP as data:image/…;base64)."),
            self.place,
        )

    def _value(self, name: str, value: str) -> str:
        said = value.strip()
        if name in PRESENTATION and _COLOUR_WORDS.search(said) and not _INSIDE.fullmatch(said):
            raise SvgRefused(
                Sentence("%(name)s=“%(said)s” refers to something outside the file.", name=name, said=said[:40]),
                Sentence("Write a colour, or url(#id) of a gradient or clip in the file."),
                self.place,
            )
        return said

    def _styled(self, style: str) -> dict[str, str]:
        """A style attribute as presentation attributes, which are drawn alike."""
        kept = {}
        for declaration in style.split(";"):
            name, colon, value = declaration.partition(":")
            name = name.strip()
            if not colon or not name or name.startswith("-"):
                continue
            said = self._value(name if name in PRESENTATION else "fill", value.replace("!important", ""))
            if name in PRESENTATION:
                kept[name] = said
        return kept


def _hint(name: str) -> str:
    if name.lower().startswith(("animate", "set")):
        return Sentence("A picture does not move: take the animation out.")
    known = ", ".join(sorted(ELEMENTS))
    return _INSTEAD.get(name, Sentence("Use shapes, gradients, pictures and text: %(known)s.", known=known))


def _refuse_nested_clips(root: Node) -> None:
    """A clip whose contents are clipped could be drawn thousands of times over."""
    for clip in (node for node in root.walk() if node.name == "clipPath"):
        for inner in clip.walk():
            if "clip-path" in inner.attributes or inner.name == "image":
                raise SvgRefused(
                    Sentence("A clip holds a clip or a picture."),
                    Sentence("Unite the shapes of the clip."),
                    inner.place,
                )


def carries_credentials(data: bytes) -> bool:
    """Whether an SVG file carries C2PA in its metadata (C2PA 2.1, A.3.3)."""
    return re.search(rb"<(\w+:)?manifest\b[^>]*>\s*[A-Za-z0-9+/]", data) is not None and b"c2pa" in data
