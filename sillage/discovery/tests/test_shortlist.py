"""A shortlist ranks creators by what they talk about, says why, and shows the posts."""

from __future__ import annotations

import pytest

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch
from sillage.catalogue.models import Brand
from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.engine.brief import BriefMalformed
from sillage.discovery.engine.score import DEFAULT_WEIGHTS
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed, automation
from sillage.lib.errors import NotFound
from sillage.understanding.engine.stop_words import FUNCTION_WORDS


@pytest.fixture
def brief(catalogue, ada, noon):
    return discovery.open_brief(given={"text": "Jardinage au naturel, potager, pas de surf"}, actor=ada, now=noon)


def _handles(shortlist):
    return [c.account.handle for c in queries.list_candidates(shortlist)]


def _shortlist(brief, ada, noon, limit=3):
    return discovery.shortlist(brief_id=brief.pk, limit=limit, actor=ada, now=noon)


def test_the_brief_is_read_and_shown(brief):
    assert "home.gardening" in brief.themes
    assert brief.unwanted_themes == ["sport.surf"]
    assert brief.language == "fr"
    assert not brief.is_edited


def test_small_gardeners_stand_before_the_star(brief, ada, noon):
    found = _handles(_shortlist(brief, ada, noon, limit=5))
    assert set(found[:2]) == {"mona", "poppy"}
    assert found.index("star") >= 2
    assert found[-1] == "noe"


def test_an_english_gardener_is_found_through_themes(brief, ada, noon):
    assert "poppy" in _handles(_shortlist(brief, ada, noon))


def test_reasons_add_up_to_the_score_and_carry_posts(brief, ada, noon):
    for candidate in queries.list_candidates(_shortlist(brief, ada, noon)):
        assert sum(r["points"] for r in candidate.reasons) == pytest.approx(candidate.score, abs=1e-4)
        themes = next(r for r in candidate.reasons if r["reason"] == "themes")
        assert len(themes["posts"]) == 3 and themes["posts"][0]["words"]


def test_words_shown_as_evidence_say_something(brief, ada, noon):
    made = _shortlist(brief, ada, noon, limit=5)
    reasons = [r for c in queries.list_candidates(made) for r in c.reasons if r["reason"] == "words"]
    shown = {word for r in reasons for post in r["posts"] for word in post["words"]}

    assert "potager" in shown
    assert not [words for words in shown if FUNCTION_WORDS.issuperset(words.split())]


def test_every_score_has_a_receipt_that_holds(brief, ada, noon):
    best = queries.list_candidates(_shortlist(brief, ada, noon))[0]
    verified = governance.verify_receipt(ada.workspace_id, best.receipt_key)
    assert verified.holds
    assert verified.recomputed == pytest.approx(best.score, abs=1e-4)


def test_it_enters_the_shortlist_in_the_ledger(brief, ada, noon):
    made = _shortlist(brief, ada, noon)
    newest = governance.list_entries(ada.workspace_id).items[0]
    assert newest.verb == "discovery.shortlisted"
    assert newest.facts["shortlist"] == made.pk and newest.facts["considered"] == 5


def test_it_says_what_reach_would_have_shown(brief, ada, noon):
    exposure = _shortlist(brief, ada, noon, limit=1).exposure
    assert exposure["size"]["by_reach"] == {"over_1m": 1.0}
    assert "over_1m" not in exposure["size"]["shown"]


def test_filters_hold(catalogue, ada, noon):
    brief = discovery.open_brief(
        given={"text": "jardinage", "filters": {"countries": ["BE"], "max_followers": 50_000}}, actor=ada, now=noon
    )
    assert _handles(_shortlist(brief, ada, noon, limit=5)) == ["basile"]


def test_filters_that_nobody_passes_are_refused_with_a_hint(catalogue, ada, noon):
    brief = discovery.open_brief(given={"text": "jardinage", "filters": {"countries": ["JP"]}}, actor=ada, now=noon)
    with pytest.raises(discovery.NobodyPasses) as refusal:
        _shortlist(brief, ada, noon)
    assert "countries" in refusal.value.hint


def test_a_brief_with_no_theme_in_it_is_refused(catalogue, ada, noon):
    brief = discovery.open_brief(given={"text": "quelque chose de bien"}, actor=ada, now=noon)
    with pytest.raises(discovery.BriefHasNoThemes, match="No theme"):
        _shortlist(brief, ada, noon)


def test_a_dismissed_account_stays_out_and_a_pinned_one_stays_in(brief, ada, noon):
    _shortlist(brief, ada, noon)
    discovery.dismiss(brief_id=brief.pk, account="instagram:mona", reason="déjà sous contrat", actor=ada, now=noon)
    discovery.pin(brief_id=brief.pk, account="instagram:noe", reason="", actor=ada, now=noon)
    found = _handles(_shortlist(brief, ada, noon, limit=2))
    assert "mona" not in found and "noe" in found
    discovery.withdraw(brief_id=brief.pk, account="instagram:mona", actor=ada, now=noon)
    assert "mona" in _handles(_shortlist(brief, ada, noon))


def test_a_decision_remembers_the_parts_it_was_made_on(brief, ada, noon):
    _shortlist(brief, ada, noon)
    decision = discovery.pin(brief_id=brief.pk, account="instagram:mona", reason="parfaite", actor=ada, now=noon)
    assert decision.parts["themes"] == pytest.approx(1.0)


def test_a_dismissal_needs_a_reason(brief, ada, noon):
    with pytest.raises(discovery.ReasonMissing):
        discovery.dismiss(brief_id=brief.pk, account="instagram:mona", reason="  ", actor=ada, now=noon)


def test_a_machine_cannot_pin(brief, ada, noon):
    with pytest.raises(discovery.NotAPerson):
        discovery.pin(
            brief_id=brief.pk, account="instagram:mona", reason="", actor=automation("bot", ada.workspace_id), now=noon
        )


def test_an_excluded_account_is_in_no_shortlist(brief, ada, noon):
    mona = next(
        c.account_id for c in queries.list_candidates(_shortlist(brief, ada, noon)) if c.account.handle == "mona"
    )
    discovery.exclude(name="concurrents", account_ids=[mona], actor=ada, now=noon)
    assert "mona" not in _handles(_shortlist(brief, ada, noon))
    discovery.include_again(name="concurrents", account_ids=[mona], actor=ada, now=noon)
    assert "mona" in _handles(_shortlist(brief, ada, noon))


def test_sliders_rerank_without_measuring_again(brief, ada, noon, django_assert_max_num_queries):
    made = _shortlist(brief, ada, noon)
    weights = dict.fromkeys(brief.weights, 0.0) | {"themes": 1.0, "unwanted_themes": 0.0}
    with django_assert_max_num_queries(2):
        lines = queries.reranked(made, weights, 0.0, 5)
    assert [line.rank for line in lines] == [1, 2, 3, 4, 5]
    for line in lines:
        assert sum(line.points.values()) == pytest.approx(line.score)
        assert line.score == pytest.approx(100 * (line.parts["themes"] or 0))


def test_why_not_says_the_rank_and_the_filter_that_fails(catalogue, ada, noon):
    brief = discovery.open_brief(given={"text": "jardinage", "filters": {"countries": ["FR"]}}, actor=ada, now=noon)
    answer = queries.why_not(brief, "instagram:basile", _shortlist(brief, ada, noon, limit=1), noon)
    assert answer.failed == ["countries"]
    assert answer.line is not None and answer.line.rank >= 2
    assert sum(answer.line.points.values()) == pytest.approx(answer.line.score)


def test_lookalikes_talk_about_the_same_and_are_somebody_else(brief, ada, noon):
    lines = queries.lookalikes(ada.workspace_id, ["instagram:mona"], queries.CardFilters(), brief.weights, 3, noon)
    accounts = [queries.accounts_of(ada.workspace_id, lines)[line.account_id].handle for line in lines]
    assert "mona" not in accounts
    assert set(accounts[:2]) == {"basile", "poppy"}


def test_an_account_without_posts_resembles_nobody_and_nobody_without_a_point_is_named(catalogue, ada, noon):
    silent = Batch((AccountRecord("instagram", "silent", "silent"),))
    ingest(workspace_id=ada.workspace_id, batch=silent, actor=ada, now=noon)
    with pytest.raises(queries.NothingToResemble) as refusal:
        queries.lookalikes(ada.workspace_id, ["instagram:silent"], queries.CardFilters(), DEFAULT_WEIGHTS, 3, noon)
    assert "instagram:silent" in refusal.value.message and "sillage enrich" in refusal.value.hint

    nothing = dict.fromkeys(DEFAULT_WEIGHTS, 0.0)
    assert queries.lookalikes(ada.workspace_id, ["instagram:mona"], queries.CardFilters(), nothing, 3, noon) == []


@pytest.mark.parametrize(
    "given",
    [
        {"themes": ["home.gardening"], "unwanted_themes": ["home.gardening"]},
        {"terms": ["Compost"], "unwanted_terms": ["compost"]},
        {"text": "honest reviews, no honest reviews"},
    ],
)
def test_a_brief_that_wants_and_does_not_want_one_thing_is_refused(given, ada, noon):
    with pytest.raises(BriefMalformed, match="is both wanted and unwanted") as refusal:
        discovery.open_brief(given={"text": "jardin", **given}, actor=ada, now=noon)
    assert refusal.value.hint == "Take it out of one of the two."


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"language": "es"}, "language is “es”"),
        ({"currency": "EURO"}, "currency is “EURO”"),
        ({"currency": "€\0"}, "currency is"),
        ({"themes": [["home.gardening"]]}, "themes is neither a list nor a table"),
        ({"diversity": 10**400}, "not a number"),
        ({"weights": {"themes": 10**400}}, "not a number"),
        ({"budget": 10**12}, "budget is"),
        ({"terms": [f"word {n}" for n in range(201)]}, "terms has 201 entries"),
        ({"brands": [f"brand {n}" for n in range(201)]}, "brands has 201 entries"),
    ],
)
def test_a_field_that_cannot_be_read_is_refused_by_name(given, message, ada, noon):
    with pytest.raises(BriefMalformed) as refusal:
        discovery.open_brief(given={"text": "jardin", **given}, actor=ada, now=noon)
    assert message in refusal.value.message and refusal.value.hint


def test_control_characters_are_in_no_field_of_a_brief(ada, noon):
    Brand.objects.create(workspace_id=ada.workspace_id, key="brand", name="Brand")
    given = {
        "text": "jar\0din",
        "title": "ti\0tle",
        "terms": ["com\0post", "\0"],
        "brands": ["b\0rand"],
        "currency": "usd",
    }
    kept = discovery.open_brief(given=given, actor=ada, now=noon)
    assert (kept.text, kept.title, kept.terms, kept.brands) == ("jardin", "title", ["compost"], ["brand"])
    assert kept.currency == "USD"


def test_another_workspace_finds_neither_brief_nor_creators(brief, dario, noon):
    with pytest.raises(NotFound):
        _shortlist(brief, dario, noon)
    with pytest.raises(NotFound):
        queries.lookalikes(dario.workspace_id, ["instagram:mona"], queries.CardFilters(), brief.weights, 3, noon)


def test_a_reader_cannot_make_a_shortlist(brief, rita, noon):
    with pytest.raises(NotAllowed):
        _shortlist(brief, rita, noon)
