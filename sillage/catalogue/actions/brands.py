"""A workspace's brands: named, changed, removed; one by one or from a file.

Another list of brands is another version of the enricher `brands`: every post is due for it again, and for what builds on
it. Whoever changes brands has the posts read anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from sillage.catalogue.engine.brand_file import BrandLine
from sillage.catalogue.engine.brands import BrandSaid, Sign, key_from, key_given, plain_brand
from sillage.catalogue.models import Brand
from sillage.catalogue.queries import brand_as_said, get_brand, list_brands
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Workspace
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence

MOST_BRANDS = 2_000


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that did not come in, at file:line, and why."""

    place: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class BrandsImported:
    """What became of a file's lines."""

    new: int
    changed: int
    same: int
    refused: tuple[RefusedLine, ...]


class BrandTaken(Refusal):
    """Another brand is known by this already."""


class BrandChanged(Refusal):
    """Somebody changed the brand meanwhile."""


class TooManyBrands(Refusal):
    """The workspace has as many brands as it may."""


@transaction.atomic
def add_brand(*, said: BrandSaid, actor: Actor, now: datetime, key: str = "") -> Brand:
    """Have a brand's mentions looked for. Its key is taken from the name unless given, and stays for good.

    Raises BrandMalformed naming the field, BrandTaken naming the brand that has a name, a handle or a hashtag already.
    """
    require(actor, Right.CATALOGUE)
    brand = _Shelf(actor.workspace_id).add(plain_brand(said), key)
    _record(brand, actor, now, verb="catalogue.brand_added")
    return brand


@transaction.atomic
def change_brand(
    *,
    key: str,
    actor: Actor,
    now: datetime,
    name: str | None = None,
    aliases: Sequence[str] | None = None,
    handles: Sequence[str] | None = None,
    hashtags: Sequence[str] | None = None,
    sector: str | None = None,
    seen: str = "",
) -> Brand:
    """Change what is given and leave the rest; the key stays, so that briefs and signals mean the same brand.

    `seen` is the stamp of the brand as it was shown: raises BrandChanged where it is another one by now.
    """
    require(actor, Right.CATALOGUE)
    shelf = _Shelf(actor.workspace_id)
    brand = get_brand(actor.workspace_id, key)
    before = brand_as_said(brand)
    if seen and seen != before.stamp:
        raise BrandChanged(
            Sentence("Somebody else changed %(name)s meanwhile.", name=brand.name),
            Sentence("Look at it as it is now, then change it again."),
        )
    given = {"name": name, "aliases": aliases, "handles": handles, "hashtags": hashtags, "sector": sector}
    changes = {field: value for field, value in given.items() if value is not None}
    after = plain_brand(replace(before, **changes))  # type: ignore[arg-type]
    shelf.change(brand, after)
    fields = [field for field in given if getattr(before, field) != getattr(after, field)]
    _record(brand, actor, now, verb="catalogue.brand_changed", fields=fields)
    return brand


@transaction.atomic
def remove_brand(*, key: str, actor: Actor, now: datetime) -> None:
    """Have a brand looked for no more.

    Nothing that refers to it is rewritten: briefs, corrections, topics and campaigns hold its key, as what people said at the
    time, and show the key where the name is gone. A kept brief may go on naming it and finds nobody by it; signals, profiles
    and cards are made without it at the next reading. A brand of the same name gets the same key and takes all that up again.
    """
    require(actor, Right.CATALOGUE)
    _Shelf(actor.workspace_id)
    brand = get_brand(actor.workspace_id, key)
    brand.delete()
    _record(brand, actor, now, verb="catalogue.brand_removed")


@transaction.atomic
def import_brands(*, file: str, lines: Sequence[BrandLine], actor: Actor, now: datetime) -> BrandsImported:
    """Bring in the lines of a file. A brand that is there already gets what its line adds; nothing is taken from it."""
    require(actor, Right.CATALOGUE)
    shelf = _Shelf(actor.workspace_id)
    counts = dict.fromkeys(("new", "changed", "same"), 0)
    refused: list[RefusedLine] = []
    for line in lines:
        try:
            counts[shelf.take_in(line.said)] += 1
        except (Malformed, BrandTaken, TooManyBrands) as refusal:
            refused.append(RefusedLine(line.place, refusal))
    governance.record(
        verb="catalogue.brands_imported",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={
            "file": file[:200],
            "rows": len(lines),
            "new": counts["new"],
            "changed": counts["changed"],
            "same": counts["same"],
            "refused": len(refused),
        },
    )
    return BrandsImported(**counts, refused=tuple(refused))


def _record(brand: Brand, actor: Actor, now: datetime, *, verb: str, **facts: object) -> None:
    governance.record(
        verb=verb,
        subject_kind="brand",
        subject_id=brand.key,
        actor=actor,
        now=now,
        facts={"name": brand.name, **facts},
    )


class _Shelf:
    """A workspace's brands, held by whoever changes them until their transaction ends, and who has which sign."""

    def __init__(self, workspace_id: int) -> None:
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)
        self._workspace_id = workspace_id
        self._brands = {brand.key: brand for brand in list_brands(workspace_id)}
        self._holders: dict[Sign, str] = {}
        for brand in self._brands.values():
            self._hold(brand.key, brand_as_said(brand))

    def add(self, said: BrandSaid, key: str = "") -> Brand:
        if len(self._brands) >= MOST_BRANDS:
            raise TooManyBrands(
                Sentence("The workspace has %(most)s brands already.", most=MOST_BRANDS),
                Sentence("Remove those that nobody asks for."),
            )
        key = key_given(key) if key else key_from(said.name)
        self._refuse_taken(said.signs(), key="")
        if key in self._brands:
            raise BrandTaken(
                Sentence("%(name)s has the key “%(key)s” already.", name=self._brands[key].name, key=key),
                Sentence("Change that brand, or give this one another key with the API or `sillage brands add --key`."),
            )
        brand = Brand(workspace_id=self._workspace_id, key=key)
        self._keep(brand, said)
        self._brands[key] = brand
        return brand

    def change(self, brand: Brand, said: BrandSaid) -> None:
        self._refuse_taken(said.signs(), key=brand.key)
        self._holders = {sign: key for sign, key in self._holders.items() if key != brand.key}
        self._keep(brand, said)

    def take_in(self, given: BrandSaid | Refusal) -> str:
        """Add the brand of a line, or to the one of that name. Returns new, changed or same."""
        if isinstance(given, Refusal):
            raise given
        sign, _ = next(given.signs())
        known = self._brands.get(self._holders.get(sign, ""))
        before = brand_as_said(known) if known else None
        if known is None or before is None or next(before.signs())[0] != sign:
            self.add(given)
            return "new"
        after = before.together_with(given)
        if after == before:
            return "same"
        self.change(known, after)
        return "changed"

    def _keep(self, brand: Brand, said: BrandSaid) -> None:
        brand.name, brand.sector = said.name, said.sector
        brand.aliases, brand.handles, brand.hashtags = list(said.aliases), list(said.handles), list(said.hashtags)
        brand.save()
        self._hold(brand.key, said)

    def _hold(self, key: str, said: BrandSaid) -> None:
        for sign, _ in said.signs():
            self._holders.setdefault(sign, key)

    def _refuse_taken(self, signs: Iterable[tuple[Sign, str]], key: str) -> None:
        for sign, written in signs:
            holder = self._holders.get(sign, key)
            if holder != key:
                raise BrandTaken(
                    Sentence("“%(said)s” is %(name)s already.", said=written, name=self._brands[holder].name),
                    Sentence("A mention means one brand: take it off that one first, or leave it out here."),
                )
