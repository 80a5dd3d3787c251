"""The mappings that come with Sillage."""

from __future__ import annotations

from functools import cache
from importlib import resources

from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.engine.mapping_parser import parse_mapping
from sillage.lib.errors import NotFound


class MappingUnknown(NotFound):
    """No mapping has this name."""


@cache
def shipped_mappings() -> dict[str, Mapping]:
    """All of them by name, e.g. "youtube-trending"."""
    folder = resources.files("sillage.catalogue.mappings")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    parsed = [parse_mapping(file.read_text(encoding="utf-8"), file.name) for file in files]
    return {mapping.name: mapping for mapping in parsed}
