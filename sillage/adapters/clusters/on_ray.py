"""Work on a Ray cluster (https://docs.ray.io): pieces go out a few at a time, and those of a lost worker go out again.

Ray is the extra `sillage[ray]`; every machine of the cluster needs the same Sillage. Workers get plain data and give
plain data back: they know no database, and what they found is stored by the process that asked. A piece that is read
twice, because its worker was killed, is therefore stored once.
"""

from __future__ import annotations

import importlib
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from sillage.lib.errors import Refusal
from sillage.lib.text import shortened

Work = TypeVar("Work")
Done = TypeVar("Done")

LOCAL = "local"
WAITING = 3  # pieces per processor that are out at the same time: one at work, two on their way
TRIES_AGAIN = 5  # a piece whose worker was killed; it may be the piece that kills
_ON_NETWORK = (
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"  # without it Ray keeps to loopback, on Linux too; read when it is loaded
)
KNOCKS_FOR = 5.0  # seconds
LOCAL_STORE = 256 * 2**20  # bytes of shared memory of a cluster that is started here


class RayMissing(Refusal):
    """Ray is an extra that is not installed here."""

    title = "Ray is not installed"


class ClusterUnreachable(Refusal):
    """No Ray cluster answers at the address."""

    title = "No cluster"


class WorkLost(Refusal):
    """A piece of work was lost with its worker more often than it is tried again."""

    title = "Work lost"


class RayCrew(Generic[Work, Done]):
    """Runs `make(*given)` once per worker process and then calls it on pieces of work.

    `address` is LOCAL (a cluster of `processors` processes is started on this machine, and ended), "auto" (the one that
    runs on this machine) or host:port of its head.
    """

    def __init__(
        self,
        make: Callable[..., Callable[[Work], Done]],
        given: tuple[Any, ...],
        *,
        address: str = LOCAL,
        processors: int = 1,
    ) -> None:
        self._make, self._given = make, given
        self._address, self._processors = address, processors

    def results(self, work: Iterable[tuple[Any, Work]]) -> Iterator[tuple[Any, Done]]:
        """(label, result) for each (label, work), as they come; never more than WAITING pieces per processor are out."""
        with joined(self._address, self._processors) as ray:
            # What readers are made of is put into the object store once; each worker fetches it once.
            makers = [ray.put((self._make, self._given))]
            call = ray.remote(num_cpus=1, max_retries=TRIES_AGAIN)(_call)
            most = WAITING * max(1, int(ray.cluster_resources().get("CPU", 1)))
            waiting: dict[Any, Any] = {}
            for label, piece in work:
                waiting[call.remote(makers, piece)] = label
                if len(waiting) >= most:
                    yield from _finished(ray, waiting)
            while waiting:
                yield from _finished(ray, waiting)


@contextmanager
def joined(address: str, processors: int) -> Iterator[Any]:
    """The module `ray`, connected to the cluster while the block lasts. Raises RayMissing or ClusterUnreachable.

    Ray's usage statistics and dashboard are off; a cluster that is started here listens on loopback only.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "3")  # attempts to reach a head, each of some seconds
    if address == LOCAL:
        os.environ[_ON_NETWORK] = "0"
    ray = _ray()
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    own = {"num_cpus": processors, "include_dashboard": False, "object_store_memory": LOCAL_STORE}
    try:
        _knock(address)
        ray.init(address, **quiet, **(own if address == LOCAL else {}))
    except (OSError, ValueError, RuntimeError) as error:
        raise ClusterUnreachable(
            f"No Ray cluster answers at “{address}”: {shortened(str(error), 200)}",
            "Start one with `ray start --head` and give host:port of its head, or leave the address out for one here.",
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Ray itself would knock for minutes at a door that is not there. Raises OSError or ValueError."""
    if address not in (LOCAL, "auto"):
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), timeout=KNOCKS_FOR).close()


def _ray() -> Any:
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError as error:
        raise RayMissing(
            "Ray, which runs work on a cluster, is not installed.", "Install it with: pip install 'sillage[ray]'"
        ) from error


def _finished(ray: Any, waiting: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    done, _ = ray.wait(list(waiting), num_returns=1)
    for reference in done:
        try:
            result = ray.get(reference)
        except ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except ray.exceptions.RayError as error:
            raise WorkLost(
                f"A batch was lost with its worker {1 + TRIES_AGAIN} times.",
                "See Ray's logs for why workers die (memory, most often); what was read before is stored.",
            ) from error
        yield waiting.pop(reference), result


# In a worker process: what it was made of, by the name of the object that holds it.
_prepared: dict[str, Callable[[Any], Any]] = {}


def _call(makers: list[Any], piece: Any) -> Any:
    name = makers[0].hex()
    if name not in _prepared:
        make, given = _ray().get(makers[0])
        _prepared.clear()
        _prepared[name] = make(*given)
    return _prepared[name](piece)
