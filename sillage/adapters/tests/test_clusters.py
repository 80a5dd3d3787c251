"""Work on a Ray cluster: what is refused without it, and what two nodes do when a worker or a machine is lost."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from sillage.adapters import clusters
from sillage.adapters.clusters import ClusterUnreachable, RayCrew, RayMissing, WorkLost, on_ray
from sillage.lib.errors import Refusal

WITHOUT_RAY = "RAY IS NOT INSTALLED: nothing is known about clusters. Install requirements/ray.txt and run this again."
on_cluster = pytest.mark.skipif(find_spec("ray") is None, reason=WITHOUT_RAY)


def test_without_the_extra_it_is_refused_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RayMissing) as refusal:
        list(RayCrew(doubling, ()).results([(1, 1)]))
    assert "pip install 'sillage[ray]'" in refusal.value.hint


def doubling() -> Callable[[int], int]:
    return lambda piece: 2 * piece


class Dying:
    """Doubles; at the pieces of `fatal` its process is killed, the first time or, with `always`, each time."""

    def __init__(self, folder: Path, fatal: tuple[int, ...], always: bool = False) -> None:
        self.folder, self.fatal, self.always = folder, fatal, always

    def __call__(self, piece: int) -> int:
        grave = self.folder / str(piece)
        if piece in self.fatal and (self.always or not grave.exists()):
            grave.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * piece


class OnlyOnThisMachine(Refusal):
    """A refusal of a worker."""


def refusing() -> Callable[[int], int]:
    def refuse(piece: int) -> int:
        raise OnlyOnThisMachine(f"{piece} is refused.", "Do not.")

    return refuse


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes with one processor each, on loopback."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    made.add_node(num_cpus=1)
    made.wait_for_nodes()
    yield made
    made.shutdown()


def _numbered(crew: RayCrew[int, int], many: int) -> list[tuple[int, int]]:
    return sorted(crew.results((n, n) for n in range(many)))


@on_cluster
@pytest.mark.slow
def test_two_nodes_give_every_result_once(cluster):
    assert _numbered(RayCrew(doubling, (), address=cluster.address), 50) == [(n, 2 * n) for n in range(50)]


@on_cluster
@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_repeats_nothing(cluster, tmp_path):
    crew: RayCrew[int, int] = RayCrew(Dying, (tmp_path, (3, 17, 18)), address=cluster.address)
    assert _numbered(crew, 40) == [(n, 2 * n) for n in range(40)]
    assert {grave.name for grave in tmp_path.iterdir()} == {"3", "17", "18"}


@on_cluster
@pytest.mark.slow
def test_a_lost_machine_loses_nothing_and_repeats_nothing(cluster):
    machine = cluster.add_node(num_cpus=2)
    cluster.wait_for_nodes()
    results = RayCrew(doubling, (), address=cluster.address).results((n, n) for n in range(60))
    seen = [next(results), next(results)]
    cluster.remove_node(machine, allow_graceful=False)
    assert sorted([*seen, *results]) == [(n, 2 * n) for n in range(60)]
    cluster.wait_for_nodes()  # until its loss is known


@on_cluster
@pytest.mark.slow
def test_a_piece_that_always_kills_its_worker_is_given_up(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(on_ray, "TRIES_AGAIN", 1)
    with pytest.raises(WorkLost):
        _numbered(RayCrew(Dying, (tmp_path, (2,), True), address=cluster.address), 4)


@on_cluster
@pytest.mark.slow
def test_only_a_few_pieces_are_out_at_a_time(cluster):
    taken = 0

    def pieces() -> Iterator[tuple[int, int]]:
        nonlocal taken
        for n in range(60):
            taken += 1
            yield n, n

    for done, _ in enumerate(RayCrew(doubling, (), address=cluster.address).results(pieces())):
        assert taken - done <= on_ray.WAITING * 2  # two processors


@on_cluster
@pytest.mark.slow
def test_what_a_worker_refuses_is_refused_here(cluster):
    with pytest.raises(OnlyOnThisMachine) as refusal:
        _numbered(RayCrew(refusing, (), address=cluster.address), 3)
    assert refusal.value.hint == "Do not."


@on_cluster
@pytest.mark.slow
@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere"])
def test_no_cluster_at_the_address_is_refused(address):
    with pytest.raises(ClusterUnreachable) as refusal:
        _numbered(RayCrew(doubling, (), address=address), 1)
    assert "ray start --head" in refusal.value.hint


@on_cluster
@pytest.mark.slow
def test_a_cluster_of_its_own_listens_on_loopback_only_and_counts_nobody():
    with clusters.joined(clusters.LOCAL, 1) as ray:
        assert {node["NodeManagerAddress"] for node in ray.nodes()} == {"127.0.0.1"}
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
        assert not ray._private.worker.get_dashboard_url()
