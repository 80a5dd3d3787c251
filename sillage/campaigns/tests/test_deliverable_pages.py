"""Deliverables and drafts as pages: for members, for the creator's link and for the client's."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sillage.campaigns.actions import live, reviewing
from sillage.campaigns.actions.uploads import keep_file
from sillage.campaigns.cli.deliverables import deliverable as deliverable_command
from sillage.campaigns.cli.deliverables import draft as draft_command
from sillage.campaigns.cli.deliverables import live_posts
from sillage.campaigns.engine.marked_text import Mark, segments
from sillage.campaigns.models import Deliverable, Draft, DraftThread, LiveMatch
from sillage.campaigns.tests import files
from sillage.campaigns.tests.delivering import LAWFUL, UNLAWFUL, asked, drafted, noticed, published
from sillage.campaigns.tests.delivering import creator_link as open_creator_link
from sillage.campaigns.tests.delivering import review_link as open_review_link
from sillage.governance import actions as governance
from sillage.governance.models import Link

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def today():
    from django.utils import timezone

    return timezone.now()


@pytest.fixture
def deliverable(collaboration, ada, noon):
    return asked(collaboration, ada, noon)


@pytest.fixture
def draft(deliverable, ada, noon):
    return drafted(deliverable, ada, noon, UNLAWFUL)


@pytest.fixture
def mona(collaboration, ada, today):
    """A browser with the address of the creator's link."""
    _, secret, _ = open_creator_link(collaboration, ada, today)
    return Client(headers={"accept-language": "en"}), f"/l/{secret}/"


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def photo(name="photo.jpg", data=None):
    return SimpleUploadedFile(name, data or files.with_gps(), content_type="text/html")


# -- members ---------------------------------------------------------------------------------------------------------


def test_a_campaign_without_deliverables_says_what_to_do(signed_in, ada, campaign):
    assert "New template" in page(signed_in(ada), f"/w/harbour/campaigns/{campaign.pk}/deliverables/")


def test_the_list_says_what_stands_where_within_its_budget(
    signed_in, ada, rita, collaborations, noon, django_assert_max_num_queries
):
    for n in range(6):
        for row in collaborations.values():
            drafted(asked(row, ada, noon, name=f"Post {n}"), ada, noon)
    address = f"/w/harbour/campaigns/{row.campaign_id}/deliverables/"
    client = signed_in(rita)
    with django_assert_max_num_queries(16):
        shown = page(client, address)

    assert shown.count("data-line") == 12 and "In review" in shown and "Make a review link" not in shown
    assert page(client, f"{address}?state=live").count("data-line") == 0


def test_a_deliverable_is_asked_for_by_its_form_and_a_slip_is_named(signed_in, ada, collaboration):
    client, address = signed_in(ada), f"/w/harbour/collaborations/{collaboration.pk}/deliverables/new/"
    given = {"network": "instagram", "format": "story", "never_say": "miracle\n\nmagic", "fact.image.retouched": "no"}
    wrong = client.post(address, given | {"publish_from": "2026-07-02", "publish_until": "2026-07-01"})
    assert (
        wrong.status_code == 422 and "publish_until" in wrong.content.decode() and "miracle" in wrong.content.decode()
    )
    assert client.post(address, given | {"fact.image.depicts": ["face", "model"]}).status_code == 302
    made = Deliverable.objects.get()

    assert (made.never_say, made.facts) == (
        ["miracle", "magic"],
        {"image.retouched": False, "image.depicts": ["face", "model"]},
    )
    changed = client.post(f"/w/harbour/deliverables/{made.pk}/edit/", given | {"name": "Reel", "version": "1"})
    assert changed.status_code == 302
    stale = client.post(f"/w/harbour/deliverables/{made.pk}/edit/", given | {"name": "Short", "version": "1"})
    assert stale.status_code == 409


def test_templates_are_applied_to_everybody_from_the_page(signed_in, ada, campaign, collaborations, noon):
    client = signed_in(ada)
    client.post(f"/w/harbour/campaigns/{campaign.pk}/deliverables/new/", {"network": "instagram", "format": "image"})
    template = Deliverable.objects.get()
    client.post(f"/w/harbour/campaigns/{campaign.pk}/deliverables/apply/", {"template": [template.pk], "everyone": "1"})
    assert Deliverable.objects.filter(template=template).count() == 2


def test_the_review_page_marks_the_words_and_a_block_leaves_no_way_to_approve(signed_in, ada, draft):
    client = signed_in(ada)
    shown = page(client, f"/w/harbour/deliverables/{draft.deliverable_id}/")

    assert re.search(r'class="says says--block[^"]*" href="#finding-\d+"><mark>', shown)
    assert "FR-DISC-01" in shown and 'value="approve"' not in shown and 'value="changes"' in shown
    refused = client.post(f"/w/harbour/drafts/{draft.pk}/say/", {"word": "approve"})
    assert refused.status_code == 409 and "FR-DISC-01" in refused.content.decode()


def test_from_changes_to_approval_on_the_page(signed_in, ada, draft, deliverable, noon):
    client, address = signed_in(ada), f"/w/harbour/deliverables/{deliverable.pk}/"
    client.post(f"/w/harbour/drafts/{draft.pk}/say/", {"word": "changes", "reason": "Say Publicité."})
    client.post(f"{address}drafts/", {"text": LAWFUL, "files": photo()})
    newest = deliverable.drafts.get(number=2)
    shown = page(client, address)

    assert "<ins>Publicité" in shown and 'value="approve"' in shown
    client.post(f"/w/harbour/drafts/{newest.pk}/say/", {"word": "approve", "reason": "Good."})
    assert Deliverable.objects.get().state == "approved"
    assert "Ask for changes after all" in page(client, address)


def test_a_draft_that_cannot_be_taken_is_refused_where_it_was_typed(signed_in, ada, deliverable):
    client, address = signed_in(ada), f"/w/harbour/deliverables/{deliverable.pk}/drafts/"
    answer = client.post(address, {"text": "my words", "files": photo("a.svg", b"<svg onload='x'/>")})

    assert answer.status_code == 422 and "a page, a drawing or a program" in answer.content.decode()
    assert "my words" in answer.content.decode() and not Draft.objects.exists()


def test_an_upload_above_the_limit_is_refused_while_it_comes_in(signed_in, ada, deliverable, monkeypatch):
    monkeypatch.setattr(settings.SILLAGE, "upload_mb", 1)
    address = f"/w/harbour/deliverables/{deliverable.pk}/drafts/"
    answer = signed_in(ada).post(address, {"text": "x", "files": photo(data=bytes(1_500_000))})

    assert answer.status_code == 413 and "1 MB" in answer.content.decode()


def test_a_form_without_its_token_is_refused_and_a_stranger_s_body_is_not_read(ada, dario, deliverable):
    from sillage.governance.models import Member

    address = f"/w/harbour/deliverables/{deliverable.pk}/drafts/"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Member.objects.get(pk=ada.member_id).person)
    assert strict.post(address, {"text": "x"}).status_code == 403
    strict.force_login(Member.objects.get(pk=dario.member_id).person)
    assert strict.post(address, {"text": "x"}).status_code == 404


def test_facts_answered_on_the_page_are_not_asked_again(signed_in, ada, collaboration, noon):
    deliverable = asked(collaboration, ada, noon, facts={})
    draft = drafted(deliverable, ada, noon)
    client, address = signed_in(ada), f"/w/harbour/deliverables/{deliverable.pk}/"
    assert 'name="fact.image.retouched"' in page(client, address)
    client.post(f"{address}facts/", {"fact.image.retouched": "no", "fact.sector.category": "other"})

    assert Deliverable.objects.get(pk=deliverable.pk).facts == {"image.retouched": False, "sector.category": "other"}
    assert draft.checks.count() == 2 and 'name="fact.image.retouched"' not in page(client, address)


def test_words_typed_into_the_thread_s_form_are_found_in_the_draft(signed_in, ada, draft):
    client = signed_in(ada)
    client.post(f"/w/harbour/drafts/{draft.pk}/threads/", {"quote": "trois semaines", "text": "Sure?"})
    thread = DraftThread.objects.get()
    client.post(f"/w/harbour/threads/{thread.pk}/", {"settle": "yes"})

    assert draft.text[thread.starts : thread.ends] == "trois semaines"
    assert DraftThread.objects.get().resolved_at is not None
    lost = client.post(f"/w/harbour/drafts/{draft.pk}/threads/", {"quote": "quatre mois", "text": "?"})
    assert lost.status_code == 422


def test_marks_cut_a_text_and_leave_none_of_it_out():
    text = "Publicité, code MONA"
    cut = segments(text, [Mark(0, 9, "pass", "a"), Mark(4, 15, "warn", "b"), Mark(90, 99, "block", "c")])

    assert "".join(s.text for s in cut) == text
    assert [[m.ref for m in s.marks] for s in cut] == [["a"], ["a", "b"], ["b"], []]


def test_another_workspace_finds_nothing(signed_in, dario, ada, draft):
    client = signed_in(dario)
    for path in (f"deliverables/{draft.deliverable_id}/", f"drafts/{draft.pk}/"):
        assert client.get(f"/w/elsewhere/{path}").status_code == 404


# -- files on their way out ------------------------------------------------------------------------------------------


@pytest.fixture
def clip(deliverable, workspace, ada, noon):
    kept = keep_file(workspace.pk, '../e"vil.html', BytesIO(files.film()))
    return drafted(deliverable, ada, noon, files=[kept]).files.get()


def test_a_file_goes_out_as_an_attachment_in_which_nothing_may_act(signed_in, ada, dario, clip):
    answer = signed_in(ada).get(f"/w/harbour/draft-files/{clip.pk}/")

    assert answer["Content-Type"] == "video/mp4" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="draft-{clip.draft_id}-1.mp4"'
    assert "sandbox" in answer["Content-Security-Policy"] and "default-src 'none'" in answer["Content-Security-Policy"]
    assert len(b"".join(answer.streaming_content)) == clip.size
    assert signed_in(dario).get(f"/w/elsewhere/draft-files/{clip.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("asked_for", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=100-", 206, (100, None)),
        ("bytes=-5", 206, (-5, None)),
        ("bytes=9999999-", 416, None),
        ("bytes=5-2", 416, None),
        ("bytes=0-1,4-5", 200, (0, None)),
        ("lines=1", 200, (0, None)),
    ],
)
def test_a_player_gets_the_part_that_it_asks_for(signed_in, ada, clip, workspace, asked_for, status, span):
    from sillage.adapters import blobs

    answer = signed_in(ada).get(f"/w/harbour/draft-files/{clip.pk}/", headers={"range": asked_for})
    assert answer.status_code == status
    if span is not None:
        whole = blobs.read(workspace.pk, clip.sha256)
        assert b"".join(answer.streaming_content) == whole[slice(*span)]


# -- the creator's link ----------------------------------------------------------------------------------------------


def test_a_link_is_made_on_the_page_and_shown_once(signed_in, ada, collaboration):
    shown = signed_in(ada).post(f"/w/harbour/collaborations/{collaboration.pk}/link/").content.decode()
    secret = re.search(r"/l/([\w-]+)/", shown).group(1)

    assert "Mona" in page(Client(), f"/l/{secret}/")
    link = Link.objects.get()
    assert secret not in json.dumps([str(v) for v in vars(link).values()])
    signed_in(ada).post(f"/w/harbour/creator-links/{link.pk}/end/")
    assert Client().get(f"/l/{secret}/").status_code == 404


def test_a_creator_sends_a_draft_by_the_link_and_reads_what_blocks_it(mona, deliverable):
    client, address = mona
    assert "What is asked for" in page(client, address)
    sent = client.post(
        f"{address}deliverables/{deliverable.pk}/drafts/",
        {"text": UNLAWFUL, "files": [photo(), photo("b.jpg", files.picture("PNG"))], "fact.image.retouched": "no"},
    )
    assert sent.status_code == 302
    shown, draft = page(client, address), Draft.objects.get()

    assert "is being read" in shown and "FR-DISC-01" not in shown and "Blocks" in shown
    assert [f.media_type for f in draft.files.order_by("position")] == ["image/jpeg", "image/png"]
    assert draft.facts == {"image.retouched": False} and draft.link_id
    picture = client.get(f"{address}files/{draft.files.first().pk}/")
    assert picture["Content-Type"] == "image/jpeg" and picture["Cache-Control"] == "no-store"


def test_a_creator_s_link_opens_its_collaboration_and_nothing_else(mona, collaborations, ada, noon, workspace):
    client, address = mona
    kept = keep_file(workspace.pk, "a.jpg", BytesIO(files.picture()))
    theirs = drafted(asked(collaborations["noe"], ada, noon), ada, noon, files=[kept])
    refused = [
        client.post(f"{address}deliverables/{theirs.deliverable_id}/drafts/", {"text": "x"}),
        client.post(f"{address}deliverables/{theirs.deliverable_id}/live/", {"url": "https://x.com/a/status/1"}),
        client.post(f"{address}drafts/{theirs.pk}/threads/", {"text": "x"}),
        client.get(f"{address}files/{theirs.files.get().pk}/"),
        client.get(f"{address}review/"),
    ]
    assert [answer.status_code for answer in refused] == [404] * 5
    assert theirs.deliverable.drafts.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_link_opens_nothing(method, db):
    client = Client()
    assert (
        getattr(client, method)("/l/wrong/" + ("deliverables/1/drafts/" if method == "post" else "")).status_code == 404
    )


def test_a_creator_s_wrong_file_is_said_where_it_was_sent(mona, deliverable):
    client, address = mona
    sent = client.post(
        f"{address}deliverables/{deliverable.pk}/drafts/", {"text": "kept", "files": photo(data=b"%PDF-1")}
    )

    assert sent.status_code == 422 and "application/pdf" in sent.content.decode() and ">kept<" in sent.content.decode()


def test_a_creator_speaks_in_threads_and_tells_where_the_post_is(mona, deliverable, ada, noon):
    client, address = mona
    draft = drafted(deliverable, ada, noon)
    client.post(f"{address}drafts/{draft.pk}/threads/", {"text": "Is this right?"})
    thread = DraftThread.objects.get()
    client.post(f"{address}threads/{thread.pk}/", {"text": "Or so?"})
    reviewing.approve_draft(draft_id=draft.pk, reason="", actor=ada, now=noon)

    assert [r.side for r in thread.remarks.all()] == ["creator", "creator"]
    assert "you may publish it" in page(client, address)
    published(ada, noon + timedelta(days=8), LAWFUL, at=noon + timedelta(days=7))
    client.post(f"{address}deliverables/{deliverable.pk}/live/", {"url": "https://www.instagram.com/reel/live1"})
    assert LiveMatch.objects.get().standing == "confirmed"


# -- the client's link -----------------------------------------------------------------------------------------------


def test_a_client_approves_by_a_link_what_was_put_before_them(collaboration, ada, noon, today, workspace):
    kept = keep_file(workspace.pk, "a.jpg", BytesIO(files.picture()))
    deliverable = asked(collaboration, ada, noon, needs_client=True, publish_from=None, publish_until=None)
    draft = drafted(deliverable, ada, noon, files=[kept])
    noticed(collaboration, noon)
    _, secret, _ = open_review_link(collaboration, ada, today)
    client, address = Client(headers={"accept-language": "en"}), f"/l/{secret}/review/"
    assert "Nothing waits for you" in page(client, address)
    assert client.get(f"{address}{draft.pk}/").status_code == 404
    reviewing.ask_client(draft_id=draft.pk, actor=ada, now=today)

    assert "Waits for you" in page(client, address) and "Your word" in page(client, f"{address}{draft.pk}/")
    assert client.get(f"{address}{draft.pk}/files/{draft.files.get().pk}/").status_code == 200
    no_reason = client.post(f"{address}{draft.pk}/", {"word": "refuse", "name": "Léa"})
    assert no_reason.status_code == 422 and "reason" in no_reason.content.decode()
    client.post(f"{address}{draft.pk}/threads/", {"quote": "tomates", "text": "Lovely."})
    assert client.post(f"{address}{draft.pk}/", {"word": "approve", "name": "Léa"}).status_code == 302
    assert "You approved it" in page(client, address)
    assert client.post(f"{address}{draft.pk}/", {"word": "approve", "name": "Léa"}).status_code == 409
    reviewing.approve_draft(draft_id=draft.pk, reason="", actor=ada, now=today)
    assert Deliverable.objects.get().state == "approved"


# -- API and command line --------------------------------------------------------------------------------------------


def test_the_api_tells_a_draft_with_all_that_is_said_of_it(ada, draft):
    _, secret = governance.issue_token(
        name="t", scopes=frozenset(ada.rights), expires_at=None, actor=ada, now=draft.came_at
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})
    told = client.get(f"/api/v1/harbour/drafts/{draft.pk}").json()

    assert told["check"]["verdict"] == "block" and told["draft"]["digest"] == bytes(draft.digest).hex()
    sent = client.post(
        f"/api/v1/harbour/deliverables/{draft.deliverable_id}/drafts", {"text": LAWFUL, "files": photo()}
    )
    assert sent.status_code == 201 and sent.json()["files"][0]["removed"] == ["camera", "comment", "location"]
    refused = client.post(
        f"/api/v1/harbour/drafts/{draft.pk}/word", {"word": "approve"}, content_type="application/json"
    )
    assert refused.status_code == 409 and refused.json()["type"].endswith("DraftSuperseded")


def test_the_command_line_asks_for_enters_shows_and_approves(collaboration, ada, noon, tmp_path):
    from click.testing import CliRunner

    run = CliRunner().invoke
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(files.with_gps())
    who = ["--workspace", "harbour"]
    made = run(
        deliverable_command,
        ["add", str(collaboration.pk), "--network", "instagram", "--format", "image", "--client", *who],
    )
    assert made.exit_code == 0, made.output
    pk = made.output.strip()
    sent = run(draft_command, ["submit", pk, "--text", "-", "--file", str(picture), "--json", *who], input=LAWFUL)
    told = json.loads(sent.output)
    listed = run(deliverable_command, ["list", str(collaboration.campaign_id), "--json", *who])
    approved = run(draft_command, ["approve", str(told["id"]), "--reason", "Seen.", *who])

    assert told["files"][0]["removed"] == ["camera", "comment", "location"] and told["verdict"]
    assert json.loads(listed.output)[0]["state"] == "in_review"
    assert approved.output.strip() == "in_review", "the client has not said yes"
    assert "version 1" in run(draft_command, ["show", str(told["id"]), *who]).output


def test_the_command_line_matches_and_watches(deliverable, ada, noon):
    from click.testing import CliRunner

    draft = drafted(deliverable, ada, noon)
    reviewing.approve_draft(draft_id=draft.pk, reason="", actor=ada, now=noon)
    published(ada, noon + timedelta(days=8), LAWFUL, at=noon + timedelta(days=7))
    run, who = CliRunner().invoke, ["--workspace", "harbour", "--json"]
    (found,) = json.loads(run(live_posts, ["match", str(deliverable.campaign_id), *who]).output)
    live.confirm_match(match_id=found["match"], actor=ada, now=noon + timedelta(days=8))
    published(ada, noon + timedelta(days=9), UNLAWFUL, at=noon + timedelta(days=7))

    assert found["standing"] == "suggested" and "words" in found["reasons"]
    assert json.loads(run(live_posts, ["watch", *who]).output) == {"edited": 1}
