"""An approval as a file that proves itself: what was asked, what people said, and the signatures over it. No database.

Each person's word was signed when it was given, over the act, the request and the word (`WORD`). The whole file is signed when
it is exported (`FILE`), which covers where the request stands and the list of keys too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sillage.governance.engine.acts import Verdict
from sillage.governance.engine.signing import KeyPair, Statement, key_name, stated, unpinned
from sillage.lib.canonical import canonical, digest
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

WORD, FILE = "sillage word 1", "sillage approval 1"
EXPORT_AGAIN = Sentence("Export it again with `sillage approval export`.")
STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)


class ApprovalFileMalformed(Malformed):
    """This is no approval file, or none of a version that is known here."""


class Said(BaseModel):
    """One person's word with its signature. `by` is `member 12` or `link 3`."""

    model_config = STRICT

    verdict: str
    person: str
    by: str
    reason: str
    at: str
    statement: Statement

    @property
    def word(self) -> dict[str, Any]:
        return self.model_dump(exclude={"statement"})


class ApprovalFile(BaseModel):
    """The file. `keys` are public halves in hexadecimal, by name."""

    model_config = STRICT

    format: str
    act: dict[str, Any]
    request: dict[str, Any]
    words: list[Said]
    state: dict[str, str | None]
    keys: dict[str, str]
    statement: Statement | None = None

    @property
    def parts(self) -> dict[str, Any]:
        return self.model_dump(include={"act", "request", "words", "state", "keys"})

    def to_bytes(self) -> bytes:
        return (json.dumps(self.model_dump(), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def word_statement(
    pair: KeyPair, *, act: Mapping[str, Any], request: Mapping[str, Any], word: Mapping[str, Any]
) -> Statement:
    """What is signed when a person gives their word."""
    return stated(pair, form=WORD, at=str(word["at"]), parts={"act": act, "request": request, "word": word})


def sealed_file(unsealed: ApprovalFile, pair: KeyPair, at: str) -> bytes:
    """The file with the signature over all of it."""
    whole = unsealed.model_copy(update={"keys": {**unsealed.keys, pair.name: pair.public.hex()}})
    return whole.model_copy(update={"statement": stated(pair, form=FILE, at=at, parts=whole.parts)}).to_bytes()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A group of fields that does not hold, and why, in a sentence."""

    group: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What checking a file found. `is_pinned`: the checker named the keys to trust; otherwise the file's own were taken."""

    file: ApprovalFile
    wrong: tuple[Wrong, ...]
    is_pinned: bool

    @property
    def holds(self) -> bool:
        return not self.wrong

    @property
    def yeses(self) -> int:
        return sum(word.verdict == Verdict.APPROVED for word in self.file.words)


def read_approval_file(content: bytes) -> ApprovalFile:
    """Raises ApprovalFileMalformed, with the place."""
    try:
        file = ApprovalFile.model_validate_json(content)
        canonical(file.model_dump())  # what is no JSON (NaN, half a character) was never signed
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ApprovalFileMalformed(
            Sentence("This is not an approval file: %(first)s.", first=first["msg"]), EXPORT_AGAIN, place
        ) from error
    except ValueError as error:
        raise ApprovalFileMalformed(
            Sentence("This is not an approval file: %(error)s.", error=error), EXPORT_AGAIN
        ) from error
    if file.format != FILE or file.statement is None:
        raise ApprovalFileMalformed(
            Sentence("“%(format)s” is not “%(file)s” with its signature.", format=file.format, file=FILE),
            Sentence("Use the Sillage that wrote it."),
        )
    return file


def check_approval_file(content: bytes, pinned: Collection[str] = ()) -> FileCheck:
    """Check every signature and hash. `pinned` names the keys to trust; without it the file's own are taken."""
    file = read_approval_file(content)
    keys = _keys(file)
    wrong = [Wrong("keys", f"The key {name} is not the one it is called.") for name in file.keys.keys() - keys.keys()]
    wrong += _whole(file, keys)
    for number, said in enumerate(file.words, 1):
        wrong += _word(file, said, number, keys)
    if not wrong and file.to_bytes() != content:
        wrong.append(Wrong("form", "The file is not written as Sillage writes it."))
    if pinned:
        wrong += [Wrong("keys", f"The key {name} is none of those you trust.") for name in unpinned(keys, pinned)]
    return FileCheck(file, tuple(wrong), bool(pinned))


def _keys(file: ApprovalFile) -> dict[str, bytes]:
    """The keys whose name is theirs."""
    found = {}
    for name, public in file.keys.items():
        try:
            half = bytes.fromhex(public)
        except ValueError:
            continue
        if key_name(half) == name:
            found[name] = half
    return found


def _whole(file: ApprovalFile, keys: Mapping[str, bytes]) -> list[Wrong]:
    statement = file.statement
    if statement is None or statement.key not in keys:
        return [Wrong("statement", "The key that signed the file is not in it.")]
    if statement.format != FILE or not statement.holds(keys[statement.key]):
        return [Wrong("statement", "The signature over the file does not hold.")]
    return [Wrong(name, f"“{name}” was changed after the file was signed.") for name in statement.differing(file.parts)]


def _word(file: ApprovalFile, said: Said, number: int, keys: Mapping[str, bytes]) -> list[Wrong]:
    """`words.1` is the first word."""
    group, statement = f"words.{number}", said.statement
    if statement.key not in keys:
        return [Wrong(group, f"The key that signed the word of {said.person} is not in the file.")]
    if statement.format != WORD or not statement.holds(keys[statement.key]):
        return [Wrong(group, f"The signature of the word of {said.person} does not hold.")]
    differing = statement.differing({"act": file.act, "request": file.request, "word": said.word})
    return [
        Wrong(group if name == "word" else name, f"“{name}” is not what {said.person} had before them.")
        for name in differing
    ]


def act_digest(file: ApprovalFile) -> str:
    """The digest of the act that the file is about, in hexadecimal."""
    return digest(file.act).hex()
