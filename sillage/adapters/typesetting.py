"""Pages as PDF: a typst template and data. What people typed is data, never markup, and no template reads files or the
network: the fonts are those that come with typst, the root is an empty folder and there are no packages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

PICTURE_PPI = 96.0


def pdf(template: bytes, data: Mapping[str, Any], at: datetime) -> bytes:
    """The template set with `data` (JSON), as a tagged PDF, accessible (PDF/UA-1) where the fonts have all its signs.

    The same template, data and instant give the same bytes.
    """
    made = _set(template, data, "pdf", at)
    assert isinstance(made, bytes)
    return made


def pictures(template: bytes, data: Mapping[str, Any], at: datetime) -> list[bytes]:
    """The same pages as PNG, one after the other."""
    made = _set(template, data, "png", at)
    return made if isinstance(made, list) else [made]


def _set(template: bytes, data: Mapping[str, Any], kind: Literal["pdf", "png"], at: datetime) -> bytes | list[bytes]:
    with tempfile.TemporaryDirectory(prefix="sillage-typst-") as empty:
        compiler = typst.Compiler(
            root=Path(empty),
            font_paths=[],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            package_path=Path(empty),
            package_cache_path=Path(empty),
        )
        made = _compiled(compiler, template, kind, int(at.timestamp()), is_accessible=kind == "pdf")
    assert made is not None  # without an output file the bytes come back
    return made


def _compiled(
    compiler: typst.Compiler, template: bytes, kind: Literal["pdf", "png"], at: int, *, is_accessible: bool
) -> bytes | list[bytes] | None:
    """PDF/UA-1 promises that every sign can be shown; a text with one that the fonts lack (an emoji) goes without it."""
    try:
        return compiler.compile(
            template, format=kind, timestamp=at, pdf_standards=["ua-1"] if is_accessible else [], ppi=PICTURE_PPI
        )
    except typst.TypstError as error:
        if not is_accessible or "could not be displayed" not in error.message:
            raise
        return _compiled(compiler, template, kind, at, is_accessible=False)
