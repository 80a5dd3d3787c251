"""What a next post may come to: made from the past alone, always with its interval, and silent without history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, Measure, ObservationRecord, PostRecord, SourceClass
from sillage.catalogue.models import Account
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.understanding.actions import expecting
from sillage.understanding.actions.expecting import ForecastUnavailable, expect_results
from sillage.understanding.engine.expecting import COVERAGE, Forecaster, conformal, train
from sillage.understanding.engine.history import FEATURES, Past, PostDone, PostMade, codes_of, table_of
from sillage.understanding.engine.next_post import formats_used, next_post
from sillage.understanding.models import AccountSignal, FittedModel

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def corpus(accounts: int = 40, each: int = 25, seed: int = 5) -> list[PostDone]:
    """Accounts with levels of their own; videos get twice what images get."""
    draw = np.random.default_rng(seed)
    levels = draw.normal(3, 0.6, accounts)
    made = []
    for account in range(accounts):
        for _ in range(each):
            form = "video" if draw.random() < 0.5 else "image"
            at = NOON - timedelta(days=float(draw.uniform(5, 300)))
            level = levels[account] + (0.3 if form == "video" else 0.0) + draw.normal(0, 0.2)
            made.append(PostDone(PostMade(account, at, form, "instagram", 100, 0, 2), round(10**level)))
    return made


@pytest.fixture(scope="module")
def posts() -> list[PostDone]:
    return corpus()


def test_a_row_knows_only_what_came_before(posts):
    codes = codes_of([p.made for p in posts])
    whole = table_of(posts, codes)
    cut = sorted(posts, key=lambda p: (p.made.at, p.made.account))[:400]
    np.testing.assert_array_equal(table_of(cut, codes).rows, whole.rows[:400])
    last = cut[-1]
    own = sorted((p for p in cut[:-1] if p.made.account == last.made.account), key=lambda p: p.made.at)
    assert whole.rows[399, FEATURES.index("last")] == pytest.approx(np.log10(own[-1].count + 1))
    assert whole.history[399] == len(own)


def test_the_first_post_of_an_account_has_no_history():
    table = table_of([PostDone(PostMade(1, NOON), 50)], codes_of([]))
    assert table.history[0] == 0 and np.isnan(table.rows[0, 0])


def test_the_interval_holds_as_often_as_it_says_and_is_narrow_where_accounts_are_steady(posts):
    codes = codes_of([p.made for p in posts])
    ordered = table_of(posts, codes)
    place = np.arange(len(posts))
    model = train(ordered.part(place < 750), codes)
    asked = ordered.part(place >= 750)
    off = np.abs(asked.targets - model.levels(asked))
    assert 0.84 <= np.mean(off <= model.half_widths(asked)) <= 0.97
    assert np.median(model.half_widths(asked)) < 0.6
    everybody = np.quantile(np.abs(asked.targets - ordered.targets[:750].mean()), COVERAGE)
    assert np.median(model.half_widths(asked)) < 0.75 * everybody


def test_a_model_is_text_that_says_the_same_when_it_is_read_again(posts):
    codes = codes_of([p.made for p in posts])
    table = table_of(posts, codes)
    model = train(table, codes)
    again = Forecaster.from_bytes(model.to_bytes())
    assert again.version == model.version == train(table, codes).version
    assert again.expect(table.part(np.arange(len(posts)) < 5)) == model.expect(table.part(np.arange(len(posts)) < 5))
    assert model.to_bytes().startswith(b"{")


def test_too_few_posts_teach_nothing(posts):
    codes = codes_of([p.made for p in posts])
    assert train(table_of(posts[:199], codes), codes) is None


def test_the_conformal_distance_is_a_rank():
    assert conformal(np.arange(1, 100, dtype=float)) == 90.0
    assert conformal(np.array([1.0, 2.0])) == 2.0


def test_the_next_post_is_of_a_format_in_use_and_lies_after_the_last():
    own = [PostDone(PostMade(1, NOON - timedelta(days=4 * n), "video" if n < 4 else "image"), 10) for n in range(6)][
        ::-1
    ]
    assert formats_used(own) == ["video"]
    following = next_post(own, "video")
    assert following.format == "video" and NOON < following.at < NOON + timedelta(days=6)
    assert len(Past(own).row(following, codes_of([p.made for p in own]))) == len(FEATURES)


# -- action ----------------------------------------------------------------------------------------------------------


def batch(noon, accounts=12, each=20, measures=(Measure.LIKES, Measure.COMMENTS), age=4) -> Batch:
    made = corpus(accounts, each)
    records = tuple(AccountRecord("instagram", f"h{a}", f"h{a}") for a in range(accounts))
    posts = tuple(
        PostRecord("instagram", f"h{p.made.account}", f"p{i}", p.made.at - timedelta(days=age), format=p.made.format)
        for i, p in enumerate(made)
    )
    seen = tuple(
        ObservationRecord(
            "instagram", post.account_network_id, m, p.count, m.value, SourceClass.PUBLIC, noon, post.network_id
        )
        for p, post in zip(made, posts, strict=True)
        for m in measures
    )
    return Batch((*records, AccountRecord("instagram", "new", "new")), posts, (), seen)


@pytest.fixture
def known(ada, noon):
    ingest(workspace_id=ada.workspace_id, batch=batch(noon), actor=ada, now=noon)
    return ada


def signal(handle):
    return AccountSignal.objects.get(account=Account.objects.get(handle=handle), enricher="expected")


def test_every_format_gets_an_interval_and_what_is_not_measured_gets_none(known, noon):
    expect_results(actor=known, now=noon)
    found = signal("h3")
    assert set(found.value) == {"interactions"}
    assert set(found.value["interactions"]) == {"image", "video"}
    for line in found.value["interactions"].values():
        assert 0 <= line["low"] < line["point"] < line["high"]
    assert {(e["id"], e["numbers"]["measure"]) for e in found.evidence} == {
        ("expected.no_history", "views"),
        ("expected.history", "interactions"),
    }


def test_an_account_without_history_is_told_so(known, noon):
    expect_results(actor=known, now=noon)
    found = signal("new")
    assert found.value == {} and found.confidence == 0
    assert {e["id"] for e in found.evidence} == {"expected.no_history"}


def test_a_workspace_with_few_posts_expects_nothing(ada, noon):
    ingest(workspace_id=ada.workspace_id, batch=batch(noon, accounts=4), actor=ada, now=noon)
    expect_results(actor=ada, now=noon)
    assert "expected.few_rows" in {e["id"] for e in signal("h1").evidence}
    assert not FittedModel.objects.exists()


def test_a_number_read_too_early_is_not_learnt_from(ada, noon):
    made = batch(noon, accounts=2)
    young = PostRecord("instagram", "h1", "young", noon - timedelta(days=2), format="image")
    early = tuple(
        ObservationRecord("instagram", "h1", m, 9, m.value, SourceClass.PUBLIC, noon, "young")
        for m in (Measure.LIKES, Measure.COMMENTS)
    )
    both = Batch(made.accounts, (*made.posts, young), (), (*made.observations, *early))
    ingest(workspace_id=ada.workspace_id, batch=both, actor=ada, now=noon)
    assert len(expecting.posts_done(ada.workspace_id, "interactions")) == 40


def test_a_second_run_trains_nothing_and_enters_nothing(known, noon, monkeypatch):
    assert expect_results(actor=known, now=noon) == 13
    monkeypatch.setattr(expecting, "train", lambda *a, **k: pytest.fail("trained again"))
    assert expect_results(actor=known, now=noon + timedelta(hours=1)) == 0
    assert Entry.objects.filter(verb="understanding.results_expected").count() == 1


def test_another_workspace_s_posts_teach_nothing_here(known, dario, noon):
    expect_results(actor=dario, now=noon)
    assert not AccountSignal.objects.exists() and not FittedModel.objects.exists()


def test_without_openmp_it_says_what_to_install(known, noon, monkeypatch):
    monkeypatch.setattr(expecting, "can_grow", lambda: False)
    with pytest.raises(ForecastUnavailable) as refusal:
        expect_results(actor=known, now=noon)
    assert "libgomp1" in refusal.value.hint


def test_a_reader_expects_nothing(rita, noon):
    with pytest.raises(NotAllowed):
        expect_results(actor=rita, now=noon)
