"""Pictures drawn on the server: a Vega-Lite specification in the colours of the page, as SVG."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

import vl_convert

from sillage.desk.engine.theme_chart import Ground

Side = Literal["light", "dark"]
WIDTHS = (300, 480, 640, 880)  # pixels; the page chooses by the room that it has


@cache
def ground_of(side: Side) -> Ground:
    """The colours of one side of the tokens (static/sillage/css/tokens.css)."""
    css = resources.files("sillage.desk").joinpath("static/sillage/css/tokens.css").read_text(encoding="utf8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    tokens = {name: light if side == "light" else dark for name, light, dark in pairs}
    return Ground(
        surface=tokens["surface"],
        ink=tokens["ink"],
        soft=tokens["ink-soft"],
        line=tokens["line"],
        tones=tuple(tokens[f"tone-{n}"] for n in range(1, 7)),
        others=tokens["line-strong"],
        none=tokens["line"],
    )


def svg_of(chart: dict[str, Any]) -> str:
    """A Vega-Lite specification drawn; the same one is drawn once."""
    return _drawn(json.dumps(chart, sort_keys=True))


@lru_cache(maxsize=256)
def _drawn(chart: str) -> str:
    svg: str = vl_convert.vegalite_to_svg(chart)
    return svg
