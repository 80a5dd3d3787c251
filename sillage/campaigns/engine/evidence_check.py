"""Checking an evidence file without a database: the manifest's signature, each member, and what members prove alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sillage.campaigns.engine.contract_text import text_sha256
from sillage.campaigns.engine.evidence_zip import FORM, MANIFEST, Manifest, packed, read_manifest, unpacked
from sillage.campaigns.engine.signatures import Signed
from sillage.governance.engine.approval_file import ApprovalFileMalformed, check_approval_file
from sillage.governance.engine.ledger_extract import Extract, broken_lines
from sillage.governance.engine.signing import key_name, unpinned

APPROVAL = re.compile(r"approvals/\d+\.json")
CONTRACT = re.compile(r"contracts/\d+/v\d+\.json")
LEDGER = "ledger.json"
STRICT = ConfigDict(frozen=True, extra="forbid")


class PartySigned(BaseModel):
    """A signature under a contract as the file holds it."""

    model_config = STRICT

    party: str
    name: str
    signed_at: datetime
    pdf_sha256: str
    text_sha256: str
    member_id: int | None
    link_id: int | None
    approval_id: int | None
    digest: str

    def holds(self, contract_id: int, version: int) -> bool:
        said = Signed(contract_id=contract_id, version=version, **self.model_dump(exclude={"digest"}))
        return said.digest == self.digest


class ContractPaper(BaseModel):
    """A sent version of a contract as the file holds it. `pdf` is the path of the signed PDF in the file."""

    model_config = STRICT

    contract: int
    version: int
    language: str
    terms: dict[str, Any]
    parts: list[dict[str, Any]]
    text_sha256: str
    pdf: str | None
    pdf_sha256: str
    sent_at: datetime
    void: dict[str, Any] | None
    signatures: list[PartySigned]


@dataclass(frozen=True, slots=True)
class Fault:
    """A member (or the container) that does not hold, and why, in a sentence."""

    path: str
    sentence: str


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """What checking a file found. `is_pinned`: the checker named the keys to trust; otherwise the file's own were taken."""

    manifest: Manifest
    faults: tuple[Fault, ...]
    is_pinned: bool
    approvals: int
    contracts: int
    entries: int

    @property
    def holds(self) -> bool:
        return not self.faults


def check_evidence(content: bytes, pinned: Collection[str] = ()) -> EvidenceCheck:
    """Name each member that was changed, is missing or was added, and each that says something else than what was signed."""
    members, damaged = unpacked(content)
    manifest = read_manifest(members)
    keys = _keys(manifest)
    faults = list(_of_manifest(manifest, keys, pinned))
    faults += [Fault(path, "It cannot be read any more: its bytes were changed.") for path in damaged]
    faults += _of_members(manifest, members, damaged)
    inside = {path: body for path, body in members.items() if path != MANIFEST}
    trust = list(pinned) or list(keys)
    counts = {"approvals": 0, "contracts": 0, "entries": 0}
    for path, body in inside.items():
        if APPROVAL.fullmatch(path):
            counts["approvals"] += 1
            faults += _of_approval(path, body, trust)
        elif CONTRACT.fullmatch(path):
            counts["contracts"] += 1
            faults += _of_contract(path, body, inside)
        elif path == LEDGER:
            found = list(_of_ledger(body))
            counts["entries"] = sum(fault is None for fault in found)
            faults += [fault for fault in found if fault is not None]
    if not faults and packed(members) != content:
        faults.append(Fault("the container", "The ZIP is not written as Sillage writes it."))
    return EvidenceCheck(manifest, tuple(dict.fromkeys(faults)), bool(pinned), **counts)


def _keys(manifest: Manifest) -> dict[str, bytes]:
    found = {}
    for name, public in manifest.keys.items():
        try:
            half = bytes.fromhex(public)
        except ValueError:
            continue
        if key_name(half) == name:
            found[name] = half
    return found


def _of_manifest(manifest: Manifest, keys: Mapping[str, bytes], pinned: Collection[str]) -> Iterator[Fault]:
    statement = manifest.statement
    for name in manifest.keys.keys() - keys.keys():
        yield Fault(MANIFEST, f"The key {name} is not the one it is called.")
    if statement is None or statement.key not in keys:
        yield Fault(MANIFEST, "The key that signed the file is not in it.")
    elif statement.format != FORM or not statement.holds(keys[statement.key]):
        yield Fault(MANIFEST, "The signature over the file does not hold.")
    else:
        for part in statement.differing(manifest.parts):
            yield Fault(MANIFEST, f"“{part}” was changed after the file was signed.")
    if pinned:
        for name in unpinned(keys, pinned):
            yield Fault(MANIFEST, f"The key {name} is none of those you trust.")


def _of_members(manifest: Manifest, members: Mapping[str, bytes], damaged: Collection[str]) -> Iterator[Fault]:
    for path, sha256 in manifest.members.items():
        if path in members and hashlib.sha256(members[path]).hexdigest() != sha256:
            yield Fault(path, "It was changed after the file was signed.")
        elif path not in members and path not in damaged:
            yield Fault(path, "It is missing.")
    for path in members.keys() - manifest.members.keys() - {MANIFEST}:
        yield Fault(path, "It was added after the file was signed.")


def _of_approval(path: str, body: bytes, trust: Collection[str]) -> Iterator[Fault]:
    try:
        check = check_approval_file(body, trust)
    except ApprovalFileMalformed as error:
        yield Fault(path, error.message)
        return
    for wrong in check.wrong:
        yield Fault(path, f"{wrong.group}: {wrong.sentence}")


def _of_contract(path: str, body: bytes, members: Mapping[str, bytes]) -> Iterator[Fault]:
    try:
        paper = ContractPaper.model_validate_json(body)
    except ValidationError:
        yield Fault(path, "It cannot be read as a contract.")
        return
    if text_sha256(paper.language, paper.parts) != paper.text_sha256:
        yield Fault(path, "The words are not those that were sent.")
    if paper.pdf is not None:
        if paper.pdf not in members:
            yield Fault(paper.pdf, "It is missing.")
        elif hashlib.sha256(members[paper.pdf]).hexdigest() != paper.pdf_sha256:
            yield Fault(paper.pdf, f"It is not the PDF that {path} was signed under.")
    for signature in paper.signatures:
        if not signature.holds(paper.contract, paper.version):
            yield Fault(path, f"The signature of the {signature.party} was changed.")
        if (signature.pdf_sha256, signature.text_sha256) != (paper.pdf_sha256, paper.text_sha256):
            yield Fault(path, f"The signature of the {signature.party} is under another text or PDF.")


def _of_ledger(body: bytes) -> Iterator[Fault | None]:
    """None for a line that holds."""
    try:
        extract = Extract.model_validate_json(body)
    except ValidationError:
        yield Fault(LEDGER, "It cannot be read as an extract of a ledger.")
        return
    broken = broken_lines(extract.entries)
    yield from (Fault(LEDGER, f"Entry {number}: {reason}.") for number, reason in broken)
    yield from [None] * (len(extract.entries) - len({number for number, _ in broken}))
