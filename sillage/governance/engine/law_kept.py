"""A finding as JSON and back, the law's words included: what was found stays readable when packs change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sillage.governance.engine.law import LawFinding, SeenAt, Verdict

_TEXTS = (
    *("rule", "pack", "pack_version", "check", "requirement", "seen", "change", "source", "confidence"),
    *("rule_severity", "text_from"),
)


def as_kept(finding: LawFinding) -> dict[str, Any]:
    """Everything of a finding, in JSON's types."""
    return {
        **{name: getattr(finding, name) for name in _TEXTS},
        "verdict": finding.verdict.value,
        "about": dict(finding.about),
        "effective_on": finding.effective_on.isoformat(),
        "until": finding.until.isoformat() if finding.until else None,
        "at": [[seen.part, seen.start, seen.end] for seen in finding.at],
        "unseen": list(finding.unseen),
        "asks": list(finding.asks),
    }


def kept_finding(value: Mapping[str, Any]) -> LawFinding:
    """The finding that `as_kept` made this of."""
    return LawFinding(
        **{name: value[name] for name in _TEXTS},
        verdict=Verdict(value["verdict"]),
        about=value["about"],
        effective_on=date.fromisoformat(value["effective_on"]),
        until=date.fromisoformat(value["until"]) if value["until"] else None,
        at=tuple(SeenAt(*seen) for seen in value["at"]),
        unseen=tuple(value["unseen"]),
        asks=tuple(value["asks"]),
    )
