"""The evidence file of a collaboration: a ZIP that says in a signed manifest what it holds.

Members are stored without compression, sorted, all dated 1980-01-01: the same contents make the same bytes on every machine, so
that the container itself can be written again and compared.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sillage.governance.engine.signing import KeyPair, Statement, stated
from sillage.lib.canonical import canonical
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

FORM = "sillage evidence 1"
MANIFEST = "manifest.json"
LARGEST = 1 << 30  # bytes that a file may hold when it is checked


class EvidenceFileMalformed(Malformed):
    """This is no evidence file, or none of a version that is known here."""


class Manifest(BaseModel):
    """What a file holds: SHA-256 by path, the public keys that signed anything in it, and the signature over all of that."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: str
    about: dict[str, Any]
    members: dict[str, str]
    keys: dict[str, str]
    statement: Statement | None = None

    @property
    def parts(self) -> dict[str, Any]:
        return self.model_dump(include={"about", "members", "keys"})

    def to_bytes(self) -> bytes:
        return as_json(self.model_dump())


def as_json(value: Any) -> bytes:
    """JSON as people read it, the same for the same value."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def evidence_zip(
    members: Mapping[str, bytes], *, about: Mapping[str, Any], keys: Mapping[str, str], pair: KeyPair, at: str
) -> bytes:
    """The file. `keys` are the public halves that signed members, in hexadecimal by name; `pair` signs the manifest."""
    manifest = Manifest(
        format=FORM,
        about=dict(about),
        members={path: hashlib.sha256(content).hexdigest() for path, content in members.items()},
        keys={**keys, pair.name: pair.public.hex()},
    )
    signed = manifest.model_copy(update={"statement": stated(pair, form=FORM, at=at, parts=manifest.parts)})
    return packed({**members, MANIFEST: signed.to_bytes()})


def packed(members: Mapping[str, bytes]) -> bytes:
    """A ZIP of the members, the same bytes for the same members on every machine."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packing:
        for path in sorted(members):
            info = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            packing.writestr(info, members[path])
    return file.getvalue()


def unpacked(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The members, and the paths of those whose bytes cannot be read any more. Raises EvidenceFileMalformed."""
    members: dict[str, bytes] = {}
    damaged: list[str] = []
    try:
        with zipfile.ZipFile(BytesIO(content)) as packing:
            if sum(info.file_size for info in packing.infolist()) > LARGEST:
                raise EvidenceFileMalformed(
                    Sentence("The file unpacks to more than a gigabyte."), Sentence("Sillage writes no such file.")
                )
            for info in packing.infolist():
                try:
                    members[info.filename] = packing.read(info)
                except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
                    damaged.append(info.filename)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise EvidenceFileMalformed(
            Sentence("This is not a ZIP that can be read."), Sentence("Ask for the evidence file again.")
        ) from error
    return members, damaged


def read_manifest(members: Mapping[str, bytes]) -> Manifest:
    """Raises EvidenceFileMalformed."""
    try:
        manifest = Manifest.model_validate_json(members.get(MANIFEST, b""))
        canonical(manifest.model_dump())  # what is no JSON (NaN, half a character) was never signed
    except (ValidationError, ValueError) as error:
        raise EvidenceFileMalformed(
            Sentence("This is not an evidence file: its manifest cannot be read."),
            Sentence("Ask for the evidence file again."),
            MANIFEST,
        ) from error
    if manifest.format != FORM or manifest.statement is None:
        raise EvidenceFileMalformed(
            Sentence("“%(format)s” is not “%(form)s” with its signature.", format=manifest.format, form=FORM),
            Sentence("Use the Sillage that wrote it."),
            MANIFEST,
        )
    return manifest
