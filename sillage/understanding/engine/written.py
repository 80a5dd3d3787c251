"""A summary that a language model writes: what it is given, the shape that its answer must have, and what is kept of it.

Texts travel as JSON strings in the user's message, the instructions in the system's; a text that speaks to a machine is not
sent at all. An answer of another shape is refused whole, and every sentence is checked (`claims.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sillage.lib.text import shortened
from sillage.understanding.engine.addressed import speaks_to_a_machine
from sillage.understanding.engine.claims import Checked, Claim, Count, check_claims
from sillage.understanding.engine.model_calls import CallWanted

PROMPT = "summary-1"
MOST_TEXTS = 60
LONGEST_TEXT = 500  # characters of a text that are sent
MOST_SENTENCES = 12
MOST_TOKENS = 2_000  # of an answer


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, StringConstraints(max_length=2_000)]
    ids: Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=MOST_TEXTS)]


class SummaryAnswer(BaseModel):
    """What a model must answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sentences: Annotated[list[_Sentence], Field(max_length=MOST_SENTENCES)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is asked. `ids` leads from the short ids of the prompt to refs; `left_out` are texts to a machine."""

    system: str
    user: str
    sources: Mapping[str, str]
    counts: Mapping[str, Count]
    ids: Mapping[str, str]
    left_out: int

    @property
    def wanted(self) -> CallWanted:
        return CallWanted("summary", PROMPT, len(self.system) + len(self.user), MOST_TOKENS, self.left_out)


@cache
def prompt() -> str:
    """The instructions, word for word."""
    return resources.files("sillage.understanding").joinpath(f"prompts/{PROMPT}.md").read_text(encoding="utf8")


def asking(texts: Sequence[tuple[str, str]], counts: Sequence[Count], language: str) -> Asked:
    """Put up to MOST_TEXTS (ref, text) pairs and counted facts into a prompt, under short ids: t1, t2, c1."""
    fit = [(ref, text) for ref, text in texts if not speaks_to_a_machine(text)]
    sent = {f"t{i}": (ref, shortened(text, LONGEST_TEXT)) for i, (ref, text) in enumerate(fit[:MOST_TEXTS], 1)}
    facts = {f"c{i}": count for i, count in enumerate(counts, 1)}
    data = {
        "language": language,
        "texts": [{"id": i, "text": text} for i, (_, text) in sent.items()],
        "counts": [{"id": i, "about": c.label, "n": c.n, "of": c.of} for i, c in facts.items()],
    }
    return Asked(
        system=prompt(),
        user=json.dumps(data, ensure_ascii=False),
        sources={i: text for i, (_, text) in sent.items()},
        counts=facts,
        ids={i: ref for i, (ref, _) in sent.items()},
        left_out=len(texts) - len(fit),
    )


def checked_answer(answer: SummaryAnswer, asked: Asked) -> Checked:
    """The answer's sentences that hold, and those that do not."""
    claims = [Claim(" ".join(s.text.split()), tuple(dict.fromkeys(s.ids))) for s in answer.sentences]
    return check_claims(claims, asked.sources, asked.counts)
