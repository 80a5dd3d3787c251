"""What draws and signs pictures, in this process or in others: it knows no table, and all that it is given can be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sillage.adapters.credentials import Certificate, Credentials, Ingredient
from sillage.adapters.pictures import FontFile, FontShelf, png_of, with_fonts
from sillage.campaigns.engine.provenance import has_credentials
from sillage.lib.errors import Malformed
from sillage.studio.engine.digital_source import Source, manifest_of, png_with, svg_with, xmp
from sillage.studio.engine.picture_batch import Fault, Statement
from sillage.studio.engine.svg_reading import carries_credentials
from sillage.studio.engine.svg_template import Drawn, Remark, draw, filled, read_template
from sillage.studio.engine.svg_values import checked_values
from sillage.studio.engine.text_fitting import runs

TOOL = "Sillage"
PNG, SVG = "image/png", "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Order:
    """All that pictures of a template are made of: the file as it came, the brand's fonts, what is stated, who signs."""

    svg: bytes
    file_name: str
    fonts: tuple[FontFile, ...]
    statement: Statement
    version: str  # of Sillage
    certificate: Certificate | None = None  # without one pictures are looked at only


@dataclass(frozen=True, slots=True)
class MadePicture:
    """A finished file with its SHA-256 in hex, its alt text and what a person should look at."""

    data: bytes
    sha256: str
    media_type: str
    alt: str
    remarks: tuple[Remark, ...]


class Press:
    """A template set up for printing: called with values, it gives pictures. Raises what is wrong with the values."""

    def __init__(self, order: Order) -> None:
        self.order, self.statement = order, order.statement
        self.template = read_template(order.svg, order.file_name)
        self.shelf = FontShelf(order.fonts, runs)
        self.ingredients = self._ingredients()
        self._credentials = Credentials(order.certificate) if order.certificate else None
        self._manifest = manifest_of(
            Source(self.statement.source),
            title=self.statement.template,
            tool=(TOOL, order.version),
            template=self.statement.template,
            digest=hashlib.sha256(order.svg).hexdigest(),
            components=[one.label for one in self.ingredients if not one.is_parent],
            has_parent=any(one.is_parent for one in self.ingredients),
        )

    def __call__(self, values: Mapping[str, str]) -> MadePicture:
        """One PNG."""
        said = checked_values(self.template, values)
        drawn, alt = draw(self.template, said, self.shelf), self.alt(said)
        png = png_with(png_of(drawn.svg, self.shelf.used(drawn.faces)), self._xmp(alt))
        return self._signed(png, PNG, alt, drawn)

    def as_svg(self, values: Mapping[str, str]) -> MadePicture:
        """The same as SVG, with the letters that it needs inside."""
        said = checked_values(self.template, values)
        drawn, alt = draw(self.template, said, self.shelf), self.alt(said)
        fonts = [f for f in self.shelf.used(drawn.faces) if (f.family, f.weight, f.is_slanted) in drawn.faces]
        inside = with_fonts(drawn.svg, fonts, self.template.root.words + "".join(said.values()))
        return self._signed(svg_with(inside, self._xmp(alt)).encode(), SVG, alt, drawn)

    def preview(self, values: Mapping[str, str], width: int | None = None) -> tuple[bytes, Drawn]:
        """A PNG to look at: not signed, no values kept."""
        drawn = draw(self.template, checked_values(self.template, values), self.shelf)
        return png_of(drawn.svg, self.shelf.used(drawn.faces), width), drawn

    def alt(self, values: Mapping[str, str]) -> str:
        return filled(self.statement.alt, values)[:1_000]

    def row(self, work: tuple[int, Mapping[str, str]]) -> MadePicture | Fault:
        """One row of a table: a picture, or why there is none."""
        number, values = work
        try:
            return self(values)
        except Malformed as refusal:
            message, hint = refusal.untold
            return Fault(number, refusal.place, message, hint)

    def _xmp(self, alt: str) -> str:
        return xmp(Source(self.statement.source), alt, f"{TOOL} {self.order.version}")

    def _signed(self, data: bytes, media_type: str, alt: str, drawn: Drawn) -> MadePicture:
        assert self._credentials is not None  # who exports has a certificate
        made = self._credentials.signed(data, media_type, self._manifest, self.ingredients)
        return MadePicture(made, hashlib.sha256(made).hexdigest(), media_type, alt, drawn.remarks)

    def _ingredients(self) -> list[Ingredient]:
        """What came with credentials of its own goes out with them."""
        found = [
            Ingredient(f"picture-{n}", f"Picture {n} of the template", one.media_type, one.data)
            for n, one in enumerate(self.template.pictures, 1)
            if has_credentials(one.data, one.media_type)
        ]
        if carries_credentials(self.order.svg):
            found.insert(0, Ingredient("template", self.order.file_name, SVG, self.order.svg, is_parent=True))
        return found


class Row:
    """A press in a process of its own, for `Crew`."""

    def __init__(self, order: Order) -> None:
        self._press = Press(order)

    def __call__(self, work: tuple[int, Mapping[str, str]]) -> MadePicture | Fault:
        return self._press.row(work)
