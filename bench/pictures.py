"""A thousand pictures with a name on them: `python bench/pictures.py [--n 1000] [--workers 2] [--rounds 3]`.

Measured per template that ships: seconds to fill, draw, sign and put the pictures into parts, with processes started in the
time; and what one picture takes step by step. Names are invented, Latin, Arabic and Hebrew, short and far too long. Then,
outside of the time, that it holds: every file is a PNG of its size, none is there twice, the signer's library reads the
credentials of every hundredth.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import resource
import statistics
import time
from datetime import UTC, datetime

from PIL import Image

from sillage.adapters.credentials import make_certificate, read_credentials
from sillage.adapters.pictures import png_of
from sillage.studio.engine.digital_source import Elements, Source, png_with
from sillage.studio.engine.origins import BY_A_PERSON
from sillage.studio.engine.picture_batch import PORTION, Statement, part_of
from sillage.studio.engine.shipped_templates import SHIPPED, shipped_template
from sillage.studio.engine.svg_template import checked_values, draw, read_template
from sillage.studio.workers import MadePicture, Order, Press, Row
from sillage.understanding.workers import Crew

FIRST = (
    "Léa",
    "Maximilian-Alexander",
    "عبد الرحمن",
    "ליאורה",
    "Zoë",
    "Anne-Charlotte de La Rochefoucauld-Montbel",
    "Ng",
)
SAID = "On a pensé à toi pour le compost du printemps : viens voir, il reste dix places."


def order_of(name: str) -> Order:
    svg = shipped_template(name)
    template = read_template(svg, f"{name}.svg")
    statement = Statement(
        template=name,
        version=1,
        source=Source.DATA_DRIVEN.value,
        made_by=BY_A_PERSON.kept(),
        elements=Elements.NONE.value,
        alt=template.alt,
        alt_confirmed=True,
        words_by_model=False,
    )
    certificate = make_certificate("Bench", datetime.now(UTC))
    return Order(svg, f"{name}.svg", (), statement, "0.1.0", certificate)


def values(name: str, number: int) -> dict[str, str]:
    said = {"first_name": f"{FIRST[number % len(FIRST)]} {number}", "message": SAID}
    return said | ({"code": f"CODE{number}"} if name == "story" else {})


def processor() -> float:
    """Seconds of processors that this process and its ended children used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(name: str, n: int, workers: int) -> tuple[float, float, list[MadePicture], int]:
    begun, used = time.perf_counter(), processor()
    work = ((number, (number, values(name, number))) for number in range(1, n + 1))
    made: list[MadePicture] = []
    size, portion = 0, []
    for number, result in Crew(Row, (order_of(name),), workers).results(work):
        assert isinstance(result, MadePicture)
        made.append(result)
        portion.append((f"{number}.png", result.data))
        if len(portion) == PORTION:
            size += len(part_of(portion))
            portion = []
    return time.perf_counter() - begun, processor() - used, made, size


def steps(name: str, rounds: int = 20) -> dict[str, float]:
    """Milliseconds of a processor for one picture, in one process."""
    press = Press(order_of(name))
    times: dict[str, list[float]] = {"words": [], "draw": [], "sign": []}
    for number in range(rounds):
        at = time.process_time()
        said = checked_values(press.template, values(name, number))
        drawn = draw(press.template, said, press.shelf)
        times["words"].append(time.process_time() - at)
        at = time.process_time()
        png = png_of(drawn.svg, press.shelf.used(drawn.faces))
        times["draw"].append(time.process_time() - at)
        at = time.process_time()
        press._signed(png_with(png, press._xmp("x")), "image/png", "x", drawn)
        times["sign"].append(time.process_time() - at)
    return {step: 1_000 * statistics.median(each) for step, each in times.items()}


def holds(name: str, made: list[MadePicture]) -> None:
    template = read_template(shipped_template(name), name)
    assert len({one.sha256 for one in made}) == len(made)
    for number, one in enumerate(made):
        assert hashlib.sha256(one.data).hexdigest() == one.sha256
        assert Image.open(io.BytesIO(one.data)).size == (template.width, template.height)
        if number % 100 == 0:
            told = read_credentials(one.data, "image/png")
            assert told is not None and told["validation_state"] == "Valid"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(
        "| template | pictures | processes | s, median | s, slowest | processor s | kB each | words ms | draw ms | sign ms |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name in SHIPPED:
        seconds: list[float] = []
        busy: list[float] = []
        made: list[MadePicture] = []
        size = 0
        for _ in range(given.rounds):
            took, used, made, size = measure(name, given.n, given.workers)
            seconds.append(took)
            busy.append(used)
        holds(name, made)
        ms = steps(name)
        figures = f"{statistics.median(seconds):.1f} | {max(seconds):.1f} | {statistics.median(busy):.1f}"
        figures += f" | {size / len(made) / 1_000:.0f}"
        detail = " | ".join(f"{value:.1f}" for value in ms.values())
        print(f"| {name} | {len(made):,} | {given.workers} | {figures} | {detail} |")


if __name__ == "__main__":
    main()
