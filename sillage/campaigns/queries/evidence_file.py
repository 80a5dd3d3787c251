"""Everything about one collaboration, as the members of its evidence file (engine/evidence_zip.py)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, Value

from sillage.adapters import blobs
from sillage.campaigns.engine.evidence_zip import as_json
from sillage.campaigns.models import Collaboration, ContractVersion, Deliverable, Draft, LiveMatch
from sillage.governance import queries as governance
from sillage.governance.engine.approval_file import read_approval_file
from sillage.governance.models import Receipt
from sillage.lib.errors import NotFound

LARGEST_FILE, LARGEST_FILES = 10 << 20, 100 << 20  # bytes of one picture or film, and of all; larger ones by hash alone
README = """Evidence of one collaboration, written by Sillage.

  sillage evidence verify FILE        checks it without a database; --key KEY says which key you trust

manifest.json    what the file holds, by SHA-256, signed by the workspace's key
brief.json       what was asked for
collaboration.json, contracts/, deliverables/, payments.json, numbers.json
approvals/       who said yes or no to exactly what; each file is signed by itself
ledger.json      the entries about this collaboration

It proves that nothing in it was changed since it was signed, and which key signed it. Each entry of the ledger proves its
own words. An extract cannot prove that no other entry was left out: compare "head" with the workspace's ledger for that.
What stands under "left_out" was too large: its hash is here, its bytes are with the workspace.

Preuves d'une collaboration. `sillage evidence verify FICHIER` les vérifie sans base de données. Si la vérification réussit,
rien n'y a été modifié depuis la signature. Un extrait du registre ne prouve pas qu'aucune autre ligne n'a été omise.
"""


def subjects_of(collaboration: Collaboration) -> list[tuple[str, str]]:
    """What entries and approvals about the collaboration name: itself, its contracts, deliverables, payments; in one query."""
    first, *others = (
        rows.order_by().values_list(Value(kind), "pk")
        for kind, rows in (
            ("contract", collaboration.contracts),
            ("deliverable", collaboration.deliverables),
            ("payment", collaboration.payments),
            ("consideration", collaboration.considerations),
            ("shipment", collaboration.shipments),
        )
    )
    found = sorted(first.union(*others, all=True))
    return [("collaboration", str(collaboration.pk)), *((kind, str(key)) for kind, key in found)]


def evidence_members(collaboration: Collaboration, now: datetime) -> tuple[dict[str, bytes], dict[str, str]]:
    """The members by path, and the public keys that signed some of them, by name."""
    members: dict[str, bytes] = {"README.txt": README.encode()}
    for collect in (_brief, _collaboration, _contracts, _deliverables, _payments, _numbers):
        members.update(collect(collaboration))
    approvals = dict(_approvals(collaboration, now))
    keys = {name: key for body in approvals.values() for name, key in read_approval_file(body).keys.items()}
    extract = governance.ledger_extract(collaboration.workspace_id, subjects_of(collaboration))
    return {**members, **approvals, "ledger.json": as_json(extract.model_dump(mode="json"))}, keys


def _plain(value: Any) -> Any:
    """JSON for what a row holds: amounts and instants as text, bytes in hexadecimal."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
        case Mapping():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value


def _row(row: Model, *left_out: str) -> dict[str, Any]:
    """The columns of a row, but its keys into other tables' rows that mean nothing outside."""
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in left_out
    }


def _brief(collaboration: Collaboration) -> Iterator[tuple[str, bytes]]:
    campaign = collaboration.campaign
    brief = campaign.brief
    asked = {"title": brief.title, "text": brief.text, "created_at": _plain(brief.created_at)} if brief else None
    yield "brief.json", as_json({"campaign": _row(campaign, "workspace_id"), "brief": asked})


def _collaboration(collaboration: Collaboration) -> Iterator[tuple[str, bytes]]:
    granted = collaboration.considerations.order_by("pk")
    moves = collaboration.moves.order_by("pk")
    yield (
        "collaboration.json",
        as_json(
            {
                "collaboration": _row(collaboration, "workspace_id"),
                "considerations": [_row(one) for one in granted],
                "moves": [_row(one) for one in moves],
            }
        ),
    )


def _contracts(collaboration: Collaboration) -> Iterator[tuple[str, bytes]]:
    versions = ContractVersion.objects.filter(contract__collaboration=collaboration).exclude(sent_at=None)
    for version in versions.select_related("contract__void").prefetch_related("signatures").order_by("pk"):
        folder = f"contracts/{version.contract_id}"
        pdf = _kept(collaboration.workspace_id, version.pdf_sha256)
        path = f"{folder}/v{version.number}.pdf" if pdf is not None else None
        void = getattr(version.contract, "void", None)
        names = (
            "party",
            "name",
            "signed_at",
            "pdf_sha256",
            "text_sha256",
            "member_id",
            "link_id",
            "approval_id",
            "digest",
        )
        signatures = [{n: _plain(getattr(one, n)) for n in names} for one in version.signatures.all().order_by("pk")]
        copied = ("language", "terms", "parts", "text_sha256", "pdf_sha256", "sent_at")
        yield (
            f"{folder}/v{version.number}.json",
            as_json(
                {
                    **{name: _plain(getattr(version, name)) for name in copied},
                    "contract": version.contract_id,
                    "version": version.number,
                    "pdf": path,
                    "void": _row(void) if void else None,
                    "signatures": signatures,
                }
            ),
        )
        if pdf is not None and path is not None:
            yield path, pdf


def _kept(workspace_id: int, sha256: str) -> bytes | None:
    """A kept file; None where it was erased."""
    try:
        return blobs.read(workspace_id, sha256)
    except NotFound:
        return None


def _deliverables(collaboration: Collaboration) -> Iterator[tuple[str, bytes]]:
    room = LARGEST_FILES
    for deliverable in collaboration.deliverables.order_by("pk"):
        folder = f"deliverables/{deliverable.pk}"
        yield f"{folder}/asked.json", as_json(_row(deliverable, "workspace_id"))
        for draft in deliverable.drafts.order_by("number"):
            files, left_out = _files(collaboration.workspace_id, draft, f"{folder}/v{draft.number}", room)
            room -= sum(map(len, files.values()))
            yield f"{folder}/v{draft.number}.json", as_json(_draft(draft, left_out))
            yield from files.items()
        yield from _live(deliverable, folder)


def _draft(draft: Draft, left_out: Sequence[str]) -> dict[str, Any]:
    return {
        "draft": _row(draft),
        "files": [_row(one) for one in draft.files.order_by("position")],
        "left_out": list(left_out),
        "findings": [_row(one) for one in draft.checks.order_by("pk")],
        "verdicts": [_row(one) for one in draft.verdicts.order_by("pk")],
    }


def _files(workspace_id: int, draft: Draft, folder: str, room: int) -> tuple[dict[str, bytes], list[str]]:
    """The pictures and films that have room, by path, and the hashes of those left out."""
    found: dict[str, bytes] = {}
    left_out = []
    for file in draft.files.order_by("position"):
        fits = file.size <= min(LARGEST_FILE, room)
        body = _kept(workspace_id, file.sha256) if fits else None
        if body is None:
            left_out.append(file.sha256)
            continue
        room -= len(body)
        found[f"{folder}/{file.position}-{file.sha256}"] = body
    return found, left_out


def _live(deliverable: Deliverable, folder: str) -> Iterator[tuple[str, bytes]]:
    """The confirmed post: each time it was seen, with the network's own answer where it may still be kept."""
    for match in LiveMatch.objects.filter(deliverable=deliverable, standing="confirmed").order_by("pk"):
        seen = list(match.evidence.order_by("pk"))
        told = [{**_row(one, "raw"), "raw": f"{folder}/live-{one.pk}.raw" if one.raw else None} for one in seen]
        yield f"{folder}/live.json", as_json({"match": _row(match), "evidence": told})
        for one in seen:
            if one.raw:
                yield f"{folder}/live-{one.pk}.raw", zlib.decompress(bytes(one.raw))


def _payments(collaboration: Collaboration) -> Iterator[tuple[str, bytes]]:
    found = [_row(one, "workspace_id") for one in collaboration.payments.order_by("pk")]
    if found:
        yield "payments.json", as_json(found)


def _numbers(collaboration: Collaboration) -> Iterator[tuple[str, bytes]]:
    """The newest receipt of each number about the account and the collaboration."""
    asked: Callable[..., dict[str, dict[str, Receipt]]] = governance.latest_receipts
    workspace_id = collaboration.workspace_id
    found = asked(workspace_id, "collaboration", [str(collaboration.pk)])
    if collaboration.account_id is not None:
        found = {**found, **asked(workspace_id, "account", [str(collaboration.account_id)])}
    receipts = [_row(one, "id", "workspace_id") for by_metric in found.values() for one in by_metric.values()]
    yield "numbers.json", as_json(sorted(receipts, key=lambda one: (one["subject_kind"], one["metric"])))


def _approvals(collaboration: Collaboration, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Requests on which somebody gave their word, each as a signed file."""
    asked = governance.requests_about(collaboration.workspace_id, subjects_of(collaboration))
    for key in sorted(asked.filter(approvals__isnull=False, erased_at=None).values_list("pk", flat=True).distinct()):
        yield f"approvals/{key}.json", governance.approval_file(collaboration.workspace_id, key, now)
