"""What is in the repository works on any machine: no path of one machine, no registry, no lock that pulls the heavy parts."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source import REPOSITORY

LOCKS = sorted((REPOSITORY / "requirements").glob("*.txt"))
ENTRY = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
HEAVY = re.compile(r"^(torch|nvidia|cuda|cupy|triton|tensorflow|jax)")
OF_ONE_MACHINE = {
    "a path of one machine": re.compile(r"(?<![\w.:/-])/(work|root|home/\w+|Users/\w+|opt/wheels)/"),
    "the folder beside the clone": re.compile(r"\.\./shared"),
    "a package registry": re.compile(r"pypi\.org|pythonhosted|npmjs|--(extra-)?index-url|--find-links"),
}
# Evaluations name the data that they were run on, and this file names what it forbids.
MAY_NAME = {
    "the folder beside the clone": re.compile(r"^(tests/|bench/|sillage/\w+/(evaluation|tests)/)"),
    "a package registry": re.compile(r"^(tests/house/test_repository\.py|Makefile)$"),  # the Makefile leaves it out
    "a path of one machine": re.compile(r"^tests/house/test_repository\.py$"),
}


@cache
def _texts() -> dict[str, str]:
    """{path: text} of what git tracks or would track."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    paths = [Path(p) for p in listed.stdout.decode().split("\0") if p and (REPOSITORY / p).is_file()]
    texts = {}
    for path in paths:
        try:
            texts[path.as_posix()] = (REPOSITORY / path).read_text(encoding="utf8")
        except UnicodeDecodeError:
            continue  # a picture or a font
    return texts


@pytest.mark.parametrize("what", OF_ONE_MACHINE)
def test_no_file_names(what: str) -> None:
    found = [
        f"{path}: {match.group()}"
        for path, text in _texts().items()
        if not (what in MAY_NAME and MAY_NAME[what].search(path))
        for match in OF_ONE_MACHINE[what].finditer(text)
    ]
    assert len(_texts()) > 300
    assert not found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_versions_and_hashes_only(lock: Path) -> None:
    text = lock.read_text(encoding="utf8")
    entries = [e for e in re.split(r"\n(?=[a-z])", text) if ENTRY.match(e)]
    assert entries
    assert not [e.splitlines()[0] for e in entries if "--hash=sha256:" not in e]
    assert not re.findall(r"https?://|file:|^-", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_leaves_the_heavy_parts_out(lock: Path) -> None:
    assert not [name for name, _ in ENTRY.findall(lock.read_text(encoding="utf8")) if HEAVY.match(name)]


def test_what_the_project_asks_for_is_in_the_lock() -> None:
    asked = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf8"))
    groups = {
        "run.txt": asked["project"]["dependencies"],
        "dev.txt": asked["project"]["dependencies"] + asked["dependency-groups"]["dev"],
        "ray.txt": asked["project"]["dependencies"] + asked["project"]["optional-dependencies"]["ray"],
        "tools.txt": asked["dependency-groups"]["tools"],
    }
    assert set(groups) == {path.name for path in LOCKS}
    for name, requirements in groups.items():
        locked = dict(ENTRY.findall((REPOSITORY / "requirements" / name).read_text(encoding="utf8")))
        for requirement in map(Requirement, requirements):
            assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), (name, str(requirement))


def test_the_suite_runs_on_what_the_product_runs_on() -> None:
    run, dev, ray = (
        dict(ENTRY.findall((REPOSITORY / "requirements" / name).read_text(encoding="utf8")))
        for name in ("run.txt", "dev.txt", "ray.txt")
    )
    assert {name: version for name, version in run.items() if {dev.get(name), ray.get(name)} != {version}} == {}
