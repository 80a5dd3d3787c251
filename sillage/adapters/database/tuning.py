"""Settings of the embedded server, computed from the machine's memory, cores, /dev/shm and free disk.

Rules of thumb from the PostgreSQL manual ("Resource Consumption", "WAL Configuration"); parallel costs are
lowered because an exact vector scan only meets its time with parallel workers. Everything stays durable:
fsync and synchronous_commit are on. `wal_level = minimal` lets COPY and CREATE INDEX into a new table skip
the log safely; the embedded server has no replicas, whoever wants them runs a server of their own.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

MB = 1024 * 1024
GB = 1024 * MB

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - asked for its size, nothing is written


@dataclass(frozen=True, slots=True)
class Machine:
    """Sizes in bytes. `shared_memory` is the size of /dev/shm, None where there is none (macOS)."""

    memory: int
    cores: int
    shared_memory: int | None
    disk_free: int


def read_machine(folder: Path) -> Machine:
    """This machine as a container sees it: the control group's memory limit, this process's cores."""
    limits = [int(text) for path in _CGROUP_LIMITS if path.exists() and (text := path.read_text().strip()).isdigit()]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Machine(
        memory=min([psutil.virtual_memory().total, *limits]),
        cores=cores,
        shared_memory=shutil.disk_usage(_SHARED_MEMORY).total if _SHARED_MEMORY.is_dir() else None,
        disk_free=shutil.disk_usage(folder).free,
    )


def _size(wanted: int, *, least: int, most: int) -> int:
    return max(least, min(most, wanted)) // MB * MB


def _memory(machine: Machine) -> dict[str, str]:
    maintenance = _size(machine.memory // 16, least=32 * MB, most=2 * GB)
    sizes = {
        "shared_buffers": _size(machine.memory // 4, least=32 * MB, most=4 * GB),
        "effective_cache_size": _size(machine.memory // 2, least=64 * MB, most=1024 * GB),
        "work_mem": _size(machine.memory // 256, least=4 * MB, most=64 * MB),
        "maintenance_work_mem": maintenance,
        "autovacuum_work_mem": min(maintenance, 256 * MB),
    }
    settings = {name: f"{size // MB}MB" for name, size in sizes.items()}
    # A parallel index build keeps maintenance_work_mem in shared memory; Docker gives /dev/shm 64 MB.
    if machine.shared_memory is not None and machine.shared_memory < max(512 * MB, 2 * maintenance):
        settings["dynamic_shared_memory_type"] = "mmap"
    return settings | {"huge_pages": "off"}


def _parallelism(machine: Machine) -> dict[str, str]:
    gather = 0 if machine.cores == 1 else min(4, machine.cores)
    return {
        "max_worker_processes": str(machine.cores + 4),
        "max_parallel_workers": str(machine.cores),
        "max_parallel_workers_per_gather": str(gather),
        "max_parallel_maintenance_workers": str(gather),
        "parallel_setup_cost": "100",
        "parallel_tuple_cost": "0.01",
        "random_page_cost": "1.1",
        "jit": "off",
    }


def _log(machine: Machine) -> dict[str, str]:
    return {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "wal_compression": "pglz",
        "max_wal_size": f"{_size(machine.disk_free // 10, least=256 * MB, most=4 * GB) // MB}MB",
        "min_wal_size": "128MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
    }


def settings_for(machine: Machine, *, sockets: Path) -> dict[str, str]:
    """All settings by name. Pure. `sockets` is the folder of the unix socket, the only way in."""
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **_memory(machine),
        **_parallelism(machine),
        **_log(machine),
    }


def as_file(settings: dict[str, str]) -> str:
    """The settings in the syntax of postgresql.conf."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    return (
        "# Written by Sillage at each start, from the machine's memory, cores and disk.\n"
        "# Your own settings: in postgresql.conf, below the line that includes this file.\n" + "\n".join(lines) + "\n"
    )
