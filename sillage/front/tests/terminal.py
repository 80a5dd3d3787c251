"""The program `sillage` as a person meets it at a terminal."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sillage.front import start
from sillage.front.cli import sillage


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Terminal = Callable[..., Said]


@pytest.fixture
def terminal(db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """`terminal("brief", "list")` runs the command in the test's own database; `given` is its standard input."""
    monkeypatch.setenv("COLUMNS", "300")

    def run(*arguments: object, given: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["sillage", *map(str, arguments)])
        monkeypatch.setattr(
            sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode(errors="surrogateescape")), encoding="utf-8")
        )
        capsys.readouterr()
        code = start.run(sillage)
        heard = capsys.readouterr()
        return Said(code, heard.out, heard.err)

    return run
