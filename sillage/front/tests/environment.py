"""Loaded by pytest before Django: the suite has a data folder and a database of its own, removed when it ends."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

from sillage.adapters.database import stop

gc.disable()  # until all tests are collected: what modules make stays anyway


def _remove(folder: Path) -> None:
    stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


if "SILLAGE_TEST_DATA" not in os.environ:
    made = tempfile.mkdtemp(prefix="sillage-test-")
    Path(made).chmod(0o755)  # run as root, the server's own user must be able to reach it
    os.environ["SILLAGE_TEST_DATA"] = made
    atexit.register(_remove, Path(made))

for name in [n for n in os.environ if n.startswith("SILLAGE_") and not n.startswith("SILLAGE_TEST_")]:
    del os.environ[name]
os.environ["SILLAGE_DATA"] = os.environ["SILLAGE_TEST_DATA"]
os.environ["SILLAGE_WORKERS"] = "1"
os.environ["SILLAGE_EMBEDDER"] = "off"
os.environ["OMP_NUM_THREADS"] = "1"
if "SILLAGE_TEST_DATABASE_URL" in os.environ:
    os.environ["SILLAGE_DATABASE_URL"] = os.environ["SILLAGE_TEST_DATABASE_URL"]
