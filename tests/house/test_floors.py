"""Rooms stand on floors: import-linter holds it (`.importlinter`), here for `make test` and with what it cannot see."""

from __future__ import annotations

import logging

import pytest
from importlinter.cli import lint_imports

from tests.house.source import REPOSITORY, dotted, origins, product

NETWORK = ("urllib.request", "http.client", "http.server", "socketserver", "asyncio")
REACH_OUT = ("adapters", "catalogue.connectors")


def test_a_room_imports_only_from_below(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    code = lint_imports(config_filename=".importlinter", no_cache=True)
    logging.disable(logging.NOTSET)  # import-linter silences Python's loggers
    assert code == 0, capsys.readouterr().out


def test_only_adapters_and_connectors_use_the_standard_library_s_network() -> None:
    wrong = [
        f"{module.name} imports {name}"
        for module in product()
        if not module.name.startswith(REACH_OUT)
        for name in origins(module).values()
        if name.startswith(NETWORK)
    ]
    assert not wrong


def test_only_the_front_imports_rooms_by_a_name_that_no_linter_sees() -> None:
    wrong = [
        module.at(call)
        for module in product()
        if module.room not in ("front", "adapters") and not module.name.startswith(("catalogue.connectors", "lib.late"))
        for call in module.calls()
        if dotted(call.func, origins(module)) in ("importlib.import_module", "__import__", "django.apps.apps.get_model")
    ]
    assert not wrong
