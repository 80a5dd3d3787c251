"""Words of strangers that give orders, before a model that obeys all of them: nothing changes but the call that is counted.

The model here does the worst: whatever an attempt asks for, it answers. What is shown does not rest on how wise a model is.
What it does not show: that a text which passes is true or good. A person reads it.
"""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from typing import Any

import pytest
from django.apps import apps

from sillage.governance import queries as governance
from sillage.studio.actions.model_calls import set_writer_limits
from sillage.studio.actions.model_writing import edit_with_model, write_with_model
from sillage.studio.actions.texts import start_text
from sillage.studio.engine.brief import writing_brief
from sillage.studio.engine.model_answers import AnsweredText, ModelAnswer, checked_texts
from sillage.studio.engine.model_limits import WriterLimits
from sillage.studio.engine.origins import BY_A_PERSON
from sillage.studio.engine.prompting import Purpose, asked_to_edit, asked_to_write, prompts
from sillage.studio.models import Text
from sillage.studio.tests.asking import GOOD, set_up, texts
from sillage.studio.tests.briefing import GIVEN, written
from sillage.understanding.engine.addressed import speaks_to_a_machine

ATTEMPTS: list[dict[str, str]] = tomllib.loads(
    resources.files("sillage.studio.tests").joinpath("injections.toml").read_text(encoding="utf8")
)["attempt"]
BOUNDARY = "0123456789abcdef" * 2
BRIEFS = {
    "fr": writing_brief(GIVEN),
    "en": writing_brief(
        {**GIVEN, "language": "en", "idea": "Calm skin beats perfect skin", "facts": ["It has eleven ingredients."]}
    ),
}
NEVER_LOOKED_FOR = "sillage.studio.engine.prompting.speaks_to_a_machine"
ELSEWHERE, ANOTHER = "Le plan secret de Dario", "Un autre brief d’Ada"


def _brief(attempt: dict[str, str]) -> Any:
    return BRIEFS["fr" if attempt["language"] == "fr" else "en"]


def _ids(attempt: dict[str, str]) -> str:
    return f"{attempt['id']}-{attempt['kind']}"


@pytest.fixture(params=[False, True], ids=["sent", "looked for"])
def looked_for(request, monkeypatch) -> bool:
    """With the list of expressions, which is no proof, and as if it did not exist."""
    if not request.param:
        monkeypatch.setattr(NEVER_LOOKED_FOR, lambda _text: False)
    return request.param


def test_there_are_enough_attempts_of_every_kind_and_language():
    assert len(ATTEMPTS) >= 60 and len({a["text"] for a in ATTEMPTS}) == len(ATTEMPTS)
    assert {a["language"] for a in ATTEMPTS} == {"fr", "en", "es", "de"}
    kinds = "ignore role tags boundary encoded exfiltration html action other_data hidden link code tool json leak"
    assert {a["kind"] for a in ATTEMPTS} == set(kinds.split())
    found = sum(speaks_to_a_machine(a["text"]) for a in ATTEMPTS)
    assert found >= 15  # the list finds some, and is not what protects


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=_ids)
def test_the_instructions_stay_byte_for_byte_and_the_attempt_stays_data(attempt, looked_for):
    for asked, purpose in (
        (asked_to_write(_brief(attempt), 3, BOUNDARY, material=[attempt["text"]]), Purpose.WRITE),
        (
            asked_to_edit(GOOD, _brief(attempt).language, "Plus court", BOUNDARY, material=[attempt["text"]]),
            Purpose.EDIT,
        ),
    ):
        clean = prompts(asked.language).of[purpose]
        assert asked.system.encode() == clean.encode()
        lines = asked.user.split("\n")
        opened = [line for line in lines if line.startswith("[")]
        names = [line[1:].split("]")[0] for line in opened if not line.startswith("[/") and line.endswith("]")]
        sections = [name for name in names if name.startswith(f"{BOUNDARY} ")]
        assert len(sections) == len(set(sections)) and not {f"{BOUNDARY} system"} & set(sections)
        assert _material(asked.user) == ([] if asked.left_out else _material(asked.user))
        assert len(_material(asked.user)) + asked.left_out == 1


def _material(user: str) -> list[str]:
    """The material as a reader of the request's own form finds it: one line of JSON."""
    lines = user.split("\n")
    start = f"[{BOUNDARY} material]"
    if start not in lines:
        return []
    at = lines.index(start)
    assert lines[at + 2] == f"[/{BOUNDARY} material]" and lines.count(start) == 1
    inside = lines[at + 1][2:-2]
    assert not set("<>[]|{}`") & set(inside)
    read = json.loads(lines[at + 1])
    assert isinstance(read, list)
    return read


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=_ids)
def test_what_a_model_that_obeys_would_answer_is_dropped(attempt):
    for asked in (
        asked_to_write(_brief(attempt), 3, BOUNDARY, material=[attempt["text"]]),
        asked_to_edit(GOOD, _brief(attempt).language, "Plus court", BOUNDARY, material=[attempt["text"]]),
    ):
        ids = ["f1"] if asked.facts else []
        checked = checked_texts(ModelAnswer(texts=[AnsweredText(text=attempt["obeys"], facts=ids)]), asked)
        assert not checked.kept and checked.dropped


def _rows() -> dict[str, int]:
    """How many rows every table has, but calls and entries."""
    besides = {"studio.ModelCall", "governance.Entry"}
    tables = (m for config in apps.get_app_configs() if config.name.startswith("sillage.") for m in config.get_models())
    return {m._meta.label: m._default_manager.count() for m in tables if m._meta.label not in besides}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en", "es", "de"])
def test_nothing_happens_whatever_is_asked_for(settings, monkeypatch, ada, dario, noon, language):
    monkeypatch.setattr(NEVER_LOOKED_FOR, lambda _text: False)
    attempts = [a for a in ATTEMPTS if a["language"] == language]
    written(dario, noon, idea=ELSEWHERE)
    written(ada, noon, idea=ANOTHER)
    brief = written(ada, noon)
    given = {"title": "Post", "kind": "ad", "language": "fr", "body": GOOD, "made_by": BY_A_PERSON}
    text = start_text(**given, actor=ada, now=noon, brief_id=brief.pk)
    set_writer_limits(limits=WriterLimits(monthly_tokens=None, calls_per_minute=600), actor=ada, now=noon)
    before, entries = _rows(), len(governance.list_entries(ada.workspace_id, limit=200).items)
    with set_up(settings) as server:
        for attempt in attempts:
            server.answers = [texts((attempt["obeys"], ["f1"]))]
            ended = write_with_model(brief_id=brief.pk, n=1, material=[attempt["text"]], actor=ada, now=noon)
            assert not ended.texts and sum(ended.call.dropped.values()) == 1, attempt["id"]
        edit = edit_with_model(
            text_id=text.pk, body=GOOD, instruction="Plus court", material=[attempts[0]["text"]], actor=ada, now=noon
        )
        assert edit.call.proposal == []
    assert _rows() == before and Text.objects.get().body == GOOD
    made = governance.list_entries(ada.workspace_id, limit=200).items[: len(attempts) + 1]
    assert {entry.verb for entry in made} == {"studio.model_asked"}
    assert len(governance.list_entries(ada.workspace_id, limit=200).items) == entries + len(attempts) + 1
    _refuse_leaks(server.requests, len(attempts))


def _refuse_leaks(requests: list[dict[str, Any]], n: int) -> None:
    """One system part for all of them, no tool, and nothing of another brief or another workspace."""
    assert {request["messages"][0]["content"] for request in requests[:n]} == {prompts("fr").of[Purpose.WRITE]}
    for request in requests:
        assert not {"tools", "tool_choice", "functions"} & request.keys() and len(request["messages"]) == 2
        sent = json.dumps(request["messages"], ensure_ascii=False)
        assert ELSEWHERE not in sent and ANOTHER not in sent and "elsewhere" not in request["messages"][0]["content"]
