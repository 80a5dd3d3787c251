"""Files that pass through: gone when they were read, and swept when a killed process left them."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sillage.adapters.passing import folder, passing, sweep


@pytest.fixture(autouse=True)
def _own_data_folder(settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "passing"


def test_a_file_stands_while_it_is_read_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), passing("mona.csv", [b"a,", b"b"]) as path:
        assert (path.name, path.read_bytes()) == ("mona.csv", b"a,b")
        assert path.is_relative_to(tmp_path) and folder().stat().st_mode & 0o077 == 0
        raise ZeroDivisionError
    assert not list(folder().iterdir())


def test_what_a_killed_process_left_is_swept_and_what_is_read_now_is_not(noon: datetime) -> None:
    left, older, now = folder() / "left", folder() / "older.upload", folder() / "now"
    for place in (left, now):
        place.mkdir()
        (place / "creators.csv").write_text("handle\n@mona\n", encoding="utf8")
    older.write_text("handle\n@mona\n", encoding="utf8")
    for place, age in ((left, 25), (older, 25), (now, 1)):
        at = (noon - timedelta(hours=age)).timestamp()
        os.utime(place, (at, at))

    assert sweep(noon) == 2
    assert list(folder().iterdir()) == [now] and (now / "creators.csv").exists()
