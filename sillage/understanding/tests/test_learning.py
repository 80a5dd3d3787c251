"""Corrections and labelled files train a candidate; it is measured, reads in shadow, and a person decides."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.urls import reverse

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, PostRecord
from sillage.catalogue.models import Post
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed, automation
from sillage.lib.errors import NotFound
from sillage.understanding.actions import enrich_due
from sillage.understanding.actions.corrections import correct
from sillage.understanding.actions.forgetting import forget_names
from sillage.understanding.actions.learning import (
    MeasuresWorse,
    NoLearner,
    NothingNew,
    NothingToRollBack,
    NotInShadow,
    OnlyPeopleDecide,
    TooFewExamples,
    learn,
    promote,
    refuse_head,
    roll_back,
    shadow,
)
from sillage.understanding.cli.learning import learn as learn_command
from sillage.understanding.cli.learning import models as models_command
from sillage.understanding.engine.corrections import allowed_of
from sillage.understanding.engine.gold import gold_of
from sillage.understanding.engine.labelled_file import LabelledFileMalformed, LabelledText, labelled_texts
from sillage.understanding.engine.learning import Labelled, Learner, Measured, figure, is_held_back, measured, verdict
from sillage.understanding.engine.theme_head import ThemeExamples, ThemeHead, train_theme_head
from sillage.understanding.models import CatalogueReading, Head, Signal

# “Fripouille” is no word of the lists: what it says can only be learnt.
LIKED = [f"Cette semaine fripouille numéro {n}, quel tralala de {what}" for n, what in enumerate("abcdefghijklmno")]
DISLIKED = [f"Encore un gloubi numéro {n}, quel patatras de {what}" for n, what in enumerate("abcdefghijklmno")]
TONES = [LabelledText(t, frozenset({"positive"}), "fr") for t in LIKED] + [
    LabelledText(t, frozenset({"negative"}), "fr") for t in DISLIKED
]


def measure(on="corrections", candidate=0.8, current=0.6, there=0.8, language=""):
    return Measured(on, language, 20, "macro-F1", candidate, 0.6, 0.9, current, 20, there)


# -- engine ----------------------------------------------------------------------------------------------------------


def test_figures_are_f1_over_labels_that_anybody_gave():
    a, b, none = frozenset("a"), frozenset("b"), frozenset()
    assert figure("macro-F1", [a, a, b], [a, b, b]) == pytest.approx(2 / 3)
    assert figure("micro-F1", [a, a, b], [a | b, a, none]) == pytest.approx(2 * 2 / (3 + 3))
    assert figure("micro-F1", [a], [a | frozenset("c")]) == pytest.approx(2 / 3)
    assert figure("F1", [none, none], [none, none]) == 0.0
    assert figure("F1", [a, none], [none, none]) == 0.0 and figure("F1", [a, none], [a, a]) == pytest.approx(2 / 3)


def test_the_verdict_is_worse_when_any_set_is_worse():
    better, worse = measure(), measure("gold", there=0.5)
    assert verdict([better]) == "better" and verdict([better, worse]) == "worse"
    assert verdict([better, measure("gold", there=0.5, language="fr")]) == "better"
    assert verdict([measure(there=0.6)]) == "same"
    assert verdict([]) == verdict([measure(current=None, there=None)]) == "unknown"


def test_what_reads_today_is_not_asked_what_it_learnt():
    texts = [t.text for t in TONES]
    labelled = Labelled(texts, ["fr"] * 30, [t.labels for t in TONES], list(range(30)))
    said = [t.labels for t in TONES]
    (found,) = measured("corrections", Learner("tone"), labelled, said, [None] * 20 + said[20:])
    assert (found.n, found.current_n, found.difference) == (30, 10, 0.0)
    (found,) = measured("corrections", Learner("tone"), labelled, said, [None] * 28 + said[28:])
    assert found.current is None and found.difference is None


def test_unseen_texts_are_asked_of_heads_of_other_accounts():
    texts = [t.text for t in TONES]
    groups = [place % 5 for place in range(30)]
    labelled = Labelled(texts, ["fr"] * 30, [t.labels for t in TONES], groups)
    said = Learner("tone").unseen(labelled)
    assert sum(a == b.labels for a, b in zip(said, TONES, strict=True)) >= 28


def test_every_gold_text_has_labels_that_the_enricher_knows():
    for enricher in ("themes", "tone"):
        allowed = allowed_of(enricher)
        assert allowed is not None and len(gold_of(enricher)) >= 50
        assert all(text.labels <= set(allowed.choices) for text in gold_of(enricher))
    assert gold_of("intent") == ()


@pytest.mark.parametrize(
    ("name", "content", "place", "said"),
    [
        ("a.txt", "x", "", "neither"),
        ("a.csv", "texte,label\na,positive\n", "a.csv:1:1", "no columns"),
        ("a.csv", "text,label\nhello,angry\n", "a.csv:2:1", "“angry”"),
        ("a.csv", "text,label\n,positive\n", "a.csv:2:1", "no text"),
        ("a.csv", "text,label,language\nhi,positive,french\n", "a.csv:2:1", "no language"),
        ("a.csv", "text,label\n", "a.csv:1:1", "no labelled text"),
        ("a.jsonl", '{"text": "a", "label": "positive"}\n{"text"\n', "a.jsonl:2:8", "not JSON"),
        ("a.jsonl", '["a"]\n', "a.jsonl:1:1", "no object"),
        ("a.jsonl", '{"text": "a", "label": ["positive", "negative"]}\n', "a.jsonl:1:1", "exactly one"),
    ],
)
def test_a_labelled_file_that_cannot_be_read_names_the_place(name, content, place, said):
    allowed = allowed_of("tone")
    assert allowed is not None
    with pytest.raises(LabelledFileMalformed) as refused:
        labelled_texts(name, content, allowed)
    assert refused.value.place == place and said in refused.value.message and refused.value.hint


def test_a_labelled_file_gives_texts_labels_and_languages():
    tone, themes, tag = allowed_of("tone"), allowed_of("themes"), allowed_of("tag:slow")
    assert tone is not None and themes is not None and tag is not None
    (row,) = labelled_texts("a.csv", 'text,label,language\n"a, b",positive,fr\n', tone)
    assert row == LabelledText("a, b", frozenset({"positive"}), "fr")
    rows = labelled_texts("a.csv", "label,text\nfood.baking;travel,x\n,y\n", themes)
    assert [r.labels for r in rows] == [frozenset({"food.baking", "travel"}), frozenset()]
    rows = labelled_texts("a.jsonl", '{"text": "x", "label": true}\n{"text": "y", "label": "no"}\n', tag)
    assert [bool(r.labels) for r in rows] == [True, False]


def _theme_examples():
    """Posts that say “crumpet” are about baking to these people; no list knows, and “bread” is nothing to them."""
    texts = [f"crumpet morning number {n}" for n in range(12)] + [
        f"bread line number {n} of the city" for n in range(12)
    ]
    themes = [frozenset({"food.baking"})] * 12 + [frozenset()] * 12
    return ThemeExamples(texts, ["en"] * 24, themes, [n % 4 for n in range(24)])


def test_a_theme_head_learns_what_the_seed_words_do_not_know():
    head = train_theme_head(_theme_examples())
    again = ThemeHead.from_bytes(head.to_bytes())
    assert again.version == head.version and not again.needs_vectors
    (found,) = again.hits(["another crumpet for breakfast"], ["en"])
    assert [hit.theme for hit in found] == ["food.baking"] and "crumpet" in found[0].words
    assert "food.baking" not in [hit.theme for hit in again.hits(["bread line of the city"], ["en"])[0]]


def test_seed_words_keep_their_say_about_themes_that_nobody_corrected():
    head = train_theme_head(_theme_examples())
    (found,) = head.hits(["Surfing all day: new surfboard, perfect surf"], ["en"])
    assert found and found[0].theme.startswith("sport")


def test_a_theme_head_is_not_made_of_a_handful():
    few = _theme_examples()
    with pytest.raises(ValueError, match="20 corrected posts"):
        train_theme_head(ThemeExamples(few.texts[:9], few.languages[:9], few.themes[:9], few.groups[:9]))


# -- action ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def posts(ada, noon):
    for place, handle in enumerate(("mona", "noe", "basile", "poppy", "zoe")):
        texts = LIKED[place::5] + DISLIKED[place::5]
        account = AccountRecord("instagram", handle, handle, name=handle.title())
        records = tuple(
            PostRecord("instagram", handle, f"{handle}{i}", noon - timedelta(days=i), text=text, language="fr")
            for i, text in enumerate(texts)
        )
        ingest(workspace_id=ada.workspace_id, batch=Batch((account,), records), actor=ada, now=noon)
    return list(Post.objects.order_by("text"))


@pytest.fixture
def corrected(posts, ada, noon):
    for post in posts:
        correct(
            enricher="tone",
            account_id=post.account_id,
            subject_kind="post",
            subject_id=post.id,
            value={"tone": "positive" if post.text in LIKED else "negative"},
            actor=ada,
            now=noon,
        )


@pytest.fixture
def candidate(corrected, ada, noon):
    return learn(enricher="tone", actor=ada, now=noon + timedelta(hours=1))


def test_a_candidate_is_measured_on_what_it_did_not_see_and_changes_nothing_yet(candidate, ada, noon):
    assert candidate.state == "shadow" and candidate.examples == 30
    overall = {(m["on"], m["language"]): m for m in candidate.figures["measured"]}
    assert overall["corrections", ""]["n"] == 30
    assert overall["corrections", ""]["candidate"] > overall["corrections", ""]["current"]
    assert overall["gold", "fr"]["n"] >= 8 and overall["gold", "fr"]["current"] is not None
    assert candidate.figures["shadow"]["read"] == 30
    for difference in candidate.differences:
        assert difference["candidate"] != difference["current"] and "text" not in difference
    enrich_due(actor=ada, now=noon, only=["tone"])
    assert not Signal.objects.filter(enricher="tone", version__contains=candidate.version).exists()
    entry = governance.list_entries(ada.workspace_id, verb="understanding.head_trained").items[0]
    assert entry.facts["verdict"] == candidate.figures["verdict"]


def test_a_promoted_head_reads_and_rolling_back_gives_what_ships_again(candidate, ada, noon):
    promote(head_id=candidate.pk, reason="ours say fripouille", actor=ada, now=noon + timedelta(hours=2))
    done = enrich_due(actor=ada, now=noon + timedelta(hours=3), only=["tone"])
    assert done.versions["tone"].endswith(candidate.version) and done.posts == 30
    signals = Signal.objects.filter(enricher="tone", version=done.versions["tone"])
    texts = dict(Post.objects.values_list("id", "text"))
    assert all((s.value["tone"] == "positive") == (texts[s.post_id] in LIKED) for s in signals)
    entry = governance.list_entries(ada.workspace_id, verb="understanding.head_promoted").items[0]
    assert entry.facts["measured"] and entry.facts["reason"] == "ours say fripouille"

    assert roll_back(enricher="tone", actor=ada, now=noon + timedelta(hours=4)) is None
    assert candidate.version not in enrich_due(actor=ada, now=noon, only=["tone"]).versions["tone"]
    with pytest.raises(NothingToRollBack):
        roll_back(enricher="tone", actor=ada, now=noon)


def test_rolling_back_gives_the_head_before(candidate, ada, noon):
    promote(head_id=candidate.pk, reason="first", actor=ada, now=noon + timedelta(hours=2))
    more = [*TONES, LabelledText("Rien de spécial aujourd'hui, un gloubi", frozenset({"negative"}), "fr")]
    second = learn(enricher="tone", labelled=more, source="more.csv", actor=ada, now=noon + timedelta(hours=3))
    assert second.figures["against"] == candidate.version and second.figures["source"] == "more.csv"
    promote(head_id=second.pk, reason="second", actor=ada, now=noon + timedelta(hours=4))
    before = roll_back(enricher="tone", actor=ada, now=noon + timedelta(hours=5))
    assert before is not None and before.pk == candidate.pk
    assert Head.objects.get(state="current").pk == candidate.pk


def test_a_worse_candidate_needs_a_reason(candidate, ada, noon):
    Head.objects.update(figures={**candidate.figures, "verdict": "worse"})
    with pytest.raises(MeasuresWorse):
        promote(head_id=candidate.pk, actor=ada, now=noon, reason="  ")
    assert Head.objects.get().state == "shadow"
    promote(head_id=candidate.pk, actor=ada, now=noon, reason="Our own words matter more than the gold set")
    assert Head.objects.get().state == "current"


def test_a_refused_candidate_is_not_promoted_later(candidate, ada, noon):
    refuse_head(head_id=candidate.pk, reason="too rash", actor=ada, now=noon)
    with pytest.raises(NotInShadow):
        promote(head_id=candidate.pk, actor=ada, now=noon)
    with pytest.raises(NotInShadow):
        shadow(head_id=candidate.pk, actor=ada, now=noon)


def test_the_same_examples_give_nothing_new_and_a_new_candidate_replaces_the_old(candidate, ada, noon):
    with pytest.raises(NothingNew):
        learn(enricher="tone", actor=ada, now=noon)
    second = learn(enricher="tone", labelled=TONES, actor=ada, now=noon + timedelta(hours=2))
    assert Head.objects.get(state="shadow").pk == second.pk
    assert shadow(head_id=second.pk, actor=ada, now=noon).figures["shadow"]["read"] == 30


def test_one_line_in_five_of_a_file_is_never_learnt(ada, noon):
    lines = [LabelledText(f"{t.text} {n}", t.labels, "fr") for t in TONES for n in range(4)]
    head = learn(enricher="tone", labelled=lines, actor=ada, now=noon)
    held = sum(is_held_back(line.text) for line in lines)
    assert 0 < held < len(lines) / 2 and head.examples == len(lines) - held
    assert next(m for m in head.figures["measured"] if m["on"] == "file")["n"] == held


def test_learning_and_deciding_are_refused_where_they_must_be(candidate, ada, bruno, dario, noon):
    with pytest.raises(NotAllowed):
        learn(enricher="tone", actor=bruno, now=noon)
    with pytest.raises(NotAllowed):
        promote(head_id=candidate.pk, actor=bruno, now=noon)
    with pytest.raises(OnlyPeopleDecide):
        promote(head_id=candidate.pk, actor=automation("nightly", ada.workspace_id), now=noon)
    with pytest.raises(NotFound):
        promote(head_id=candidate.pk, actor=dario, now=noon)
    with pytest.raises(TooFewExamples):
        learn(enricher="tone", actor=dario, now=noon)
    for enricher in ("disclosure", "tag:none", "astrology"):
        with pytest.raises(NoLearner):
            learn(enricher=enricher, actor=ada, now=noon)


def test_a_head_that_holds_a_forgotten_name_goes_with_it(candidate, ada, dario):
    assert forget_names(dario.workspace_id, ["Fripouille"]) == {}
    assert forget_names(ada.workspace_id, ["Fripouille"])["head"] == 1
    assert not Head.objects.exists()


# -- doors -----------------------------------------------------------------------------------------------------------


def test_the_commands_train_show_promote_and_roll_back(ada, tmp_path):
    file = tmp_path / "ours.jsonl"
    file.write_text(
        "\n".join(json.dumps({"text": t.text, "label": next(iter(t.labels)), "language": "fr"}) for t in TONES)
    )
    run = CliRunner().invoke
    done = run(learn_command, ["tone", "--from", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    head = json.loads(done.output)
    assert head["state"] == "shadow" and head["figures"]["source"] == tmp_path.name
    assert head["version"] in run(models_command, ["list"]).output
    assert "In shadow" in run(models_command, ["show", str(head["id"])]).output
    done = run(models_command, ["promote", str(head["id"]), "--reason", "ours"])
    assert head["version"] in done.output
    assert "what ships" in run(models_command, ["rollback", "tone"]).output


def test_the_page_shows_what_reads_and_decides_with_a_confirmation(signed_in, candidate, ada):
    client, address = signed_in(ada), reverse("understanding:models", args=["harbour"])
    html = client.get(address).content.decode()
    assert candidate.version in html and f'id="head-{candidate.pk}"' in html
    decide = reverse("understanding:decide_head", args=["harbour", candidate.pk])
    assert client.post(decide, {"then": "celebrate"}).status_code == 422
    client.post(decide, {"then": "compare"})
    client.post(decide, {"then": "promote", "reason": "ours"})
    assert Head.objects.get().state == "current"
    assert "κ" not in client.get(address).content.decode()
    assert CatalogueReading.objects.get().state == "asked"  # all is read again with it, and once more without
    CatalogueReading.objects.all().delete()
    client.post(reverse("understanding:rollback", args=["harbour"]), {"enricher": "tone"})
    assert Head.objects.get().state == "retired" and CatalogueReading.objects.get().state == "asked"


def test_a_reader_looks_and_decides_nothing_and_a_stranger_sees_nothing(signed_in, candidate, rita, dario):
    decide = reverse("understanding:decide_head", args=["harbour", candidate.pk])
    client = signed_in(rita)
    html = client.get(reverse("understanding:models", args=["harbour"])).content.decode()
    assert candidate.version in html and decide not in html
    assert client.post(decide, {"then": "promote"}).status_code == 403
    client = signed_in(dario)
    assert client.get(reverse("understanding:models", args=["harbour"])).status_code == 404
    assert candidate.version not in client.get(reverse("understanding:models", args=["elsewhere"])).content.decode()
