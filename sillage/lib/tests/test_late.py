"""A late module is loaded when something of it is asked for, by one thread at a time, and a server loads all of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sillage.lib import late
from sillage.lib.late import Late, load_everything

Write = Callable[[str, str], Late]


@pytest.fixture
def written(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """`written("slow", "speed = 1")` writes the module and returns what stands for it."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(late, "_made", [])
    names: list[str] = []

    def write(name: str, text: str) -> Late:
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
        names.append(name)
        return Late(name)

    yield write
    for name in names:
        sys.modules.pop(name, None)


def test_a_module_is_loaded_when_something_of_it_is_first_asked_for(written: Write) -> None:
    slow = written("written_slow", "speed = 1")
    assert "written_slow" not in sys.modules
    assert slow.speed == 1
    assert "written_slow" in sys.modules


def test_what_a_module_does_not_have_is_missing_as_in_any_module(written: Write) -> None:
    with pytest.raises(AttributeError, match="breadth"):
        _ = written("written_slow", "speed = 1").breadth


def test_while_one_thread_loads_no_other_begins(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    may: list[bool] = []

    def ask() -> None:
        with ThreadPoolExecutor(1) as another:
            may.append(another.submit(late._loading.acquire, blocking=False).result())

    monkeypatch.setattr(late, "asked_while_loading", ask, raising=False)
    slow = written("written_slow", "from sillage.lib import late\nlate.asked_while_loading()\nspeed = 1")
    assert slow.speed == 1 and may == [False]


def test_a_server_loads_everything_even_what_loading_adds_and_passes_over_what_this_machine_lacks(
    written: Write,
) -> None:
    written("written_first", "from sillage.lib.late import Late\nsecond = Late('written_second')")
    lacking = Late("written_nowhere")
    written("written_third", "speed = 1")
    _ = written("written_second", "speed = 1")
    load_everything()
    assert {"written_first", "written_second", "written_third"} <= set(sys.modules)
    with pytest.raises(ModuleNotFoundError):
        _ = lacking.speed
