"""A workspace's brands, and how many accounts mention them."""

from __future__ import annotations

from psycopg import sql

from sillage.catalogue.engine.brands import BrandSaid
from sillage.catalogue.models import Brand
from sillage.catalogue.queries.card_conditions import fetch, get_corpus
from sillage.catalogue.queries.card_facets import ROLLUP_FROM
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

_FROM_ROLLUP = "SELECT value, cards FROM catalogue_cardfacet WHERE workspace_id = {} AND facet = 'brand'"
_FROM_CARDS = "SELECT v, count(*) FROM catalogue_card, unnest(brands) v WHERE workspace_id = {} GROUP BY v"


def get_brand(workspace_id: int, key: str) -> Brand:
    """Raises NotFound."""
    found = Brand.objects.filter(workspace_id=workspace_id, key=key).first()
    if found is None:
        raise NotFound(
            Sentence("No brand has the key “%(key)s” in this workspace.", key=key[:100]),
            Sentence("See them on the page of brands, or with `sillage brands list`."),
        )
    return found


def brand_as_said(brand: Brand) -> BrandSaid:
    """The brand as people wrote it."""
    return BrandSaid(brand.name, tuple(brand.aliases), tuple(brand.handles), tuple(brand.hashtags), brand.sector)


def mentions_of_brands(workspace_id: int) -> dict[str, int]:
    """How many accounts' cards have each brand: {key: accounts}. Brands without any are left out.

    In a large installation they are as facets were last counted.
    """
    of_workspace = sql.Literal(workspace_id)
    if get_corpus().cards >= ROLLUP_FROM:
        counted = fetch(sql.SQL(_FROM_ROLLUP).format(of_workspace))
        if counted:
            return dict(counted)
    return dict(fetch(sql.SQL(_FROM_CARDS).format(of_workspace)))
