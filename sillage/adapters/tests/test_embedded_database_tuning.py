from pathlib import Path

import pytest

from sillage.adapters.database.tuning import GB, MB, Machine, as_file, read_machine, settings_for

LAPTOP = Machine(memory=16 * GB, cores=8, shared_memory=8 * GB, disk_free=200 * GB)
CONTAINER = Machine(memory=512 * MB, cores=1, shared_memory=64 * MB, disk_free=2 * GB)
SERVER = Machine(memory=256 * GB, cores=64, shared_memory=128 * GB, disk_free=4000 * GB)
SOCKETS = Path("/srv/ada/database")


def megabytes(settings: dict[str, str], name: str) -> int:
    return int(settings[name].removesuffix("MB"))


def test_a_laptop_gives_a_quarter_of_its_memory_to_shared_buffers() -> None:
    settings = settings_for(LAPTOP, sockets=SOCKETS)
    assert settings["shared_buffers"] == "4096MB"
    assert settings["effective_cache_size"] == "8192MB"
    assert settings["max_parallel_workers_per_gather"] == "4"
    assert "dynamic_shared_memory_type" not in settings


def test_a_large_server_stops_at_four_gigabytes_of_shared_buffers() -> None:
    settings = settings_for(SERVER, sockets=SOCKETS)
    assert settings["shared_buffers"] == "4096MB"
    assert settings["work_mem"] == "64MB"


def test_a_small_container_is_not_promised_more_than_it_has() -> None:
    settings = settings_for(CONTAINER, sockets=SOCKETS)
    assert megabytes(settings, "shared_buffers") == 128
    assert megabytes(settings, "maintenance_work_mem") == 32
    assert megabytes(settings, "max_wal_size") == 256
    assert settings["max_parallel_workers_per_gather"] == "0"


def test_a_small_dev_shm_moves_parallel_queries_memory_to_files() -> None:
    assert settings_for(CONTAINER, sockets=SOCKETS)["dynamic_shared_memory_type"] == "mmap"


def test_a_machine_without_dev_shm_keeps_its_own_kind_of_shared_memory() -> None:
    mac = Machine(memory=16 * GB, cores=8, shared_memory=None, disk_free=200 * GB)
    assert "dynamic_shared_memory_type" not in settings_for(mac, sockets=SOCKETS)


@pytest.mark.parametrize("machine", [LAPTOP, CONTAINER, SERVER])
def test_it_stays_durable_and_private_on_every_machine(machine: Machine) -> None:
    settings = settings_for(machine, sockets=SOCKETS)
    assert settings["fsync"] == settings["synchronous_commit"] == settings["full_page_writes"] == "on"
    assert settings["listen_addresses"] == ""
    assert settings["unix_socket_permissions"] == "0700"


def test_quotes_in_a_value_are_doubled_in_the_file() -> None:
    assert "name = 'l''été'\n" in as_file({"name": "l'été"})


def test_this_machine_can_be_read(tmp_path: Path) -> None:
    machine = read_machine(tmp_path)
    assert machine.memory > 64 * MB
    assert machine.cores >= 1
    assert machine.disk_free > 0
