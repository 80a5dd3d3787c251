"""Drawing SVG: letters shaped by HarfBuzz, pictures by resvg. Neither reads a network, and no font but those that are given.

The two must agree: words are measured with the very files with which they are drawn, and in their order, because a letter
that a font lacks is taken from the next that has it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Protocol

import resvg_py
import uharfbuzz as hb

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Decimals, Sentence

MOST_FONT = 10_000_000  # bytes
SHIPPED = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
SHIPPED_FAMILY = "DejaVu Sans"
GENERIC = ("sans-serif", "serif", "monospace", "system-ui", SHIPPED_FAMILY)
_MAGIC = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_INSTEAD = {
    b"wOFF": Sentence("a WOFF file"),
    b"wOF2": Sentence("a WOFF2 file"),
    b"ttcf": Sentence("a collection of fonts"),
}
_ITALIC, _OBLIQUE = 1, 1 << 9  # OS/2 fsSelection
_INVISIBLE = frozenset("\u200b\u200c\u200d\ufe0e\ufe0f\u00ad\u2060\n\t ")


class FontRefused(Malformed):
    """A file is no TrueType or OpenType font with a name and letters; `place` is the file's name."""

    title = "Font refused"


class PictureFailed(Malformed):
    """The drawing cannot be made into a picture."""

    title = "Picture not drawn"


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font on the disk, and how pages call it."""

    path: str
    family: str
    weight: int = 400
    is_slanted: bool = False


class Wanted(Protocol):
    """What is asked of a shelf."""

    @property
    def families(self) -> tuple[str, ...]: ...

    @property
    def weight(self) -> int: ...

    @property
    def is_slanted(self) -> bool: ...


def font_of(data: bytes, name: str) -> FontFile:
    """What a font file says of itself, without a path. Raises FontRefused."""
    if len(data) > MOST_FONT:
        raise FontRefused(
            Sentence("“%(name)s” has %(data_count)s MB.", name=name, data_count=Decimals(len(data) / 1e6)),
            Sentence("Up to %(most_font)s MB are taken.", most_font=f"{MOST_FONT / 1000000.0:.0f}"),
            name,
        )
    if data[:4] not in _MAGIC:
        instead = _INSTEAD.get(data[:4], Sentence("no font"))
        raise FontRefused(
            Sentence("“%(name)s” is %(said)s.", name=name, said=instead),
            Sentence("Upload the font as TTF or OTF."),
            name,
        )
    face = hb.Face(hb.Blob(data))
    names = (hb.OTNameIdPredefined.TYPOGRAPHIC_FAMILY, hb.OTNameIdPredefined.FONT_FAMILY)
    family = next((said for key in names if (said := (face.get_name(key) or "").strip())), "")
    if face.glyph_count < 2 or not len(face.unicodes) or not family or any(c in family for c in "\"'<>&,;\\"):
        raise FontRefused(
            Sentence("“%(name)s” holds no letters, or no name.", name=name),
            Sentence("Export the font again as TTF or OTF."),
            name,
        )
    table = face.reference_table("OS/2").data
    flags = int.from_bytes(table[62:64], "big")
    weight = int.from_bytes(table[4:6], "big") if len(table) >= 64 else 400
    return FontFile("", family[:100], min(1000, max(1, weight)), bool(flags & (_ITALIC | _OBLIQUE)))


@lru_cache(maxsize=1)
def shipped_fonts() -> tuple[FontFile, ...]:
    """The fonts that come with Sillage: Latin, Greek, Cyrillic, Arabic, Hebrew letters and more."""
    folder = Path(str(resources.files("sillage.adapters") / "fonts"))
    return tuple(
        FontFile(str(folder / name), SHIPPED_FAMILY, 700 if "Bold" in name else 400, False) for name in SHIPPED
    )


class _Font:
    """One opened font file: what it can shape."""

    def __init__(self, path: str) -> None:
        face = hb.Face(hb.Blob.from_file_path(path))
        self.font, self.upem = hb.Font(face), float(face.upem)
        self.has = frozenset(face.unicodes)
        extents = self.font.get_font_extents("ltr")
        self.ascent, self.descent = extents.ascender / self.upem, -extents.descender / self.upem

    def width(self, text: str) -> float:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self.font, buffer, {})
        return sum(float(position.x_advance) for position in buffer.glyph_positions) / self.upem


@lru_cache(maxsize=64)
def _opened(path: str) -> _Font:
    return _Font(path)


class FontLetters:
    """Letters of a font, with those that it lacks from the next fonts that have them."""

    def __init__(self, fonts: Sequence[_Font], runs: Runs) -> None:
        self._fonts, self._runs = fonts, runs
        self.ascent, self.descent = fonts[0].ascent, fonts[0].descent

    def width(self, text: str) -> float:
        """In parts of the size."""
        return sum(self._font_for(run).width(run) for whole, _ in self._runs(text) for run in self._split(whole))

    def lacking(self, text: str) -> str:
        missing = {c for c in text if c not in _INVISIBLE and not any(ord(c) in font.has for font in self._fonts)}
        return "".join(sorted(missing))

    def _font_for(self, run: str) -> _Font:
        return next(
            (font for font in self._fonts if all(ord(c) in font.has or c in _INVISIBLE for c in run)), self._fonts[0]
        )

    def _split(self, run: str) -> list[str]:
        """The run where one font has it all; else where the font changes."""
        if all(ord(c) in self._fonts[0].has or c in _INVISIBLE for c in run):
            return [run]
        found: list[str] = []
        before = None
        for sign in run:
            font = before if sign in _INVISIBLE and before else self._font_for(sign)
            if found and font is before:
                found[-1] += sign
            else:
                found.append(sign)
            before = font
        return found


class Runs(Protocol):
    """Cuts a text where its direction changes: (run, whether it runs to the left)."""

    def __call__(self, text: str, /) -> list[tuple[str, bool]]: ...


@dataclass(frozen=True, slots=True)
class ShelfFont:
    """A font that was found: its name as it is written into the drawing."""

    family: str
    weight: int
    is_slanted: bool
    letters: FontLetters

    def lacking(self, text: str) -> str:
        """Letters that no font of the shelf has, each once."""
        return self.letters.lacking(text)


class FontShelf:
    """A workspace's own fonts before those that ship. `runs` cuts a text where its direction changes."""

    def __init__(self, own: Iterable[FontFile], runs: Runs) -> None:
        self.files = (*own, *shipped_fonts())
        self._runs = runs
        self._found: dict[tuple[str, int, bool], ShelfFont] = {}

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(file.family for file in self.files))

    def find(self, wanted: Wanted) -> ShelfFont | None:
        """The nearest font of the first family that is there; generic names are answered by what ships."""
        for name in wanted.families:
            family = SHIPPED_FAMILY if name.lower() in GENERIC else name
            same = [file for file in self.files if file.family.casefold() == family.casefold()]
            if same:
                return self._font(
                    min(same, key=lambda f: (f.is_slanted != wanted.is_slanted, abs(f.weight - wanted.weight)))
                )
        return None

    def _font(self, file: FontFile) -> ShelfFont:
        key = (file.family, file.weight, file.is_slanted)
        if key not in self._found:
            fonts = [_opened(one.path) for one in (file, *(f for f in shipped_fonts() if f is not file))]
            self._found[key] = ShelfFont(*key, FontLetters(fonts, self._runs))
        return self._found[key]

    def used(self, faces: Iterable[tuple[str, int, bool]]) -> list[FontFile]:
        """The files of these faces, and what ships behind them."""
        wanted = set(faces)
        own = [f for f in self.files if (f.family, f.weight, f.is_slanted) in wanted and f not in shipped_fonts()]
        return [*own, *shipped_fonts()]


def png_of(svg: str, fonts: Sequence[FontFile], width: int | None = None) -> bytes:
    """The drawing as PNG, in its own size or that wide. Raises PictureFailed."""
    try:
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            skip_system_fonts=True,
            font_files=[font.path for font in fonts],
            sans_serif_family=SHIPPED_FAMILY,
        )
    except ValueError as error:
        raise PictureFailed(
            Sentence("The drawing cannot be made: %(error)s.", error=str(error)[:200]),
            Sentence("Simplify the template."),
        ) from error


def with_fonts(svg: str, fonts: Sequence[FontFile], text: str) -> str:
    """The drawing with the letters of `text` inside, so that it looks the same where the fonts are not installed."""
    faces = "".join(_face(font, text) for font in fonts)
    at = svg.index(">") + 1
    return f"{svg[:at]}<style>{faces}</style>{svg[at:]}"


def _face(font: FontFile, text: str) -> str:
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update(sorted({ord(sign) for sign in text} | {0x20, 0x2026}))
    made = hb.subset(hb.Face(hb.Blob.from_file_path(font.path)), wanted)
    data = base64.b64encode(made.blob.data).decode()
    style = "italic" if font.is_slanted else "normal"
    return (
        f'@font-face{{font-family:"{font.family}";font-weight:{font.weight};font-style:{style};'
        f"src:url(data:font/ttf;base64,{data})}}"
    )
