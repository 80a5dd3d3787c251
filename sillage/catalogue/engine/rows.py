"""From rows of a file to records of the catalogue, and to the rows that must be set aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from typing import Any

from sillage.catalogue.engine.kinds import Settings
from sillage.catalogue.engine.mapping import FIELDS, REQUIRED, Kind, Mapping, ObservationRule, Rule
from sillage.catalogue.engine.records import AccountRecord, Batch, CommentRecord, ObservationRecord, PostRecord
from sillage.catalogue.engine.values import Converted, convert_column
from sillage.lib.sentences import Sentence


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot come in. `column` is None where no column of the file is to blame.

    `account` is (network, network_id) where those two could be read, `handle` the handle: a forgotten person's row must
    not be kept aside.
    """

    index: int
    field: str
    column: str | None
    reason: Sentence
    account: tuple[str, str] | None = None
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """What rows became. `observation_rows[i]` is the index of the row that observation i of the batch came from."""

    batch: Batch
    refused: tuple[RefusedRow, ...]
    observation_rows: tuple[int, ...] = ()


Fields = dict[str, Sequence[Any]]


def convert_rows(
    mapping: Mapping, columns: dict[str, Sequence[Any]], rows: int, began_at: datetime, settings: Settings
) -> Rows:
    """Convert `rows` rows, given column by column.

    `began_at` is when the import began: the time of an observation that names none.
    A row with one bad value is refused whole, so that no half of it comes in.
    """
    work = _Work(mapping, columns, rows, settings)
    account = work.section("account", mapping.account)
    post = work.section("post", mapping.post) if mapping.post is not None else None
    comment = work.section("comment", mapping.comment) if mapping.comment is not None else None
    observed = [work.observation(rule, began_at) for rule in mapping.observations]
    refused = work.refused(account)
    keep = None
    if refused:
        bad = {row.index for row in refused}
        keep = [index for index in range(rows) if index not in bad]
        account, post, comment = (_kept(f, keep) for f in (account, post, comment))
        observed = [_kept(f, keep) for f in observed]
    observations, observation_rows = _observations(mapping, account, post, observed, keep)
    batch = Batch(
        accounts=_accounts(account),
        posts=_posts(account, post) if post else (),
        comments=_comments(account, comment) if comment else (),
        observations=observations,
    )
    return Rows(batch, refused, observation_rows)


class _Work:
    """Converts the fields of one chunk and gathers the first failure of each row."""

    def __init__(self, mapping: Mapping, columns: dict[str, Sequence[Any]], rows: int, settings: Settings) -> None:
        self.mapping = mapping
        self.columns = columns
        self.rows = rows
        self.settings = settings
        self.failures: dict[int, RefusedRow] = {}

    def section(self, name: str, rules: Any) -> Fields:
        return {
            key: self.field(f"{name}.{key}", rule, FIELDS[name][key], key in REQUIRED[name])
            for key, rule in rules.items()
        }

    def observation(self, rule: ObservationRule, began_at: datetime) -> Fields:
        label = f"observation.{rule.measure}"
        value = self.field(label, rule.value, Kind.COUNT, False)
        if rule.observed_at is None:
            return {"value": value, "at": [began_at] * self.rows}
        at = self.field(f"{label}.observed_at", rule.observed_at, Kind.TIME, False)
        for index in (i for i, moment in enumerate(at) if moment is None and value[i] is not None):
            reason = Sentence("is empty, and a number without its time is no observation")
            self.failures.setdefault(index, RefusedRow(index, f"{label}.observed_at", rule.observed_at.column, reason))
        return {"value": value, "at": at}

    def field(self, label: str, rule: Rule, kind: Kind, required: bool) -> Sequence[Any]:
        converted: Converted = convert_column(rule, kind, required, self.columns, self.rows, self.settings)
        for index, reason in converted.failures.items():
            if index not in self.failures:
                self.failures[index] = RefusedRow(index, label, rule.column, reason)
        return converted.values

    def refused(self, account: Fields) -> tuple[RefusedRow, ...]:
        """The refused rows in file order, each with its account where that could be read."""
        return tuple(
            replace(row, account=_account_of(account, row.index), handle=account["handle"][row.index] or "")
            for row in sorted(self.failures.values(), key=lambda row: row.index)
        )


def _account_of(account: Fields, index: int) -> tuple[str, str] | None:
    network, network_id = account["network"][index], account["network_id"][index]
    return (network, network_id) if network and network_id else None


def _kept(fields: Fields | None, keep: list[int]) -> Any:
    return None if fields is None else {name: [values[i] for i in keep] for name, values in fields.items()}


def _accounts(account: Fields) -> tuple[AccountRecord, ...]:
    """Each different account once: a file of posts repeats it on every line."""
    names = tuple(account)
    distinct: Iterable[tuple[Any, ...]] = dict.fromkeys(zip(*account.values(), strict=True))
    return tuple(AccountRecord(**dict(zip(names, values, strict=True))) for values in distinct)


def _posts(account: Fields, post: Fields) -> tuple[PostRecord, ...]:
    return tuple(
        map(
            PostRecord,
            account["network"],
            account["network_id"],
            *_in_order(post, len(account["network"]), _POST_ORDER),
        )
    )


def _comments(account: Fields, comment: Fields) -> tuple[CommentRecord, ...]:
    rows = len(account["network"])
    return tuple(
        map(CommentRecord, account["network"], account["network_id"], *_in_order(comment, rows, _COMMENT_ORDER))
    )


_POST_ORDER: dict[str, Any] = {
    "network_id": None,
    "published_at": None,
    "title": "",
    "text": "",
    "hashtags": (),
    "format": None,
    "url": "",
    "language": None,
    "paid_label": None,
    "duration_s": None,
}
_COMMENT_ORDER: dict[str, Any] = {
    "post_network_id": None,
    "network_id": None,
    "published_at": None,
    "text": "",
    "author_network_id": "",
    "reply_to_network_id": None,
    "likes": None,
}


def _in_order(fields: Fields, rows: int, order: dict[str, Any]) -> list[Sequence[Any]]:
    """The fields in the record's own order; one that the mapping leaves out is missing in every row."""
    return [fields[name] if name in fields else [missing] * rows for name, missing in order.items()]


def _observations(
    mapping: Mapping, account: Fields, post: Fields | None, observed: list[Fields], keep: list[int] | None
) -> tuple[tuple[ObservationRecord, ...], tuple[int, ...]]:
    """The numbers that are there; a missing one is not observed."""
    rows = range(len(account["network"]))
    source = rows if keep is None else keep
    records: list[ObservationRecord] = []
    indexes: list[int] = []
    for rule, fields in zip(mapping.observations, observed, strict=True):
        present = [i for i in rows if fields["value"][i] is not None]
        posts: Iterable[str | None] = repeat(None)
        if rule.of == "post" and post is not None:
            posts = _picked(post["network_id"], present)
        indexes += _picked(source, present)
        records += map(
            ObservationRecord,
            _picked(account["network"], present),
            _picked(account["network_id"], present),
            repeat(rule.measure),
            _picked(fields["value"], present),
            repeat(rule.api_field),
            repeat(rule.source_class),
            _picked(fields["at"], present),
            posts,
        )
    return tuple(records), tuple(indexes)


def _picked(values: Sequence[Any], indexes: Sequence[int]) -> Sequence[Any]:
    """The values at these indexes, which ascend."""
    return values if len(indexes) == len(values) else [values[i] for i in indexes]
