"""How long things are kept: rules as data, registered by the rooms, applied by `sillage privacy retain`. Pure.

References are the CNIL's recommended periods where there is one; they bind nobody, and a workspace's own lawyer may ask for
others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sillage.governance.engine.personal_data import Said, holdings_of
from sillage.governance.engine.privacy import months_after


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Rows of a table go `months` after the instant in `since`; rows without it stay.

    A rule with `special` is carried out by a function that
    `front/wiring.py` names.
    """

    id: str
    table: str
    since: str
    months: int
    what: Said
    source: Said
    workspace: str = "workspace_id"
    special: bool = False

    def before(self, now: datetime) -> datetime:
        """Rows from before this instant go."""
        return months_after(now, -self.months)


_rules: dict[str, RetentionRule] = {}


def keep_for(*rules: RetentionRule) -> None:
    for rule in rules:
        _rules[rule.id] = rule


def retention_rules() -> tuple[RetentionRule, ...]:
    return tuple(_rules[name] for name in sorted(_rules))


def rules_of(room: str) -> tuple[RetentionRule, ...]:
    """The rules that stand in a room's list."""
    return tuple(
        RetentionRule(
            id=given["id"],
            table=given["table"],
            since=given["since"],
            months=given["months"],
            what=Said(given["en"], given["fr"]),
            source=Said(given["source"], given.get("source_fr", given["source"])),
            workspace=given.get("workspace", "workspace_id"),
            special=given.get("special", False),
        )
        for given in holdings_of(room).get("rule", ())
    )


PROSPECT_MONTHS = 36


def prospect_ends(obtained: datetime, last_contact_from_them: datetime | None) -> datetime:
    """When a prospect's data goes: three years after it was obtained or after they last wrote, answered or clicked.

    That a message was opened does not count: opening is not an act of theirs towards us.
    https://www.cnil.fr/fr/la-prospection-commerciale-par-courrier-electronique
    """
    return months_after(max(obtained, last_contact_from_them or obtained), PROSPECT_MONTHS)
