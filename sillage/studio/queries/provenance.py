"""Where a text or a picture comes from: gathered from what was kept of it, told as engine/provenance.py says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sillage.governance.engine.law import LawFinding
from sillage.governance.engine.law_judge import judge
from sillage.governance.engine.law_reading import packs_named
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.engine.digital_source import Elements, Source
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.engine.picture_batch import Statement
from sillage.studio.engine.provenance import History, Step, history_of_words, law_facts_of
from sillage.studio.models import Choice, Picture, Text
from sillage.studio.queries.texts import lineage_of, newest_version

TOLD = ("AI-", "FR-IMG-02")  # rules of the packs that ask how something was made
ALWAYS = "eu"


def history_of_text(text: Text, body: str | None = None) -> History:
    """From the first version to the newest; `body` are words as they are typed, a person's last step."""
    newest = newest_version(text)
    steps = [
        Step(
            MadeBy.of(version.made_by),
            str(version.member.person) if version.member else "",
            version.made_at,
            version.number,
            version.body,
            version.note,
        )
        for version in reversed(lineage_of(newest))
    ]
    words = text.body if body is None else body
    if words != newest.body:
        steps.append(
            Step(BY_A_PERSON, str(text.saved_by.person) if text.saved_by else "", text.changed_at, None, words)
        )
    return history_of_words(steps, _reviewer(text, newest.number if words == newest.body else None))


def _reviewer(text: Text, number: int | None) -> str:
    """Who chose exactly these words, and so answers for them."""
    if number is None:
        return ""
    chosen = Choice.objects.filter(text=text, number=number, word="chosen").select_related("member__person")
    found = chosen.order_by("-decided_at").first()
    return str(found.member.person) if found and found.member else ""


def find_picture(workspace_id: int, sha256: str) -> Picture:
    """A picture that left, by the hash of its file. Raises NotFound."""
    rows = Picture.objects.filter(workspace_id=workspace_id, sha256=sha256.strip().lower())
    found = rows.select_related("template", "member__person").order_by("-made_at").first()
    if found is None:
        raise NotFound(
            Sentence("No picture with this hash left this workspace."),
            Sentence(
                "A file that was changed or saved anew has another hash; its credentials may still"
                " say where it comes from."
            ),
        )
    return found


def history_of_picture(picture: Picture) -> History:
    """Who drew the template, what stands in it, that a rule set words into it, and who asked for it."""
    statement = Statement.of(picture.statement)
    steps = [Step(MadeBy.of(statement.made_by), note="drawn")]
    if statement.elements != Elements.NONE.value:
        steps.append(Step(_placed(statement.elements), note="placed"))
    if statement.words_by_model:
        steps.append(Step(MadeBy(Origin.MODEL), note="words"))
    who = str(picture.member.person) if picture.member else ""
    rule = MadeBy(Origin.TEMPLATE, statement.template, str(statement.version))
    steps.append(Step(rule, who, picture.made_at, note="filled"))
    return History("picture", tuple(steps), Source(picture.source), is_marked=True)


def _placed(elements: str) -> MadeBy:
    return MadeBy(Origin.MODEL) if elements == Elements.GENERATED.value else BY_A_PERSON


def law_on(history: History, packs: Sequence[str], on: date) -> list[LawFinding]:
    """What the packs ask of how it was made: labels that people see, marks that machines read. The EU's are always asked."""
    if history.is_generated is False:
        return []
    named = packs_named(list(dict.fromkeys([ALWAYS, *packs])))
    found = judge(named, law_facts_of(history), on)
    return [finding for finding in found if finding.rule.startswith(TOLD)]


def as_told(history: History) -> History:
    """Without the words of each version, for doors that only tell who did what."""
    return replace(history, steps=tuple(replace(step, body="") for step in history.steps))
