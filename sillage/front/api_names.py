"""Names of the shapes in the OpenAPI document: each shape's own, though two rooms call theirs alike.

Django Ninja keys shapes by the name of their class, and of two that are called alike only the last one was described.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ninja.openapi import schema as ninja
from ninja.schema import NinjaGenerateJsonSchema
from pydantic.json_schema import CoreModeRef, DefsRef

SHAPES = "#/components/schemas/"
# Such as sillage.studio.api.texts.CommentShape:94, and sillage.governance.shapes.Rows:95[CommentShape:94].
_FULL = re.compile(r"(?P<module>[a-z0-9_]+)__(?P<name>_?[A-Z]\w*?)__\d+(?P<held>_\w+_)?(?P<way>-Input|-Output)?")


class _InFull(NinjaGenerateJsonSchema):
    """Names every shape with its module and the number by which Python knows its class."""

    def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
        made = super().get_defs_ref(core_mode_ref)
        full = DefsRef(self.normalize_name(core_mode_ref[0].replace(":", ".")))
        way = "Input" if core_mode_ref[1] == "validation" else "Output"
        self._prioritized_defsref_choices[made] = [full, DefsRef(f"{full}-{way}"), made]
        return made


vars(ninja)["NinjaGenerateJsonSchema"] = _InFull  # the one way in that it leaves


def with_short_names(document: dict[str, Any]) -> dict[str, Any]:
    """Each shape called by its class; where several would be called so, with its room, or room and module, before it."""
    shapes = document["components"]["schemas"]
    parts = {full: _parts(full) for full in shapes}
    names = _short([full for full, part in parts.items() if not part["held"]])
    for full in (full for full, part in parts.items() if part["held"]):  # Rows[Shape] is called after what it holds
        names[full] = "_".join((parts[full]["name"], *(names[held] for held in _referred(shapes[full])), ""))
    renamed: dict[str, Any] = _renamed(document, names)
    schemas = {names[full]: shape for full, shape in renamed["components"]["schemas"].items()}
    return {**renamed, "components": {**renamed["components"], "schemas": schemas}}


def _parts(full: str) -> re.Match[str]:
    found = _FULL.fullmatch(full)
    if found is None:
        raise ValueError(f"{full} is no shape's full name")
    return found


def _short(full_names: list[str]) -> dict[str, str]:
    alike = defaultdict(list)
    for full in full_names:
        part = _parts(full)
        alike[part["name"] + (part["way"] or "")].append((full, part["module"].split("__")))
    names: dict[str, str] = {}
    for name, group in alike.items():
        levels = ([said(module) + name for _, module in group] for said in (_nothing, _room, _room_and_module))
        chosen = next(level for level in levels if len(set(level)) == len(group))
        names.update(zip((full for full, _ in group), chosen, strict=True))
    return names


def _nothing(module: list[str]) -> str:
    return ""


def _room(module: list[str]) -> str:
    return "".join(part.capitalize() for part in module[1:2])


def _room_and_module(module: list[str]) -> str:
    return _room(module) + "".join(part.capitalize() for part in module[-1].split("_"))


def _referred(part: Any) -> Iterator[str]:
    """Full names of the shapes that are referred to below `part`."""
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        if isinstance(inner, str) and inner.startswith(SHAPES):
            yield inner.removeprefix(SHAPES)
        else:
            yield from _referred(inner)


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """The part with every reference in it under the new name."""
    if isinstance(part, list):
        return [_renamed(inner, names) for inner in part]
    if isinstance(part, dict):
        return {key: _renamed(inner, names) for key, inner in part.items()}
    if isinstance(part, str) and part.startswith(SHAPES):
        return SHAPES + names[part.removeprefix(SHAPES)]
    return part
