"""`sillage enrich --engine ray`: the same signals, once each, also when workers are killed while they read."""

from __future__ import annotations

import sys
from datetime import timedelta
from functools import partial
from importlib.util import find_spec

import pytest

from sillage.adapters.clusters import RayMissing
from sillage.adapters.tests.test_clusters import WITHOUT_RAY, cluster
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, PostRecord
from sillage.front.tests.terminal import terminal
from sillage.understanding import actions
from sillage.understanding.models import PostVector, Signal
from sillage.understanding.tests.dying_reader import MOST_KILLED, dying_reader
from sillage.understanding.workers import Reader, Spec, VersionsDiffer, reader_of

__all__ = ["cluster", "terminal"]  # fixtures

TEXTS = ("Semis de tomates au potager", "Session de surf ce matin", "Ma routine beauté, merci @mareebasse #ad")
POSTS = 48


@pytest.fixture
def posts(ada, noon, monkeypatch):
    monkeypatch.setattr("sillage.understanding.actions.enriching.BATCH_POSTS", 4)
    account = AccountRecord("instagram", "mona", "mona", name="Mona", country="FR")
    written = tuple(
        PostRecord("instagram", "mona", f"p{n}", noon - timedelta(days=n), text=f"{TEXTS[n % 3]} {n}")
        for n in range(POSTS)
    )
    ingest(workspace_id=ada.workspace_id, batch=Batch((account,), written, (), ()), actor=ada, now=noon)


def _stored() -> list[tuple[object, ...]]:
    fields = ("post_id", "enricher", "version", "value", "confidence", "evidence")
    return sorted(Signal.objects.values_list(*fields), key=lambda row: (row[0], row[1]))


@pytest.mark.slow
@pytest.mark.skipif(find_spec("ray") is None, reason=WITHOUT_RAY)
def test_killed_workers_lose_nothing_and_repeat_nothing_visible(posts, cluster, ada, noon, monkeypatch, tmp_path):
    done = actions.enrich_due(actor=ada, now=noon)
    alone, vectors = _stored(), PostVector.objects.count()
    Signal.objects.all().delete()
    PostVector.objects.all().delete()
    monkeypatch.setattr("sillage.understanding.actions.enriching.reader_of", partial(dying_reader, tmp_path))
    again = actions.enrich_due(actor=ada, now=noon, cluster=cluster.address)
    assert len(list(tmp_path.iterdir())) == MOST_KILLED
    assert (again.posts, again.signals) == (POSTS, done.signals)
    assert (_stored(), PostVector.objects.count()) == (alone, vectors)
    assert len(alone) == POSTS * len([name for name in done.versions if name != "vectors"])


def test_without_ray_the_run_is_refused_and_nothing_is_read(posts, ada, noon, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RayMissing):
        actions.enrich_due(actor=ada, now=noon, cluster="local")
    assert not Signal.objects.exists()


def test_a_machine_with_another_sillage_is_refused():
    spec = Spec((), None)
    versions = Reader(spec).versions
    assert reader_of(spec, versions).versions == versions
    with pytest.raises(VersionsDiffer) as refusal:
        reader_of(spec, versions | {"themes": "older"})
    assert "themes" in refusal.value.message


def test_an_address_without_the_engine_is_a_mistake(ada, terminal):
    told = terminal("enrich", "--ray-address", "auto")
    assert told.code == 2 and "--engine ray" in told.err


def test_the_command_asks_for_a_cluster(ada, posts, terminal, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    told = terminal("enrich", "--engine", "ray")
    assert told.code == 1 and "pip install 'sillage[ray]'" in told.err
