"""Runs of variants are kept and read again as they were made; people's words re-rank them; one is written on with."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations

import pytest

from sillage.governance.engine.actors import Actor, NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.studio.actions.briefs import BriefArchived, archive_brief, change_brief
from sillage.studio.actions.marks import (
    DismissedUnexplained,
    MarkMalformed,
    MarkMissing,
    mark_variant,
    unmark_variant,
)
from sillage.studio.actions.runs import MOST_WANTED, NothingPossible, RunTooLarge, make_run, write_on
from sillage.studio.engine.lawful import judged, packs_of
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.engine.runs import Narrow
from sillage.studio.engine.variants import SAME, make_variants
from sillage.studio.models import VariantMark, VariantRun, Voice
from sillage.studio.queries.runs import (
    VariantMissing,
    brief_of_run,
    gallery_of,
    get_run,
    list_runs,
    rows_of,
    said_of,
    shown_of,
)
from sillage.studio.queries.texts import newest_version
from sillage.studio.tests.briefing import made, written


def test_a_run_is_read_as_it_was_made(ada: Actor, noon: datetime) -> None:
    stored = made(ada, noon, wanted=400)
    again = get_run(ada.workspace_id, stored.pk)
    brief = brief_of_run(again)
    run = gallery_of(again).run
    assert run.texts(range(400)) == [v.text for v in make_variants(brief, 400).variants]
    assert (again.made, again.wanted, again.brief_version, len(again.shown)) == (400, 400, 1, 12)
    assert again.made_by["origin"] == "template" and again.seconds > 0
    assert again.possible > 400 and again.left_out["texts"]
    size = len(bytes(again.places)) + len(bytes(again.fits))
    assert size == 400 * (4 * 2 + 3 * 4)  # bytes: four places and three fits of each
    entry = Entry.objects.get(verb="studio.variants_made")
    assert entry.facts["made"] == 400


def test_every_text_is_lawful_distinct_and_within_the_brief_and_the_first_twelve_are_unlike(
    ada: Actor, noon: datetime
) -> None:
    stored = made(ada, noon, wanted=1_500, never=["évidence"])
    brief, gallery = brief_of_run(stored), gallery_of(stored)
    texts, packs = gallery.run.texts(range(1_500)), packs_of(brief)
    assert not any("évidence" in text.lower() for text in texts)
    assert not any(f.verdict.stops for text in texts[::50] for f in judged(brief, text, packs, noon.date()))
    nearest = max(gallery.held.similarities(row, among=row).max() for row in range(1, 1_500))
    assert nearest < SAME  # near-duplicate rate 0
    pairs = [gallery.held.similarities(a)[b] for a, b in combinations(stored.shown, 2)]
    assert max(pairs) <= 0.3 and max(pairs) == pytest.approx(stored.most_alike, abs=1e-3)


def test_the_same_seed_gives_the_same_run_and_another_another(ada: Actor, noon: datetime) -> None:
    brief = written(ada, noon)
    one, same, other = (make_run(brief_id=brief.pk, wanted=50, seed=seed, actor=ada, now=noon) for seed in (1, 1, 2))
    texts = [gallery_of(run).run.texts(range(50)) for run in (one, same, other)]
    assert texts[0] == texts[1] != texts[2]
    assert [run.pk for run in list_runs(ada.workspace_id, brief_id=brief.pk).items] == [other.pk, same.pk, one.pk]


def test_a_run_keeps_the_brief_as_it_was(ada: Actor, noon: datetime) -> None:
    stored = made(ada, noon, wanted=20)
    change_brief(brief_id=stored.brief_id, given={"idea": "Autre chose"}, actor=ada, now=noon)
    again = get_run(ada.workspace_id, stored.pk)
    assert brief_of_run(again).idea != "Autre chose" and again.brief.version == 2 != again.brief_version


def test_words_that_the_voice_bans_are_not_said(ada: Actor, noon: datetime) -> None:
    voice = Voice.objects.create(
        workspace_id=ada.workspace_id,
        name="Aube",
        language="fr",
        banned=["simplement"],
        created_at=noon,
        changed_at=noon,
    )
    stored = made(ada, noon, wanted=500, voice_id=voice.pk)
    assert stored.left_out["parts"]["never:simplement"] >= 1
    assert not any("simplement" in text for text in gallery_of(stored).run.texts(range(stored.made)))


def test_nothing_possible_is_said_with_the_reason_and_what_to_do(ada: Actor, noon: datetime) -> None:
    for changed, reason in (
        ({"label": ""}, "rule"),
        ({"shortest": 4_000, "longest": 5_000}, "too short"),
        ({"must": ["Zanzibar"]}, "Zanzibar"),
        ({"never": ["Aube", "onze", "parfum", "flacon"]}, "never said"),
    ):
        brief = written(ada, noon, **changed)
        with pytest.raises(NothingPossible) as refused:
            make_run(brief_id=brief.pk, wanted=10, seed=7, actor=ada, now=noon)
        assert reason in refused.value.message and refused.value.hint
    assert not VariantRun.objects.exists()


@pytest.mark.parametrize(("wanted", "seed"), [(0, 7), (MOST_WANTED + 1, 7), (10, -1), (10, 2**31)])
def test_no_run_is_empty_or_too_large(ada: Actor, noon: datetime, wanted: int, seed: int) -> None:
    with pytest.raises(RunTooLarge):
        make_run(brief_id=written(ada, noon).pk, wanted=wanted, seed=seed, actor=ada, now=noon)


def test_nothing_is_made_of_what_was_put_away_by_a_reader_or_elsewhere(
    ada: Actor, rita: Actor, dario: Actor, noon: datetime
) -> None:
    brief = written(ada, noon)
    with pytest.raises(NotAllowed):
        make_run(brief_id=brief.pk, wanted=10, seed=7, actor=rita, now=noon)
    with pytest.raises(NotFound):
        make_run(brief_id=brief.pk, wanted=10, seed=7, actor=dario, now=noon)
    archive_brief(brief_id=brief.pk, actor=ada, now=noon)
    with pytest.raises(BriefArchived):
        make_run(brief_id=brief.pk, wanted=10, seed=7, actor=ada, now=noon)


def test_a_word_takes_back_what_contradicts_it(ada: Actor, bruno: Actor, noon: datetime) -> None:
    stored = made(ada, noon, wanted=60)

    def say(word: str, reason: str = "") -> VariantMark:
        return mark_variant(run_id=stored.pk, row=3, word=word, reason=reason, actor=bruno, now=noon)

    say("favourite")
    say("more")
    say("more")
    assert said_of(stored).words_of(3) == ["favourite", "more"]
    say("less")
    assert said_of(stored).words_of(3) == ["favourite", "less"]
    say("no", "Trop long  à lire")
    assert said_of(stored).words_of(3) == ["less", "no"] and said_of(stored).reasons == {3: "Trop long à lire"}
    unmark_variant(run_id=stored.pk, row=3, word="no", actor=bruno, now=noon)
    with pytest.raises(MarkMissing):
        unmark_variant(run_id=stored.pk, row=3, word="no", actor=bruno, now=noon)
    assert VariantMark.objects.get(run=stored).member_id == bruno.member_id
    assert Entry.objects.filter(verb="studio.variant_marked").count() == 5


def test_a_word_needs_a_variant_a_known_word_and_a_reason_to_dismiss(ada: Actor, dario: Actor, noon: datetime) -> None:
    stored = made(ada, noon, wanted=60)
    for row, word, refusal in ((60, "more", VariantMissing), (-1, "more", VariantMissing), (0, "nice", MarkMalformed)):
        with pytest.raises(refusal):
            mark_variant(run_id=stored.pk, row=row, word=word, actor=ada, now=noon)
    with pytest.raises(DismissedUnexplained):
        mark_variant(run_id=stored.pk, row=0, word="no", reason=" ", actor=ada, now=noon)
    with pytest.raises(MarkMalformed):
        mark_variant(run_id=stored.pk, row=0, word="no", reason="x" * 301, actor=ada, now=noon)
    for act in (mark_variant, unmark_variant):
        with pytest.raises(NotFound):
            act(run_id=stored.pk, row=0, word="more", actor=dario, now=noon)


def test_marks_move_the_order_and_the_first_twelve(ada: Actor, noon: datetime) -> None:
    stored = made(ada, noon, wanted=600)
    gallery = gallery_of(stored)
    before = shown_of(stored, gallery, said_of(stored))
    assert list(before.rows) == stored.shown
    families = gallery.run.families()
    liked = next(row for row in range(600) if families[row] == "story" and row not in before.rows)
    mark_variant(run_id=stored.pk, row=liked, word="more", actor=ada, now=noon)
    mark_variant(run_id=stored.pk, row=before.rows[0], word="no", reason="plat", actor=ada, now=noon)
    said = said_of(stored)
    after = shown_of(stored, gallery, said)
    assert liked in after.rows and before.rows[0] not in after.rows
    assert rows_of(gallery, said, Narrow())[0] == liked
    assert before.rows[0] not in rows_of(gallery, said, Narrow(without=said.marks.dismissed))


def test_a_text_begins_with_a_variant_and_says_that_it_was_assembled(ada: Actor, dario: Actor, noon: datetime) -> None:
    stored = made(ada, noon, wanted=60)
    text = write_on(run_id=stored.pk, row=5, actor=ada, now=noon)
    version = newest_version(text)
    run = gallery_of(stored).run
    assert version.body == text.body == run.texts([5])[0]
    by = MadeBy.of(version.made_by)
    assert by.origin is Origin.TEMPLATE and by.parts == tuple(part.id for part in run.parts_of(5)) and by.version
    assert (text.brief_id, text.run_id, text.row, text.kind) == (stored.brief_id, stored.pk, 5, "ad")
    with pytest.raises(VariantMissing):
        write_on(run_id=stored.pk, row=60, actor=ada, now=noon)
    with pytest.raises(NotFound):
        write_on(run_id=stored.pk, row=5, actor=dario, now=noon)
