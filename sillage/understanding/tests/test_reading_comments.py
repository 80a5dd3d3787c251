"""Comments are read once, again when they change, and what was found leaves with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.actions.removing import GonePosts, remove_posts
from sillage.catalogue.engine.records import AccountRecord, Batch, CommentRecord, PostRecord
from sillage.catalogue.models import Comment
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.understanding import actions as understanding
from sillage.understanding.actions import reading_comments
from sillage.understanding.actions.corrections import correct
from sillage.understanding.models import CommentSignal, Correction

TEXTS = {
    "c1": "Bonjour, où est-ce qu'on peut l'acheter et à quel prix ?",
    "c2": "J'adore, merci pour le partage !",
    "c3": "Colis jamais reçu, le service client ne répond pas, très déçu",
    "c4": "🔥🔥🔥",
}


def _comment(network_id, text, noon, author="reader-1", post="p1", **more):
    return CommentRecord("instagram", "mona", post, network_id, noon, text, author, **more)


def _batch(noon, comments=None):
    account = AccountRecord("instagram", "mona", "mona", name="Mona")
    posts = tuple(PostRecord("instagram", "mona", p, noon, text="Mon nouveau manteau") for p in ("p1", "p2", "p3"))
    given = comments or tuple(_comment(i, text, noon, f"reader-{i}") for i, text in TEXTS.items())
    return Batch((account,), posts, given)


@pytest.fixture
def mona(ada, noon):
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon), actor=ada, now=noon)
    return catalogue.get_account(ada.workspace_id, "instagram:mona")


def _add(ada, noon, *comments):
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon, comments), actor=ada, now=noon)


def _found(network_id, enricher="intent"):
    comment = Comment.objects.get(network_id=network_id)
    return CommentSignal.objects.get(comment_id=comment.id, enricher=enricher)


def test_each_comment_gets_one_signal_per_enricher(mona, ada, noon):
    done = understanding.read_comments(actor=ada, now=noon)
    assert done.comments == 4
    assert set(done.versions) == {"language", "tone", "intent", "cultural_check"}
    assert CommentSignal.objects.count() == 4 * 4
    assert set(_found("c1").value["intents"]) == {"question", "purchase"}
    assert _found("c2", "tone").value == {"tone": "positive"}
    assert "complaint" in _found("c3").value["intents"] and _found("c3", "tone").value == {"tone": "negative"}


def test_emoji_alone_give_no_sure_tone(mona, ada, noon):
    understanding.read_comments(actor=ada, now=noon)
    assert _found("c4", "tone").confidence <= 0.4
    assert _found("c4", "language").value == {}


def test_reading_again_is_free_and_leaves_no_entry(mona, ada, noon):
    understanding.read_comments(actor=ada, now=noon)
    entries = len(governance.list_entries(ada.workspace_id).items)
    again = understanding.read_comments(actor=ada, now=noon + timedelta(hours=1))
    assert again.comments == 0
    assert len(governance.list_entries(ada.workspace_id).items) == entries


def test_a_changed_comment_is_read_again_and_its_old_reading_goes(mona, ada, noon):
    understanding.read_comments(actor=ada, now=noon)
    later = noon + timedelta(days=1)
    changed = _batch(noon, (_comment("c2", "C'est vraiment nul, quelle arnaque cette histoire", noon, "reader-c2"),))
    ingest(workspace_id=ada.workspace_id, batch=changed, actor=ada, now=later)
    assert understanding.read_comments(actor=ada, now=later).comments == 1
    assert _found("c2", "tone").value == {"tone": "negative"}
    assert CommentSignal.objects.count() == 4 * 4


def test_the_run_enters_the_ledger_once(mona, ada, noon):
    understanding.read_comments(actor=ada, now=noon)
    entry = governance.list_entries(ada.workspace_id).items[0]
    assert entry.verb == "understanding.comments_read"
    assert entry.facts["comments"] == 4


def test_a_killed_run_goes_on_where_it_stopped(mona, ada, noon, monkeypatch):
    monkeypatch.setattr(reading_comments, "BATCH_COMMENTS", 2)
    kept = reading_comments._store
    calls = []

    def dies(*given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        kept(*given)

    monkeypatch.setattr(reading_comments, "_store", dies)
    with pytest.raises(KeyboardInterrupt):
        understanding.read_comments(actor=ada, now=noon)
    assert CommentSignal.objects.count() == 2 * 4
    monkeypatch.setattr(reading_comments, "_store", kept)
    assert understanding.read_comments(actor=ada, now=noon).comments == 2
    assert CommentSignal.objects.count() == 4 * 4


def test_the_same_words_under_several_posts_are_likelier_spam_also_for_those_read_before(mona, ada, noon):
    text = "Découvrez notre nouvelle collection de bijoux artisanaux ce soir"
    _add(ada, noon, _comment("s1", text, noon, "seller"))
    understanding.read_comments(actor=ada, now=noon)
    assert "spam" not in _found("s1").value.get("intents", {})
    later = noon + timedelta(hours=1)
    more = _batch(noon, tuple(_comment(f"s{i}", text, noon, "seller", f"p{i}") for i in (2, 3)))
    ingest(workspace_id=ada.workspace_id, batch=more, actor=ada, now=later)
    assert understanding.read_comments(actor=ada, now=later).comments == 3
    assert _found("s1").value["intents"]["spam"] > 0.5
    assert _found("s3").value["intents"]["spam"] > 0.5


def test_what_the_account_itself_writes_asks_for_nothing(mona, ada, noon):
    _add(ada, noon, _comment("r1", "Tu le trouves où, dis-moi ?", noon, "mona", reply_to_network_id="c1"))
    understanding.read_comments(actor=ada, now=noon)
    assert _found("r1").value == {"by_account": True}


def test_who_may_only_read_may_not_have_comments_read(mona, rita, noon):
    with pytest.raises(NotAllowed):
        understanding.read_comments(actor=rita, now=noon)


def test_comments_of_another_workspace_are_left_alone(mona, dario, noon):
    assert understanding.read_comments(actor=dario, now=noon).comments == 0
    assert not CommentSignal.objects.exists()


def test_bringing_up_to_date_reads_comments_too(mona, ada, noon):
    stages = []
    understanding.bring_up_to_date(actor=ada, now=noon, on_progress=lambda stage, done, total: stages.append(stage))
    assert CommentSignal.objects.count() == 4 * 4
    assert "comments" in stages


def test_what_was_found_in_a_comment_goes_with_its_post(mona, ada, noon):
    understanding.read_comments(actor=ada, now=noon)
    comment = Comment.objects.get(network_id="c1")
    said = {"intents": ["question"]}
    correct(
        enricher="intent",
        account_id=mona.pk,
        subject_kind="comment",
        subject_id=comment.id,
        value=said,
        actor=ada,
        now=noon,
    )
    removed = remove_posts(GonePosts(ada.workspace_id, mona.pk, (comment.post_id,)), noon)
    assert removed["commentsignal"] == 16 and removed["correction"] == 1
    assert not CommentSignal.objects.exists() and not Correction.objects.exists()


def test_what_was_found_in_a_forgotten_persons_comments_elsewhere_goes_with_them(mona, ada, noon):
    lola = AccountRecord("instagram", "lola", "lola", name="Lola")
    under_mona = _comment("l1", "Magnifique, j'adore !", noon, "lola")
    batch = replace(_batch(noon, (under_mona,)), accounts=(*_batch(noon).accounts, lola))
    ingest(workspace_id=ada.workspace_id, batch=batch, actor=ada, now=noon)
    understanding.read_comments(actor=ada, now=noon)
    assert CommentSignal.objects.count() == 5 * 4
    forget(key="instagram:lola", actor=ada, now=noon)
    assert CommentSignal.objects.count() == 4 * 4
    assert not Comment.objects.filter(network_id="l1").exists()
