"""All that a page shows of one draft: its words with what is said of them, its files, what packs, rules and people say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sillage.campaigns.engine.campaign_rules import RuleFinding
from sillage.campaigns.engine.marked_text import Mark, segments
from sillage.campaigns.models import Deliverable, Draft
from sillage.campaigns.queries.checking import findings_of
from sillage.campaigns.queries.drafts import (
    StandingThread,
    changes_since,
    files_of,
    last_check,
    publish_act_of,
    threads_on,
    verdicts_of,
)
from sillage.governance import queries as governance
from sillage.governance.engine.law import LawFinding
from sillage.governance.engine.law_judge import questions_of


def review_of(draft: Draft, *, for_client: bool = False) -> dict[str, Any]:
    """What every page of a draft shows, whoever reads it."""
    check = last_check(draft)
    findings, rules = findings_of(check) if check else ([], [])
    threads = threads_on(draft, for_client=for_client)
    before = draft.deliverable.drafts.filter(number=draft.number - 1).first()
    return {
        "draft": draft,
        "files": files_of(draft),
        "check": check,
        "findings": findings,
        "rules": rules,
        "grave": _numbered(findings, "block", "warn", "review"),
        "asking": _numbered(findings, "ask"),
        "fine": _numbered(findings, "pass", "info"),
        "grave_rules": [(n, rule) for n, rule in enumerate(rules, 1) if rule.verdict != "pass"],
        "fine_count": sum(f.verdict.value in ("pass", "info") for f in findings)
        + sum(r.verdict == "pass" for r in rules),
        "fine_rules": [(n, rule) for n, rule in enumerate(rules, 1) if rule.verdict == "pass"],
        "questions": questions_of(findings),
        "threads": threads,
        "open_threads": sum(one.thread.resolved_at is None for one in threads),
        "segments": segments(draft.text, [*_of_law(findings), *_of_rules(rules), *_of_threads(threads)]),
        "before": before,
        "changes": changes_since(draft, before),
        "verdicts": verdicts_of(draft),
    }


def _numbered(findings: Sequence[LawFinding], *verdicts: str) -> list[tuple[int, LawFinding]]:
    """Findings of some verdicts with the numbers by which the marked words lead to them."""
    return [(n, finding) for n, finding in enumerate(findings, 1) if finding.verdict.value in verdicts]


def _of_law(findings: Sequence[LawFinding]) -> list[Mark]:
    kinds = {"block": "block", "warn": "warn", "review": "warn", "ask": "warn"}
    return [
        Mark(seen.start, seen.end, kinds.get(finding.verdict.value, "pass"), f"finding-{n}")
        for n, finding in enumerate(findings, 1)
        for seen in finding.at
        if seen.part == "caption"
    ]


def _of_rules(rules: Sequence[RuleFinding]) -> list[Mark]:
    kinds = {"block": "block", "warn": "warn"}
    return [
        Mark(starts, ends, kinds.get(rule.verdict, "pass"), f"rule-{n}")
        for n, rule in enumerate(rules, 1)
        for starts, ends in rule.places
    ]


def _of_threads(threads: Sequence[StandingThread]) -> list[Mark]:
    return [
        Mark(one.at[0], one.at[1], "thread", f"thread-{one.thread.pk}")
        for one in threads
        if one.at is not None and one.thread.resolved_at is None
    ]


def requests_of(deliverable: Deliverable, draft: Draft, now: datetime) -> list[dict[str, Any]]:
    """What was asked of people about exactly this version: the team's approval, the client's; with where it stands."""
    act = publish_act_of(draft, files_of(draft))
    asked = governance.list_requests_of(deliverable.workspace_id, "deliverable", deliverable.pk)
    same = [request for request in asked if request.content == dict(act.content)]
    return [
        {
            "request": r,
            "standing": governance.standing(r, now).value,
            "words": list(r.approvals.all()),
            "needed": r.needed,
        }
        for r in same
    ]
