"""How long commands take to start: `python bench/start.py [--runs 7]`.

Each command runs in a process of its own, in turn, on a data folder of its own without a database: what is measured is loading.
Peak memory is the child's resident set.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--help",),
    ("database", "status"),
    ("creators", "--help"),
    ("studio", "--help"),
)


def measured(command: tuple[str, ...], environment: dict[str, str]) -> tuple[float, int]:
    """Seconds by the clock and peak memory in MB of one run."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "sillage", *command],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"sillage {' '.join(command)} failed")
    return time.perf_counter() - begun, used.ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SILLAGE_DATA": folder}
        took: dict[tuple[str, ...], list[tuple[float, int]]] = {command: [] for command in COMMANDS}
        for _ in range(runs + 1):
            for command in COMMANDS:
                took[command].append(measured(command, environment))
    print("| command | median s | least s | peak MB |\n|---|---:|---:|---:|")
    for command, results in took.items():
        seconds = [second for second, _ in results[1:]]  # the first run writes byte code
        peak = max(memory for _, memory in results)
        print(f"| `sillage {' '.join(command)}` | {statistics.median(seconds):.2f} | {min(seconds):.2f} | {peak} |")


if __name__ == "__main__":
    main()
