"""Embedders: MiniLM from checked weights, any ONNX folder, an OpenAI-compatible server, or none."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from sillage.adapters.embedders import EmbedderSettings, EmbedderUnusable, embedder_from
from sillage.adapters.embedders.minilm import WeightsDiffer, minilm
from sillage.adapters.embedders.onnx_folder import OnnxFolder
from sillage.adapters.embedders.remote import ATTEMPTS, RemoteEmbedder
from sillage.lib.errors import OutsideError

SENTENCES = ["A man is eating food.", "A man is eating a piece of bread.", "Crypto prices crashed again today."]
KEY = "sk-very-secret"


# MiniLM


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def model(cache: Path) -> OnnxFolder:
    return minilm(cache)


def test_sentences_that_mean_alike_are_nearer_than_others(model: OnnxFolder) -> None:
    vectors = model.embed(SENTENCES)
    assert vectors.shape == (3, model.dims) == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[1] == pytest.approx(0.755, abs=0.03)  # the reference implementation's cosine
    assert vectors[0] @ vectors[2] < 0.2


def test_the_same_batch_gives_the_same_vectors_and_other_neighbours_change_them_little(model: OnnxFolder) -> None:
    together = model.embed(SENTENCES)
    assert np.array_equal(together, model.embed(SENTENCES))
    alone = np.vstack([model.embed([sentence]) for sentence in SENTENCES])
    assert (together * alone).sum(axis=1).min() > 0.97


def test_vectors_come_back_in_the_order_of_their_texts_and_blank_texts_are_zero(model: OnnxFolder) -> None:
    texts = ["word " * length for length in (90, 1, 40, 3)] + ["  \n", ""]
    shuffled = model.embed(texts)
    for place, text in enumerate(texts[:4]):
        assert shuffled[place] @ model.embed([text])[0] > 0.97
    assert not shuffled[4:].any()
    assert model.embed([]).shape == (0, 384)


def test_text_beyond_128_tokens_is_not_read(model: OnnxFolder) -> None:
    start = "skincare " * 200
    vectors = model.embed([start + "football", start + "cooking"])
    assert vectors[0] @ vectors[1] == pytest.approx(1, abs=1e-4)


def test_the_model_is_built_once_and_a_damaged_build_is_replaced(cache: Path, model: OnnxFolder) -> None:
    (built,) = cache.iterdir()
    before = (built / "model.onnx").stat().st_mtime_ns
    assert minilm(cache).version == model.version
    assert (built / "model.onnx").stat().st_mtime_ns == before
    with (built / "model.onnx").open("r+b") as file:
        file.truncate(1000)
    assert minilm(cache).version == model.version
    assert [path.name for path in cache.iterdir()] == [built.name]


def test_weights_with_another_hash_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(WeightsDiffer) as refusal:
        minilm(tmp_path / "cache", source=tmp_path)
    assert "SHA-256 differs" in refusal.value.message
    assert not (tmp_path / "cache").exists()


# ONNX folders


def _toy_folder(folder: Path, *, first_input: str = "input_ids") -> Path:
    """An encoder of three words whose token vectors are (1, 0), (0, 1) and (0, -1)."""
    folder.mkdir()
    words = {"[PAD]": 0, "north": 1, "east": 2, "west": 3}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[PAD]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.array([[9, 9], [1, 0], [0, 1], [0, -1]], dtype=np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", first_input], ["found"]),
            helper.make_node("Cast", ["attention_mask"], ["unused"], to=TensorProto.FLOAT),
            helper.make_node("Identity", ["found"], ["last_hidden_state"]),
        ],
        "toy",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in (first_input, "attention_mask")
        ],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", 2])],
        initializer=[numpy_helper.from_array(table, "table")],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "model.onnx"
    )
    return folder


def test_a_folder_of_one_s_own_is_averaged_over_its_words_without_the_padding(tmp_path: Path) -> None:
    embedder = OnnxFolder(_toy_folder(tmp_path / "toy"))
    assert (embedder.name, embedder.dims) == ("toy", 2)
    vectors = embedder.embed(["north east", "west", "north north north"])
    assert vectors == pytest.approx(np.array([[0.5**0.5, 0.5**0.5], [0, -1], [1, 0]]), abs=1e-6)


def test_a_folder_that_pools_by_its_first_token_is_obeyed(tmp_path: Path) -> None:
    folder = _toy_folder(tmp_path / "toy")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    assert OnnxFolder(folder).embed(["north east"]) == pytest.approx(np.array([[1, 0]]))


def test_another_model_in_the_folder_is_another_version(tmp_path: Path) -> None:
    folder = _toy_folder(tmp_path / "toy")
    before = OnnxFolder(folder)
    assert OnnxFolder(folder).version == before.version
    assert OnnxFolder(folder, max_tokens=8).version != before.version


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json"])
def test_a_folder_whose_files_cannot_be_read_is_refused_by_their_name(tmp_path: Path, broken: str) -> None:
    folder = _toy_folder(tmp_path / "toy")
    (folder / broken).write_text("{")
    with pytest.raises(EmbedderUnusable, match=broken) as refusal:
        OnnxFolder(folder)
    assert "again" in refusal.value.hint


@pytest.mark.parametrize(("kind", "setting"), [("onnx", "SILLAGE_EMBEDDER_FOLDER"), ("openai", "SILLAGE_EMBEDDER_URL")])
def test_what_an_embedder_lacks_is_called_as_the_setting(kind: str, setting: str) -> None:
    with pytest.raises(EmbedderUnusable, match=setting):
        embedder_from(EmbedderSettings(kind=kind))


def test_a_folder_without_a_model_or_with_unknown_inputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnusable, match=r"has no model\.onnx"):
        OnnxFolder(tmp_path)
    with pytest.raises(EmbedderUnusable, match="asks for pixels"):
        OnnxFolder(_toy_folder(tmp_path / "toy", first_input="pixels"))


# OpenAI-compatible servers


@dataclass
class Server:
    """A loopback server that answers from a script: a status and headers per request, 200 when it is used up."""

    url: str = ""
    script: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    requests: list[dict[str, object]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append({"path": self.path, **body})
            state.authorizations.append(self.headers.get("Authorization"))
            rows = [{"index": i, "embedding": [len(text), 1.0]} for i, text in enumerate(body["input"])]
            good = (200, {}, json.dumps({"data": rows[::-1]}))
            status, headers, answer = state.script.pop(0) if state.script else good
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            return

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    state.url = f"http://127.0.0.1:{listener.server_port}/v1"
    yield state
    listener.shutdown()
    thread.join()
    listener.server_close()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def remote(server: Server, pauses: list[float]) -> RemoteEmbedder:
    return RemoteEmbedder(server.url, "tiny", api_key=KEY, batch=2, sleep=pauses.append)


def test_texts_go_in_batches_and_come_back_as_unit_rows_in_their_order(server: Server, remote: RemoteEmbedder) -> None:
    vectors = remote.embed(["abc", "", "d", "efghij"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1, 1], abs=1e-6)
    written = vectors[[0, 2, 3]]
    assert written[:, 0] / written[:, 1] == pytest.approx([3, 1, 6])
    assert [request["input"] for request in server.requests[1:]] == [["abc", "d"], ["efghij"]]
    assert {(request["path"], request["model"]) for request in server.requests} == {("/v1/embeddings", "tiny")}
    assert set(server.authorizations) == {f"Bearer {KEY}"}


def test_a_busy_server_is_asked_again_after_the_pause_it_names(
    server: Server, remote: RemoteEmbedder, pauses: list[float]
) -> None:
    server.script = [(429, {"Retry-After": "7"}, "slow down"), (503, {}, "starting"), (503, {}, "starting")]
    assert remote.dims == 2
    assert pauses == [7, 2, 4]


def test_a_server_that_stays_busy_fails_for_now(server: Server, remote: RemoteEmbedder, pauses: list[float]) -> None:
    server.script = [(500, {}, "broken")] * ATTEMPTS
    with pytest.raises(OutsideError) as failure:
        remote.embed(["a"])
    assert not failure.value.permanent
    assert len(server.requests) == ATTEMPTS
    assert len(pauses) == ATTEMPTS - 1


def test_a_refused_key_fails_for_good_and_stands_in_no_message(server: Server, remote: RemoteEmbedder) -> None:
    server.script = [(401, {}, f"{'x' * 190} bad key {KEY}")]
    with pytest.raises(OutsideError) as failure:
        remote.embed(["a"])
    assert failure.value.permanent
    assert len(server.requests) == 1
    assert "very-secret" not in f"{failure.value!r} {failure.value.message} {failure.value.hint} {remote!r}"
    assert "HTTP 401" in failure.value.message


@pytest.mark.parametrize(
    "answer",
    [
        "<html>",
        "[]",
        '{"data": [{"index": 0}]}',
        '{"data": []}',
        '{"data": [{"index": 0, "embedding": ["a"]}]}',
        '{"data": [{"index": 0, "embedding": [NaN, 1]}]}',
    ],
)
def test_an_answer_that_is_not_vectors_fails_for_good(server: Server, remote: RemoteEmbedder, answer: str) -> None:
    server.script = [(200, {}, answer)]
    with pytest.raises(OutsideError) as failure:
        remote.embed(["a"])
    assert failure.value.permanent


def vectors(*rows: list[object], first: int = 0) -> str:
    return json.dumps({"data": [{"index": n, "embedding": row} for n, row in enumerate(rows, first)]})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (vectors([1.0, 0.0]), "it sent 1 vectors for 2 texts"),
        (vectors([1.0, 0.0], [1.0, 0.0], [1.0, 0.0]), "it sent 3 vectors for 2 texts"),
        (vectors([1.0, 0.0], [0.0, 0.0]), "it sent a vector of zeros for a text that has words"),
        (vectors([], []), "it sent a vector of zeros for a text that has words"),
        (vectors([1.0, 0.0], [None, 1.0]), "something else than finite numbers"),
        (vectors([1.0, 0.0], [1e39, 1.0]), "something else than finite numbers"),
        (vectors([1.0, 0.0], [float("-inf"), 1.0]), "something else than finite numbers"),
        (vectors([1.0, 0.0], [1.0, 0.0], first=1), "which vector is of which text"),
        (vectors([1.0, 0.0, 2.0], [1.0, 0.0, 2.0]), "vectors of 3 numbers after vectors of 2"),
        (vectors([1.0, 0.0], [1.0]), "not a list of vectors"),
        (vectors([[1.0]], [[1.0]]), "something else than one list of numbers per text"),  # type: ignore[list-item]
    ],
)
def test_a_server_whose_vectors_are_of_no_use_is_told_so(
    server: Server, remote: RemoteEmbedder, pauses: list[float], answer: str, said: str
) -> None:
    assert remote.dims == 2
    server.script = [(200, {}, answer)]
    with pytest.raises(OutsideError, match=said) as failure:
        remote.embed(["a", "b"])
    assert failure.value.permanent and not pauses and "for model tiny" in failure.value.message


def test_nobody_listening_is_a_failure_for_now(server: Server, pauses: list[float]) -> None:
    closed = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    closed.server_close()
    remote = RemoteEmbedder(f"http://127.0.0.1:{closed.server_port}/v1", "tiny", sleep=pauses.append)
    with pytest.raises(OutsideError, match="no answer") as failure:
        remote.embed(["a"])
    assert not failure.value.permanent


# The choice


def test_the_settings_choose_and_never_show_the_key(tmp_path: Path, server: Server) -> None:
    settings = EmbedderSettings(kind="openai", base_url=server.url, model="tiny", api_key=KEY)
    chosen = embedder_from(settings)
    assert chosen is not None
    assert chosen.name == "tiny (remote)"
    assert KEY not in repr(settings)
    assert embedder_from(EmbedderSettings(kind="off")) is None
    folder = embedder_from(EmbedderSettings(kind="onnx", folder=_toy_folder(tmp_path / "toy")))
    assert folder is not None
    assert folder.dims == 2


@pytest.mark.parametrize("kind", ["minilm", "onnx", "openai", "word2vec"])
def test_a_choice_without_what_it_needs_is_refused(kind: str) -> None:
    with pytest.raises(EmbedderUnusable):
        embedder_from(EmbedderSettings(kind=kind))  # type: ignore[arg-type]


def test_a_build_that_another_process_finished_first_is_kept(cache: Path, tmp_path: Path, model: OnnxFolder) -> None:
    from sillage.adapters.embedders import minilm as module

    (built,) = cache.iterdir()
    late = tmp_path / "late"
    shutil.copytree(built, late)
    kept = os.stat(built / "model.onnx").st_ino
    module._put_in_place(late, built)
    assert os.stat(built / "model.onnx").st_ino == kept
