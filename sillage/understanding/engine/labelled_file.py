"""Files of labelled texts: CSV with the columns text, label and perhaps language, or JSONL with the same keys.

Several labels of one text stand apart by ";" in CSV, in a list in JSONL. An empty label says that none holds.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.corrections import Allowed, Form

_COLUMNS = frozenset({"text", "label", "language"})
_YES, _NO = frozenset({"1", "yes", "true", "oui"}), frozenset({"0", "no", "false", "non", ""})


class LabelledFileMalformed(Malformed):
    """A file of labelled texts cannot be read: it names line and column."""

    title = "Malformed labelled file"


@dataclass(frozen=True, slots=True)
class LabelledText:
    text: str
    labels: frozenset[str]
    language: str | None = None


def labelled_texts(name: str, content: str, allowed: Allowed) -> list[LabelledText]:
    """Read a file by the ending of its name. Raises LabelledFileMalformed with file:line:column."""
    if name.endswith(".csv"):
        rows = _csv_rows(name, content)
    elif name.endswith((".jsonl", ".ndjson")):
        rows = _json_rows(name, content)
    else:
        raise LabelledFileMalformed(
            Sentence("%(name)s is neither .csv nor .jsonl.", name=name),
            Sentence("Give labelled texts in one of the two."),
        )
    found = [_labelled(place, row, allowed) for place, row in rows]
    if not found:
        raise LabelledFileMalformed(
            Sentence("%(name)s holds no labelled text.", name=name), Sentence("Give a line per text."), f"{name}:1:1"
        )
    return found


def _csv_rows(name: str, content: str) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(content.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")))
    columns = [c.strip().lower() for c in reader.fieldnames or ()]
    if not {"text", "label"} <= set(columns):
        raise LabelledFileMalformed(
            Sentence("%(name)s has no columns “text” and “label”.", name=name),
            Sentence("Name them in the first line."),
            f"{name}:1:1",
        )
    reader.fieldnames = columns
    for row in reader:
        yield f"{name}:{reader.line_num}", {k: v for k, v in row.items() if k in _COLUMNS}


def _json_rows(name: str, content: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise LabelledFileMalformed(
                Sentence("Line %(number)s is not JSON: %(error)s.", number=number, error=error.msg),
                Sentence("Write an object a line."),
                f"{name}:{number}:{error.colno}",
            ) from error
        if not isinstance(row, dict):
            raise LabelledFileMalformed(
                Sentence("Line %(number)s is no object.", number=number),
                Sentence("Write an object a line."),
                f"{name}:{number}:1",
            )
        yield f"{name}:{number}", row


def _labelled(place: str, row: Mapping[str, Any], allowed: Allowed) -> LabelledText:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise LabelledFileMalformed(
            Sentence("A line has no text."), Sentence("Fill in “text” or leave the line out."), f"{place}:1"
        )
    language = row.get("language") or None
    if language is not None and (not isinstance(language, str) or len(language) not in (2, 3)):
        raise LabelledFileMalformed(
            Sentence("“%(language)s” is no language.", language=language),
            Sentence("Write its ISO 639 code, such as fr."),
            f"{place}:1",
        )
    return LabelledText(text, labels_given(place, row.get("label"), allowed), language)


def labels_given(place: str, given: Any, allowed: Allowed) -> frozenset[str]:
    """The labels that a list, or a text with ";" between them, gives. Raises LabelledFileMalformed at the place."""
    if allowed.form is Form.YES_NO:
        word = str(given[0] if isinstance(given, list) and given else given or "").strip().lower()
        if word not in _YES | _NO and word != allowed.key:
            raise _unknown(place, str(given), ("yes", "no"))
        return frozenset() if word in _NO else frozenset({allowed.key})
    parts: Sequence[Any] = given if isinstance(given, list) else str(given or "").split(";")
    labels = [str(part).strip() for part in parts if str(part).strip()]
    for label in labels:
        if label not in allowed.choices:
            raise _unknown(place, label, allowed.choices)
    if allowed.form is Form.ONE and len(labels) != 1:
        raise LabelledFileMalformed(Sentence("A line has not exactly one label."), Sentence("Give one."), f"{place}:1")
    return frozenset(labels)


def _unknown(place: str, label: str, choices: Sequence[str]) -> LabelledFileMalformed:
    some = ", ".join(choices[:8]) + (", …" if len(choices) > 8 else "")
    return LabelledFileMalformed(
        Sentence("“%(label)s” is no label here.", label=label), Sentence("There are %(some)s.", some=some), f"{place}:1"
    )
