"""Reading imported taxonomies, the links between their versions, and where the themes stand in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Count

from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.taxonomy import Category
from sillage.understanding.engine.taxonomy_mapping import Meanings, path_text
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.lens import embedder_settings, open_embedder
from sillage.understanding.models import TaxonomyLink, TaxonomyNode

THEMES_TAXONOMY, THEMES_VERSION = "iab-content", "3.1"


@dataclass(frozen=True, slots=True)
class Imported:
    taxonomy: str
    version: str
    categories: int


@dataclass(frozen=True, slots=True)
class Linked:
    """How many links lead from one version to another, and how many of them are proposals of Sillage."""

    taxonomy: str
    from_version: str
    to_version: str
    published: int
    proposed: int


@dataclass(frozen=True, slots=True)
class ThemePlace:
    """A theme, its IAB id, and the category's path in the imported taxonomy; () when that is not imported."""

    theme: str
    code: str
    path: tuple[str, ...]


def list_imported(workspace_id: int) -> list[Imported]:
    rows = TaxonomyNode.objects.filter(workspace_id=workspace_id).values_list("taxonomy", "version")
    return [Imported(*row) for row in rows.annotate(n=Count("pk")).order_by("taxonomy", "version")]


def list_linked(workspace_id: int) -> list[Linked]:
    rows = TaxonomyLink.objects.filter(workspace_id=workspace_id)
    counts: dict[tuple[str, str, str], list[int]] = {}
    for *way, is_published, n in rows.values_list("taxonomy", "from_version", "to_version", "is_published").annotate(
        n=Count("pk")
    ):
        counts.setdefault((way[0], way[1], way[2]), [0, 0])[0 if is_published else 1] += n
    return [Linked(*way, *n) for way, n in sorted(counts.items())]


def categories_of(workspace_id: int, taxonomy: str, version: str) -> list[Category]:
    """Those of an imported version, by code. Raises NotFound when it is not imported."""
    rows = TaxonomyNode.objects.filter(workspace_id=workspace_id, taxonomy=taxonomy, version=version).order_by("path")
    found = [Category(row.code, row.parent_code, row.name, tuple(row.path)) for row in rows]
    if not found:
        raise NotFound(
            Sentence("%(taxonomy)s %(version)s is not imported.", taxonomy=taxonomy, version=version),
            Sentence(
                "Import its file: `sillage taxonomy import FILE.tsv --taxonomy %(taxonomy)s --version %(version)s`.",
                taxonomy=taxonomy,
                version=version,
            ),
        )
    return found


def links_of(workspace_id: int, taxonomy: str, from_version: str, to_version: str) -> list[TaxonomyLink]:
    """The links of one way, published ones first, then by falling confidence."""
    rows = TaxonomyLink.objects.filter(
        workspace_id=workspace_id, taxonomy=taxonomy, from_version=from_version, to_version=to_version
    )
    return list(rows.order_by("-is_published", "-confidence", "from_code"))


def places_of_themes(workspace_id: int) -> list[ThemePlace]:
    """Every theme with its place in the Content Taxonomy 3.1, as imported."""
    rows = TaxonomyNode.objects.filter(workspace_id=workspace_id, taxonomy=THEMES_TAXONOMY, version=THEMES_VERSION)
    paths = {code: tuple(path) for code, path in rows.values_list("code", "path")}
    return [ThemePlace(theme.id, theme.iab, paths.get(theme.iab, ())) for theme in theme_set().themes]


def meanings_of(categories: Sequence[Category]) -> Meanings | None:
    """Dense vectors of names and paths; None when the embedder is off."""
    embedder = open_embedder(embedder_settings())
    if embedder is None:
        return None
    names = np.asarray(embedder.embed([category.name for category in categories]), dtype=np.float32)
    return Meanings(names, np.asarray(embedder.embed([path_text(c) for c in categories]), dtype=np.float32))
