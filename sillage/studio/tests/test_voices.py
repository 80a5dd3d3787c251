"""Voices are opened, given texts, trained and put to use by people; what they learn from choices waits for a person's word."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.actions.removing import GonePosts, remove_posts
from sillage.catalogue.engine.records import AccountRecord, Batch, PostRecord
from sillage.catalogue.models import Account, Post
from sillage.governance.engine.actors import ActorKind, NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.studio.actions.learning_voices import NotEnoughChoices, learn_voice
from sillage.studio.actions.voice_texts import (
    NoVoiceText,
    TooManyExamples,
    TooManyVoiceTexts,
    add_chosen,
    add_posts,
    add_texts,
    choose_examples,
    remove_texts,
)
from sillage.studio.actions.voices import (
    NothingNewToLearn,
    OnlyPeoplePromoteVoices,
    TooFewVoiceTexts,
    VoiceAlreadySo,
    VoiceArchived,
    VoiceMalformed,
    VoiceNewer,
    VoiceVersionInUse,
    archive_voice,
    change_voice,
    open_voice,
    promote_voice,
    restore_voice,
    train_voice,
    wish_traits,
)
from sillage.studio.models import Voice, VoiceText, VoiceVersion
from sillage.studio.queries.voices import get_voice, list_voices, others_than, score_of_voice, voice_in_use
from sillage.studio.tests.voice_cast import CALM, LIKE_CALM, LOUD, decided, in_use, many_decided, opened


@pytest.fixture
def voice(ada, noon) -> Voice:
    return opened(ada, noon)


def facts(verb: str) -> dict:
    return Entry.objects.get(verb=verb).facts


def published(actor, noon, handle: str, texts, language: str = "fr") -> Account:
    """Posts of one account in the catalogue."""
    account = AccountRecord("instagram", handle, handle, name=handle.title())
    posts = tuple(
        PostRecord("instagram", handle, f"p{at}", noon - timedelta(days=at), text=text, language=language)
        for at, text in enumerate(texts)
    )
    ingest(workspace_id=actor.workspace_id, batch=Batch((account,), posts, ()), actor=actor, now=noon)
    return Account.objects.get(workspace_id=actor.workspace_id, handle=handle)


# -- opening and changing --------------------------------------------------------------------------------------------


def test_a_voice_is_opened_once_per_name_in_a_language_that_is_read(ada, noon):
    made = open_voice(
        name="  Aube \x00 douce ", language="fr", banned=["gratuit", " gratuit ", ""], actor=ada, now=noon
    )
    assert (made.name, made.banned, made.promoted) == ("Aube douce", ["gratuit"], None)
    assert facts("studio.voice_opened") == {"language": "fr"}
    for name, language in (("Aube douce", "en"), ("", "fr"), ("A" * 101, "fr"), ("B", "xx")):
        with pytest.raises(VoiceMalformed):
            open_voice(name=name, language=language, actor=ada, now=noon)


def test_who_only_reads_or_works_elsewhere_changes_nothing(voice, rita, dario, noon):
    for act in (
        lambda who: change_voice(voice_id=voice.pk, name="X", actor=who, now=noon),
        lambda who: add_texts(voice_id=voice.pk, texts=CALM, actor=who, now=noon),
        lambda who: train_voice(voice_id=voice.pk, actor=who, now=noon),
        lambda who: learn_voice(voice_id=voice.pk, actor=who, now=noon),
        lambda who: promote_voice(voice_id=voice.pk, number=1, actor=who, now=noon),
        lambda who: wish_traits(voice_id=voice.pk, wishes={}, actor=who, now=noon),
        lambda who: archive_voice(voice_id=voice.pk, actor=who, now=noon),
        lambda who: choose_examples(voice_id=voice.pk, text_ids=[], actor=who, now=noon),
    ):
        with pytest.raises(NotAllowed):
            act(rita)
        with pytest.raises(NotFound):
            act(dario)
    assert list_voices(dario.workspace_id) == []


def test_who_changes_an_older_voice_is_told(voice, ada, noon):
    change_voice(voice_id=voice.pk, name="Aube", banned=["promo"], seen=1, actor=ada, now=noon)
    with pytest.raises(VoiceNewer, match="version 2, you saw 1"):
        change_voice(voice_id=voice.pk, name="Aurore", seen=1, actor=ada, now=noon)
    assert get_voice(ada.workspace_id, voice.pk).banned == ["promo"]


def test_a_voice_that_was_put_away_rests_until_it_is_brought_back(voice, ada, noon):
    archive_voice(voice_id=voice.pk, actor=ada, now=noon)
    assert list_voices(ada.workspace_id) == [] and len(list_voices(ada.workspace_id, archived=True)) == 1
    with pytest.raises(VoiceArchived):
        train_voice(voice_id=voice.pk, actor=ada, now=noon)
    with pytest.raises(VoiceAlreadySo):
        archive_voice(voice_id=voice.pk, actor=ada, now=noon)
    restore_voice(voice_id=voice.pk, actor=ada, now=noon)
    with pytest.raises(VoiceAlreadySo):
        restore_voice(voice_id=voice.pk, actor=ada, now=noon)


# -- texts -----------------------------------------------------------------------------------------------------------


def test_a_text_is_there_once_and_short_ones_are_none(voice, ada, noon):
    done = add_texts(voice_id=voice.pk, texts=[CALM[0], "court", LOUD[0], f" {LOUD[0]} "], actor=ada, now=noon)
    assert (done.added, done.known) == (1, 1)
    with pytest.raises(NoVoiceText):
        add_texts(voice_id=voice.pk, texts=["court", "  "], actor=ada, now=noon)


def test_a_voice_has_a_bounded_number_of_texts(voice, ada, noon):
    with pytest.raises(TooManyVoiceTexts):
        add_texts(voice_id=voice.pk, texts=[f"Un texte approuvé {n}" for n in range(2_000)], actor=ada, now=noon)


def test_texts_are_taken_out_and_chosen_as_examples_only_in_their_own_voice(voice, ada, noon):
    other = opened(ada, noon, "Autre", LOUD)
    own, foreign = voice.training_texts.first(), other.training_texts.first()
    assert choose_examples(voice_id=voice.pk, text_ids=[own.pk], actor=ada, now=noon) == 1
    for act in (choose_examples, remove_texts):
        with pytest.raises(NotFound):
            act(voice_id=voice.pk, text_ids=[foreign.pk], actor=ada, now=noon)
    assert remove_texts(voice_id=voice.pk, text_ids=[own.pk], actor=ada, now=noon) == 1
    assert voice.training_texts.count() == 5 and other.training_texts.count() == 4


def test_writers_are_shown_a_handful_of_examples(voice, ada, noon):
    add_texts(voice_id=voice.pk, texts=[f"Un texte approuvé {n}" for n in range(20)], actor=ada, now=noon)
    everything = list(voice.training_texts.values_list("pk", flat=True))
    with pytest.raises(TooManyExamples):
        choose_examples(voice_id=voice.pk, text_ids=everything, actor=ada, now=noon)


def test_posts_of_the_brand_and_chosen_texts_become_texts(ada, noon):
    voice = opened(ada, noon, texts=())
    published(ada, noon, "aube", [*CALM[:3], "🙂"])
    assert add_posts(voice_id=voice.pk, account="instagram:aube", actor=ada, now=noon).added == 3
    assert set(voice.training_texts.values_list("source", flat=True)) == {"post"}
    assert None not in set(voice.training_texts.values_list("post_id", flat=True))
    with pytest.raises(NotFound):
        add_posts(voice_id=voice.pk, account="instagram:nobody", actor=ada, now=noon)
    with pytest.raises(NoVoiceText):
        add_chosen(voice_id=voice.pk, actor=ada, now=noon)
    decided(voice, noon, LOUD[0], CALM[4])
    decided(voice, noon, LOUD[1])
    assert add_chosen(voice_id=voice.pk, actor=ada, now=noon).added == 1


# -- training and putting to use -------------------------------------------------------------------------------------


def test_a_voice_of_two_texts_is_refused_with_what_to_do(ada, noon):
    voice = opened(ada, noon, texts=CALM[:2])
    with pytest.raises(TooFewVoiceTexts) as refused:
        train_voice(voice_id=voice.pk, actor=ada, now=noon)
    assert "2 texts; at least 3" in refused.value.message and "20 or more" in refused.value.hint


def test_training_the_same_texts_again_gives_nothing_new_and_other_texts_do(voice, ada, noon):
    first = train_voice(voice_id=voice.pk, actor=ada, now=noon)
    assert (first.number, first.n_texts, first.promoted_at) == (1, 6, None)
    assert get_voice(ada.workspace_id, voice.pk).promoted is None
    with pytest.raises(NothingNewToLearn):
        train_voice(voice_id=voice.pk, actor=ada, now=noon)
    add_texts(voice_id=voice.pk, texts=[LIKE_CALM], actor=ada, now=noon)
    assert train_voice(voice_id=voice.pk, actor=ada, now=noon).number == 2


def test_the_order_in_which_texts_came_changes_nothing(ada, noon):
    bytes_of = [
        bytes(train_voice(voice_id=opened(ada, noon, name, texts).pk, actor=ada, now=noon).profile)
        for name, texts in (("A", CALM), ("B", CALM[::-1]))
    ]
    assert bytes_of[0] == bytes_of[1]


def test_a_voice_says_how_a_text_fits_only_once_a_person_put_it_to_use(voice, ada, noon):
    train_voice(voice_id=voice.pk, actor=ada, now=noon)
    assert voice_in_use(get_voice(ada.workspace_id, voice.pk)) is None
    nightly = replace(ada, kind=ActorKind.AUTOMATION, name="nightly", member_id=None)
    with pytest.raises(OnlyPeoplePromoteVoices):
        promote_voice(voice_id=voice.pk, number=1, actor=nightly, now=noon)
    used = voice_in_use(promote_voice(voice_id=voice.pk, number=1, actor=ada, now=noon))
    assert used is not None and used.fit(LIKE_CALM).value > used.fit(LOUD[0]).value
    entry = facts("studio.voice_promoted")
    assert (entry["version"], entry["replaced"], entry["texts"]) == (1, None, 6)


def test_the_second_of_two_people_who_decide_is_told(ada, noon):
    voice = in_use(ada, noon)
    add_texts(voice_id=voice.pk, texts=[LIKE_CALM], actor=ada, now=noon)
    train_voice(voice_id=voice.pk, actor=ada, now=noon)
    seen = get_voice(ada.workspace_id, voice.pk).version
    promote_voice(voice_id=voice.pk, number=2, seen=seen, actor=ada, now=noon)
    with pytest.raises(VoiceNewer):
        promote_voice(voice_id=voice.pk, number=1, seen=seen, actor=ada, now=noon)
    with pytest.raises(VoiceVersionInUse):
        promote_voice(voice_id=voice.pk, number=2, actor=ada, now=noon)
    with pytest.raises(NotFound):
        promote_voice(voice_id=voice.pk, number=9, actor=ada, now=noon)
    assert promote_voice(voice_id=voice.pk, number=1, actor=ada, now=noon).promoted == 1


def test_wishes_and_banned_words_hold_at_once_for_everybody(ada, noon):
    voice = in_use(ada, noon)
    before = voice_in_use(voice)
    wish_traits(voice_id=voice.pk, wishes={"exclamations": (10, 20)}, actor=ada, now=noon)
    changed = change_voice(voice_id=voice.pk, name="Aube", banned=["baume"], actor=ada, now=noon)
    after = voice_in_use(changed)
    assert "exclamations" in {off.trait for off in after.fit(LIKE_CALM).off}
    assert after.fit(LIKE_CALM).banned == ("baume",) and before.fit(LIKE_CALM).banned == ()
    wish_traits(voice_id=voice.pk, wishes={"exclamations": None}, actor=ada, now=noon)
    assert get_voice(ada.workspace_id, voice.pk).wishes == {}
    for wishes in ({"charm": (1, 2)}, {"emoji": (3, 1)}):
        with pytest.raises(VoiceMalformed):
            wish_traits(voice_id=voice.pk, wishes=wishes, actor=ada, now=noon)


def test_a_voice_is_compared_with_posts_of_others_in_its_language_and_says_what_ships(voice, ada, noon):
    nobody = others_than(voice)
    assert nobody.shipped == len(nobody.texts) >= 30
    published(ada, noon, "mona", [f"Encore un dimanche au potager, saison {n}" for n in range(15)])
    published(ada, noon, "sam", ["A rainy day at the allotment again"], "en")
    own = published(ada, noon, "aube", ["Notre savon se pose le soir, chez vous."])
    assert own.posts.count() == 1
    add_posts(voice_id=voice.pk, account="instagram:aube", actor=ada, now=noon)
    found = others_than(voice)
    catalogue = found.texts[: len(found.texts) - found.shipped]
    assert len(catalogue) == 10 and all(text.startswith("Encore un dimanche") for text in catalogue)
    assert others_than(voice) == found


# -- learning --------------------------------------------------------------------------------------------------------


def test_choices_teach_a_version_that_waits_for_a_person(ada, noon):
    voice = in_use(ada, noon)
    many_decided(voice, noon)
    learnt = learn_voice(voice_id=voice.pk, actor=ada, now=noon)
    assert (learnt.number, learnt.n_choices, learnt.n_texts) == (2, 12, 12)
    assert {"before", "after", "held_pairs", "held_choices"} <= learnt.scores.keys()
    assert learnt.scores["held_choices"] == 4 and learnt.scores["after"] >= learnt.scores["before"]
    assert get_voice(ada.workspace_id, voice.pk).promoted == 1
    assert promote_voice(voice_id=voice.pk, number=2, actor=ada, now=noon).promoted == 2
    assert facts("studio.voice_learnt")["choices"] == 12
    with pytest.raises(NothingNewToLearn):
        learn_voice(voice_id=voice.pk, actor=ada, now=noon)


def test_few_choices_teach_nothing_and_say_how_many_are_needed(ada, noon):
    voice = in_use(ada, noon)
    many_decided(voice, noon, 4)
    with pytest.raises(NotEnoughChoices, match="4 choices, at least 10") as refused:
        learn_voice(voice_id=voice.pk, actor=ada, now=noon)
    assert "10 choices" in refused.value.hint and VoiceVersion.objects.count() == 1


def test_the_studios_score_is_the_distance_from_proposal_to_choice_over_time(ada, noon):
    voice = opened(ada, noon)
    assert score_of_voice(voice) is None
    for at in range(6):
        kept = CALM[at] if at >= 3 else CALM[at].replace("À bientôt.", "Belle fin de journée à vous toutes.")
        decided(voice, noon + timedelta(days=30 * at), CALM[at], kept)
    decided(voice, noon, LOUD[0])
    found = score_of_voice(voice)
    assert (found.n, found.by_weeks, [p.n for p in found.periods]) == (6, False, [1] * 6)
    assert found.before > 0.1 and found.lately == 0
    assert found.moved[0].n == 3 and found.moved[0].before == 1 and found.moved[0].lately == 0


# -- forgetting ------------------------------------------------------------------------------------------------------


@pytest.fixture
def of_posts(ada, noon) -> Voice:
    """A voice in use that was trained from posts of one account."""
    published(ada, noon, "aube", CALM)
    voice = opened(ada, noon, texts=())
    add_posts(voice_id=voice.pk, account="instagram:aube", actor=ada, now=noon)
    add_texts(voice_id=voice.pk, texts=[LIKE_CALM], actor=ada, now=noon)
    train_voice(voice_id=voice.pk, actor=ada, now=noon)
    return promote_voice(voice_id=voice.pk, number=1, actor=ada, now=noon)


def test_texts_of_a_forgotten_creator_leave_voices_and_so_do_their_words(of_posts, ada, noon):
    creator = Account.objects.get(handle="aube").creator
    done = forget(key=str(creator.pk), actor=ada, now=noon)
    assert done.removed["voicetext"] == 6
    assert list(of_posts.training_texts.values_list("source", flat=True)) == ["pasted"]
    version = VoiceVersion.objects.get()
    assert not re.search("Bonjour|bientôt|équipe", str(version.learnt))
    assert "Bonjour" not in str(voice_in_use(get_voice(ada.workspace_id, of_posts.pk)).voice)


def test_a_post_that_its_network_took_down_leaves_voices(of_posts, ada, noon):
    post = Post.objects.first()
    removed = remove_posts(GonePosts(ada.workspace_id, post.account_id, (post.id,)), noon)
    assert removed["voicetext"] == 1 and VoiceText.objects.count() == 6


@pytest.fixture(autouse=True)
def _without_embedder(settings) -> None:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"embedder": "off"})
