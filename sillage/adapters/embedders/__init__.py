"""Texts to dense vectors: MiniLM on this machine, any ONNX folder, or an OpenAI-compatible server."""

from sillage.adapters.embedders.choice import EmbedderKind, EmbedderSettings, embedder_from
from sillage.adapters.embedders.port import Embedder, EmbedderUnusable, Vectors

__all__ = ["Embedder", "EmbedderKind", "EmbedderSettings", "EmbedderUnusable", "Vectors", "embedder_from"]
