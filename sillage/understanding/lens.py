"""A workspace's eyes: its fitted models and the embedder, ready to look at a text. Loaded once per process and version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from sillage.adapters.embedders import Embedder, EmbedderSettings, embedder_from
from sillage.lib.late import sparse
from sillage.understanding.engine.lexical import LexicalModel
from sillage.understanding.engine.projection import DENSE_DIMS, LEXICAL_DIMS, Projection, centred
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.models import FittedModel

Vector = NDArray[np.float32]
READ_TOKENS = 64  # of a post: its beginning says what it is about, and twice as many cost twice the time
LEXICAL, WORD_PROJECTION, MEANING_PROJECTION = "lexical", "word_projection", "meaning_projection"


@dataclass(frozen=True, eq=False)
class Lens:
    """Any of them may be missing: no corpus yet, or the embedder is off."""

    lexical: LexicalModel | None
    word_projection: Projection | None
    meaning_projection: Projection | None
    embedder: Embedder | None

    @cached_property
    def versions(self) -> dict[str, str]:
        return {
            "themes": theme_set().version,
            "words": self.lexical.version if self.lexical else "",
            "meaning": self.embedder.version if self.embedder else "",
        }

    def words(self, text: str) -> sparse.csr_matrix:
        """The lexical vector of a text: one sparse row."""
        if self.lexical is None:
            return sparse.csr_matrix((1, 1), dtype=np.float32)
        return self.lexical.transform([text])

    def meaning(self, text: str) -> Vector:
        """The dense vector of a text, unit length; zeros without an embedder."""
        if self.embedder is None:
            return np.zeros(1, dtype=np.float32)
        return np.asarray(self.embedder.embed([text])[0], dtype=np.float32)

    def centred(self, rows: Vector) -> Vector:
        """Dense rows with the corpus' common direction taken away, unit length; as they are before anything was fitted."""
        centre = self.meaning_projection.centre if self.meaning_projection else None
        return rows if centre is None else centred(rows, centre)

    def projected_words(self, text: str) -> Vector:
        if self.word_projection is None:
            return np.zeros(LEXICAL_DIMS, dtype=np.float32)
        projected: Vector = self.word_projection.transform(self.words(text))[0]
        return projected

    def projected_meaning(self, text: str) -> Vector:
        if self.meaning_projection is None or self.embedder is None:
            return np.zeros(DENSE_DIMS, dtype=np.float32)
        projected: Vector = self.meaning_projection.transform(self.meaning(text)[None, :])[0]
        return projected


@lru_cache(maxsize=4)
def open_embedder(settings: EmbedderSettings | None) -> Embedder | None:
    """The installation's embedder, loaded once per process."""
    return embedder_from(settings) if settings else None


def embedder_settings() -> EmbedderSettings | None:
    """Which embedder the installation uses; None when it is off."""
    chosen = settings.SILLAGE
    if chosen.embedder == "off":
        return None
    return EmbedderSettings(
        kind=chosen.embedder,
        cache=chosen.data / "models",
        folder=chosen.embedder_folder,
        base_url=chosen.embedder_url,
        model=chosen.embedder_model,
        api_key=chosen.embedder_key.get_secret_value() if chosen.embedder_key else "",
        max_tokens=READ_TOKENS,
    )


def lens_of(workspace_id: int) -> Lens:
    """The newest models of a workspace, with the installation's embedder."""
    found = [_newest(workspace_id, name) for name in (LEXICAL, WORD_PROJECTION, MEANING_PROJECTION)]
    return _lens(*found, embedder_settings())


def _newest(workspace_id: int, name: str) -> int | None:
    models = FittedModel.objects.filter(workspace_id=workspace_id, name=name).order_by("-fitted_at", "-pk")
    return models.values_list("pk", flat=True).first()


@lru_cache(maxsize=8)
def _lens(lexical: int | None, words: int | None, meaning: int | None, embedder: EmbedderSettings | None) -> Lens:
    return Lens(
        LexicalModel.from_bytes(_body(lexical)) if lexical else None,
        Projection.from_bytes(_body(words)) if words else None,
        Projection.from_bytes(_body(meaning)) if meaning else None,
        open_embedder(embedder),
    )


def _body(pk: int) -> bytes:
    return bytes(FittedModel.objects.values_list("body", flat=True).get(pk=pk))
