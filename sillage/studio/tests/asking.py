"""Steps that tests of the language model share: a server on this machine, a brief, and answers that hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from pydantic import SecretStr

from sillage.adapters.tests.model_server import ModelServer, Reply, model_server, says

KEY = "sk-very-secret-0123456789"
GOOD = "Une peau calme vaut mieux qu’une peau parfaite. La formule compte onze ingrédients, et c’est assez. aube.example/serum"
OTHER = (
    "Rien de plus que le nécessaire : aucun parfum n’est ajouté au sérum Aube. Votre peau respire. aube.example/serum"
)


@contextmanager
def set_up(settings: Any, **more: Any) -> Iterator[ModelServer]:
    """A server that the settings name, for as long as the block lasts."""
    with model_server() as served:
        given = {
            "llm_url": served.url,
            "llm_model": "tiny",
            "llm_key": SecretStr(KEY),
            "llm_price_in": Decimal("0.50"),
            "llm_price_out": Decimal("1.50"),
        }
        before = settings.SILLAGE
        settings.SILLAGE = before.model_copy(update=given | more)
        served.answers = [texts((GOOD, ["f1"]), (OTHER, ["f2"]))]
        yield served


def texts(*said: tuple[str, list[str]], **more: Any) -> Reply:
    """An answer of texts with the ids that they rest on."""
    return says({"texts": [{"text": text, "facts": ids} for text, ids in said]}, **more)
