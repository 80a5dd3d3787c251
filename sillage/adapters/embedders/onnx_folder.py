"""An embedder in a folder, `model.onnx` and `tokenizer.json`, run on this machine by onnxruntime."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf
from tokenizers import Encoding, Tokenizer

from sillage.adapters.embedders.port import MAX_TOKENS, EmbedderUnusable, Vectors, is_blank, unit_rows
from sillage.lib.sentences import Sentence

Loaded = TypeVar("Loaded")
BATCH = 32
KNOWN_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})
NUMBER_TYPES: dict[str, type[np.int32] | type[np.int64]] = {
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


class OnnxFolder:
    """A sentence encoder in ONNX.

    The vectors of the tokens are averaged, or the first one is taken where `1_Pooling/config.json` says so.
    An int8 model scales each batch by its largest numbers: a text's vector differs a little (cosine about
    0.99) with the texts beside it, and is the same for the same batch.
    """

    def __init__(
        self, folder: Path, *, name: str | None = None, threads: int = 1, max_tokens: int = MAX_TOKENS
    ) -> None:
        _require_files(folder)
        self.name = name or folder.name
        self.version = _version(folder, max_tokens)
        self._session = _loaded(folder, "model.onnx", lambda path: _session(path, threads))
        self._inputs = {entry.name: NUMBER_TYPES.get(entry.type) for entry in self._session.get_inputs()}
        self._output = self._session.get_outputs()[0].name
        self._first_token_only = _pools_first_token(folder)
        self._tokenizer = _loaded(folder, "tokenizer.json", lambda path: _tokenizer(path, max_tokens))
        self._require_known_inputs(folder)
        self.dims = int(self._run(self._tokenizer.encode_batch(["dimension"])).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows of shape (texts, dims); texts of like length share a batch, to pad little."""
        vectors = np.zeros((len(texts), self.dims), dtype=np.float32)
        for chosen, encodings in self._batches(texts):
            vectors[chosen] = self._run(encodings)
        return unit_rows(vectors)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoding]]]:
        places = [place for place, text in enumerate(texts) if not is_blank(text)]
        places.sort(key=lambda place: (len(texts[place]), place))
        for start in range(0, len(places), BATCH):
            chosen = places[start : start + BATCH]
            yield chosen, self._tokenizer.encode_batch([texts[place] for place in chosen])

    def _run(self, encodings: Sequence[Encoding]) -> Vectors:
        mask = np.array([encoding.attention_mask for encoding in encodings])
        available = {
            "input_ids": np.array([encoding.ids for encoding in encodings]),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        feed = {name: available[name].astype(number) for name, number in self._inputs.items()}
        (output,) = self._session.run([self._output], feed)
        return self._pooled(np.asarray(output, dtype=np.float32), mask)

    def _pooled(self, output: NDArray[np.float32], mask: NDArray[Any]) -> Vectors:
        if output.ndim == 2:  # the model pools by itself
            return output
        if self._first_token_only:
            return output[:, 0]
        weights = mask[:, :, None].astype(np.float32)
        pooled: Vectors = (output * weights).sum(axis=1) / weights.sum(axis=1)
        return pooled

    def _require_known_inputs(self, folder: Path) -> None:
        unknown = sorted(name for name, number in self._inputs.items() if name not in KNOWN_INPUTS or number is None)
        if unknown:
            raise EmbedderUnusable(
                Sentence(
                    "The model in %(folder)s asks for %(unknown)s, which Sillage does not give.",
                    folder=folder,
                    unknown=", ".join(unknown),
                ),
                Sentence("Export it as a sentence encoder with input_ids, attention_mask and token_type_ids only."),
            )


def _require_files(folder: Path) -> None:
    for needed in ("model.onnx", "tokenizer.json"):
        if not (folder / needed).is_file():
            raise EmbedderUnusable(
                Sentence("The embedder folder %(folder)s has no %(needed)s.", folder=folder, needed=needed),
                Sentence("Give a folder that holds model.onnx and tokenizer.json."),
            )


def _loaded(folder: Path, name: str, load: Callable[[Path], Loaded]) -> Loaded:
    try:
        return load(folder / name)
    except (InvalidProtobuf, InvalidGraph, Fail, ValueError) as error:
        raise EmbedderUnusable(
            Sentence("The embedder's %(file)s in %(folder)s cannot be read.", file=name, folder=folder),
            Sentence("Export or copy it again; model.onnx and tokenizer.json come from the same model."),
        ) from error


def _session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    json.loads(path.read_text(encoding="utf-8"))  # its own reader raises errors of no narrower kind
    tokenizer = Tokenizer.from_file(str(path))
    known = tokenizer.padding or {}
    tokenizer.enable_truncation(max_tokens)
    tokenizer.enable_padding(pad_id=known.get("pad_id", 0), pad_token=known.get("pad_token", "[PAD]"))
    return tokenizer


def _pools_first_token(folder: Path) -> bool:
    config = folder / "1_Pooling" / "config.json"
    return config.is_file() and bool(json.loads(config.read_text("utf-8")).get("pooling_mode_cls_token"))


def _version(folder: Path, max_tokens: int) -> str:
    digest = hashlib.sha256(f"max_tokens={max_tokens}".encode())
    for name in ("model.onnx", "model.onnx_data", "tokenizer.json"):
        if (folder / name).is_file():
            digest.update(file_hash(folder / name).encode())
    return digest.hexdigest()[:12]


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
