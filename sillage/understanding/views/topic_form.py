"""The form of a topic map: what a person types and chooses, as scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sillage.catalogue import queries as catalogue
from sillage.lib.errors import Malformed
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.engine.topic_scope import KINDS, Scope

MOST_ACCOUNTS = 500
LANGUAGES = ("fr", "en", "es", "de", "it")
SECOND = "second_"  # what the names of the second set's fields begin with
FIELDS = ("accounts", "brand", "theme", "language", "since", "until")


class ScopeMalformed(Malformed):
    """What was typed names no set of posts or comments."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a map is asked for."""

    scope: Scope
    compare_with: Scope | None
    name: str
    topics: int | None
    with_model: bool


def wanted(workspace_id: int, given: Mapping[str, str]) -> Wanted:
    """Read the form. The second set has the kind of the first. Raises ScopeMalformed, or NotFound for an account."""
    kind = given.get("kind", "posts")
    number = given.get("topics", "").strip()
    if number and not (number.isdecimal() and len(number) < 4):
        raise ScopeMalformed(
            _("“%(text)s” is no number of topics.") % {"text": number}, _("Leave it empty, or write 8.")
        )
    return Wanted(
        scope=_scope(workspace_id, given, kind, ""),
        compare_with=_scope(workspace_id, given, kind, SECOND) if given.get("compares") else None,
        name=given.get("name", ""),
        topics=int(number) if number else None,
        with_model=bool(given.get("with_model")),
    )


def _scope(workspace_id: int, given: Mapping[str, str], kind: str, prefix: str) -> Scope:
    said = {name: given.get(prefix + name, "").strip() for name in FIELDS}
    _refuse_unknown(workspace_id, kind, said)
    since, until = _day(said["since"]), _day(said["until"])
    if since and until and until < since:
        raise ScopeMalformed(_("The period ends before it begins."), _("Swap the two days."))
    return Scope(
        kind=next(k for k in KINDS if k == kind),
        accounts=_accounts(workspace_id, said["accounts"]),
        brand=said["brand"],
        theme=said["theme"],
        language=said["language"],
        since=since,
        until=until,
    )


def _refuse_unknown(workspace_id: int, kind: str, said: Mapping[str, str]) -> None:
    known: Mapping[str, Any] = {
        "brand": {b.key for b in catalogue.list_brands(workspace_id)} if said["brand"] else (),
        "theme": theme_set().index,
        "language": LANGUAGES,
    }
    wrong = [said[name] for name, values in known.items() if said[name] and said[name] not in values]
    if kind not in KINDS or wrong:
        text = kind if kind not in KINDS else wrong[0]
        raise ScopeMalformed(_("“%(text)s” is not known here.") % {"text": text}, _("Choose from the list."))


def _accounts(workspace_id: int, text: str) -> tuple[int, ...]:
    keys = list(dict.fromkeys(key for line in text.replace(",", "\n").splitlines() if (key := line.strip())))
    if len(keys) > MOST_ACCOUNTS:
        raise ScopeMalformed(
            _("%(n)s accounts were named.") % {"n": len(keys)}, _("Name at most %(n)s.") % {"n": MOST_ACCOUNTS}
        )
    return tuple(sorted({catalogue.get_account(workspace_id, key).pk for key in keys}))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ScopeMalformed(_("“%(text)s” is no day.") % {"text": text}, _("Write it as 2026-03-31.")) from error


def choices(workspace_id: int) -> dict[str, Any]:
    """What the form's lists offer."""
    known, language = theme_set(), (get_language() or "en")[:2]
    themes = sorted((known.name(t.id, language), t.id) for t in known.themes)
    return {"themes": themes, "brands": catalogue.list_brands(workspace_id), "languages": LANGUAGES}
