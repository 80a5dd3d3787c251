"""Whatever a reader may have to look up stands in the reference."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable

import pytest

from sillage.catalogue.engine.metrics import FOLLOWERS
from sillage.discovery.engine.metrics import AFFINITY
from sillage.front.cli import COMMANDS
from sillage.front.configuration import Configuration
from sillage.lib.receipts import metrics
from sillage.understanding.engine.metrics import SPONSORED_SHARE
from sillage.understanding.engine.port import ENRICHERS
from sillage.understanding.engine.themes import theme_set
from tests.house.source import REPOSITORY, product
from tests.house.test_refusals import refusal_classes


def _verbs() -> set[str]:
    """Constants that stand where an entry's verb stands."""
    return {
        node.value
        for module in product()
        if module.is_action
        for call in module.calls()
        for keyword in call.keywords
        if keyword.arg == "verb"
        for node in ast.walk(keyword.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.endswith("_")
    }


METRICS = {FOLLOWERS.id, AFFINITY.id, SPONSORED_SHARE.id} | {m.id for m in metrics()}  # before tests register their own
LOOKED_UP: dict[str, Callable[[], Iterable[str]]] = {
    "settings": lambda: [f"SILLAGE_{name.upper()}" for name in Configuration.model_fields],
    "commands": lambda: [f"sillage {name}" for name in COMMANDS],
    "errors": refusal_classes,
    "ledger": _verbs,
    "metrics": lambda: METRICS,
    "enrichers": lambda: ENRICHERS,
    "themes": lambda: [t.id for t in theme_set().themes if t.parent is None],
}


@pytest.mark.parametrize("page", LOOKED_UP)
def test_the_reference_names_every_one_of(page: str) -> None:
    path = REPOSITORY / "docs" / "reference" / f"{page}.md"
    text = path.read_text(encoding="utf8")
    names = sorted(LOOKED_UP[page]())
    assert len(names) >= 3
    assert not [name for name in names if not re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", text)]
