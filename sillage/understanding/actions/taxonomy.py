"""Taking in taxonomies and cross-walks as they are published, and proposing a cross-walk where none is."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.taxonomy import TaxonomyMalformed, crosswalk_of, taxonomy_of
from sillage.understanding.engine.taxonomy_mapping import proposals
from sillage.understanding.models import TaxonomyLink, TaxonomyNode
from sillage.understanding.queries.taxonomy import categories_of, meanings_of

_TAXONOMY, _VERSION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}"), re.compile(r"[0-9][0-9a-z.]{0,9}")


class TaxonomyNameMalformed(Malformed):
    """A taxonomy or a version cannot be called so."""


def _refuse_names(taxonomy: str, *versions: str) -> None:
    if not _TAXONOMY.fullmatch(taxonomy):
        raise TaxonomyNameMalformed(
            Sentence("“%(taxonomy)s” is no name of a taxonomy.", taxonomy=taxonomy),
            Sentence("Write one like iab-content."),
        )
    for version in versions:
        if not _VERSION.fullmatch(version):
            raise TaxonomyNameMalformed(
                Sentence("“%(version)s” is no version.", version=version), Sentence("Write one like 3.1.")
            )


@transaction.atomic
def import_taxonomy(*, file: str, content: str, taxonomy: str, version: str, actor: Actor, now: datetime) -> int:
    """Take in a version of a taxonomy from its TSV; the same version again is replaced. Returns how many categories."""
    require(actor, Right.CATALOGUE)
    _refuse_names(taxonomy, version)
    found = taxonomy_of(file, content)
    of = {"workspace_id": actor.workspace_id, "taxonomy": taxonomy, "version": version}
    TaxonomyNode.objects.filter(**of).delete()
    TaxonomyNode.objects.bulk_create(
        [TaxonomyNode(**of, code=c.code, parent_code=c.parent, name=c.name, path=list(c.path)) for c in found]
    )
    _record(
        actor, now, taxonomy, {"version": version, "categories": len(found)}, verb="understanding.taxonomy_imported"
    )
    return len(found)


@transaction.atomic
def link_taxonomy(
    *, file: str, content: str, taxonomy: str, from_version: str, to_version: str, actor: Actor, now: datetime
) -> int:
    """Take in a published cross-walk between two imported versions; it replaces what was linked. Returns how many links.

    Links to codes that an imported version does not have are refused by name.
    """
    require(actor, Right.CATALOGUE)
    _refuse_names(taxonomy, from_version, to_version)
    pairs = crosswalk_of(file, content)
    for version, codes in ((from_version, {a for a, _ in pairs}), (to_version, {b for _, b in pairs})):
        known = TaxonomyNode.objects.filter(workspace_id=actor.workspace_id, taxonomy=taxonomy, version=version)
        held = set(known.values_list("code", flat=True))
        if held and codes - held:
            raise TaxonomyMalformed(
                Sentence(
                    "%(file)s names “%(codes)s”, which %(taxonomy)s %(version)s does not have.",
                    file=file,
                    codes=sorted(codes - held)[0],
                    taxonomy=taxonomy,
                    version=version,
                ),
                Sentence("Check the versions, or import the file that has it."),
                f"{file}:1:1",
            )
    _keep(actor.workspace_id, taxonomy, from_version, to_version, [(a, b, 1.0) for a, b in pairs], is_published=True)
    facts = {"from": from_version, "to": to_version, "links": len(pairs)}
    _record(actor, now, taxonomy, facts, verb="understanding.taxonomy_linked")
    return len(pairs)


@transaction.atomic
def propose_links(*, taxonomy: str, from_version: str, to_version: str, actor: Actor, now: datetime) -> int:
    """Propose what each category of a version is in another, where nothing published says it. Returns how many."""
    require(actor, Right.CATALOGUE)
    _refuse_names(taxonomy, from_version, to_version)
    categories = categories_of(actor.workspace_id, taxonomy, from_version)
    others = categories_of(actor.workspace_id, taxonomy, to_version)
    links = TaxonomyLink.objects.filter(
        workspace_id=actor.workspace_id, taxonomy=taxonomy, from_version=from_version, to_version=to_version
    )
    said = set(links.filter(is_published=True).values_list("from_code", flat=True))
    open_ = [category for category in categories if category.code not in said]
    found = proposals(open_, others, meanings_of(open_), meanings_of(others)) if open_ else []
    rows = [(p.code, p.to_code, p.confidence) for p in found]
    _keep(actor.workspace_id, taxonomy, from_version, to_version, rows, is_published=False)
    facts = {"from": from_version, "to": to_version, "proposed": len(found)}
    _record(actor, now, taxonomy, facts, verb="understanding.taxonomy_links_proposed")
    return len(found)


def _keep(
    workspace_id: int,
    taxonomy: str,
    from_version: str,
    to_version: str,
    rows: list[tuple[str, str, float]],
    *,
    is_published: bool,
) -> None:
    """Replace the links of a way: a published cross-walk replaces proposals too, proposals only proposals."""
    of = {
        "workspace_id": workspace_id,
        "taxonomy": taxonomy,
        "from_version": from_version,
        "to_version": to_version,
    }
    old = TaxonomyLink.objects.filter(**of)
    (old if is_published else old.filter(is_published=False)).delete()
    TaxonomyLink.objects.bulk_create(
        [
            TaxonomyLink(**of, from_code=a, to_code=b, is_published=is_published, confidence=round(sure, 4))
            for a, b, sure in rows
        ]
    )


def _record(actor: Actor, now: datetime, taxonomy: str, facts: dict[str, Any], *, verb: str) -> None:
    governance.record(verb=verb, subject_kind="taxonomy", subject_id=taxonomy, actor=actor, now=now, facts=facts)
