"""From settings to an embedder, or to none."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from sillage.adapters.embedders.port import MAX_TOKENS, Embedder, EmbedderUnusable
from sillage.lib.late import Late
from sillage.lib.sentences import Sentence

if TYPE_CHECKING:
    from sillage.adapters.embedders import minilm, onnx_folder, remote
else:
    minilm = Late("sillage.adapters.embedders.minilm")
    onnx_folder = Late("sillage.adapters.embedders.onnx_folder")
    remote = Late("sillage.adapters.embedders.remote")

EmbedderKind = Literal["minilm", "onnx", "openai", "off"]
Given = TypeVar("Given", str, Path)


@dataclass(frozen=True, slots=True)
class EmbedderSettings:
    """Which embedder.

    `cache` is for minilm, `folder` for onnx; `base_url`, `model`, `api_key` and `batch` are for openai.
    """

    kind: EmbedderKind = "minilm"
    cache: Path | None = None
    folder: Path | None = None
    base_url: str = ""
    model: str = ""
    api_key: str = field(default="", repr=False)
    threads: int = 1
    batch: int = 64
    max_tokens: int = MAX_TOKENS  # of a text; the rest is not read


def embedder_from(settings: EmbedderSettings) -> Embedder | None:
    """Return the embedder that the settings name; None when it is off. Raises EmbedderUnusable."""
    match settings.kind:
        case "off":
            return None
        case "minilm":
            return minilm.minilm(
                _given(settings.cache, "cache", "minilm"), threads=settings.threads, max_tokens=settings.max_tokens
            )
        case "onnx":
            return onnx_folder.OnnxFolder(
                _given(settings.folder, "SILLAGE_EMBEDDER_FOLDER", "onnx"),
                threads=settings.threads,
                max_tokens=settings.max_tokens,
            )
        case "openai":
            return remote.RemoteEmbedder(
                _given(settings.base_url, "SILLAGE_EMBEDDER_URL", "openai"),
                _given(settings.model, "SILLAGE_EMBEDDER_MODEL", "openai"),
                api_key=settings.api_key,
                batch=settings.batch,
            )
    raise EmbedderUnusable(
        Sentence("No embedder is called “%(settings_kind)s”.", settings_kind=settings.kind),
        Sentence("Choose one of %(get_args)s.", get_args=", ".join(get_args(EmbedderKind))),
    )


def _given(value: Given | None, name: str, kind: str) -> Given:
    if not value:
        raise EmbedderUnusable(
            Sentence("The embedder “%(kind)s” needs “%(name)s”, which is not set.", kind=kind, name=name),
            Sentence("Set %(name)s, or choose another embedder.", name=name),
        )
    return value
