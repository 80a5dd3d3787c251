"""First contacts as pages, through the API and on the command line."""

from __future__ import annotations

import json
import re
import socket
from email import message_from_bytes
from email.policy import default as readable

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from django.test import Client
from pydantic import SecretStr

from sillage.adapters.tests.test_mail import Box
from sillage.campaigns.actions import inviting
from sillage.campaigns.actions.inviting import Wanted
from sillage.campaigns.actions.releasing import begin_sending
from sillage.campaigns.actions.settling import note_failure
from sillage.campaigns.engine.invitations import LINK
from sillage.campaigns.models import Collaboration, Invitation
from sillage.front import errors
from sillage.front.cli import sillage
from sillage.front.tests.program import program_of
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Right
from sillage.governance.engine.acts import Verdict
from sillage.governance.models import ApprovalRequest
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Language, Sentence


@pytest.fixture(autouse=True)
def controller(ada, noon, english):
    return governance.name_controller(
        given={"name": "Terre Vive SAS", "email": "privacy@terrevive.example"}, actor=ada, now=noon
    )


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def mail(settings, box):
    """A real mail server on this machine, named by the settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Controller(box, hostname="127.0.0.1", port=port)
    running.start()
    settings.SILLAGE = settings.SILLAGE.model_copy(
        update={"mail_url": SecretStr(f"smtp://127.0.0.1:{port}"), "mail_from": "hello@terrevive.example"}
    )
    yield
    running.stop()


def approve(actor, now):
    request = ApprovalRequest.objects.latest("pk")
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=actor, now=now)


def clock():
    from django.utils import timezone

    return timezone.now()


def test_from_the_collaboration_s_page_to_a_letter_sent_by_hand(signed_in, ada, collaboration):
    client = signed_in(ada)
    here = f"/w/harbour/collaborations/{collaboration.pk}/"
    assert "Put the letter together" in client.get(here).content.decode()

    page = client.post(f"{here}invitation/", {"language": "en", "formality": "tu", "why": "Your worms!"}, follow=True)
    text = page.content.decode()
    row = Invitation.objects.get()
    place = f"/w/harbour/invitations/{row.pk}/"
    assert "assembled from a template" in text and "Your worms!" in text and "Terre Vive SAS" in text
    assert "no mail server is configured" in text

    client.post(f"{place}change/", {"version": 1, "subject": "Hi", "body": f"Dear Mona, {LINK}", "channel": "by_hand"})
    assert "edited by Ada" in client.get(place).content.decode()
    client.post(f"{place}ask/")
    assert "awaits approval" in client.get(place).content.decode()
    assert client.post(f"{place}release/").status_code == 403
    approve(ada, clock())
    assert "Release it, to copy and send" in client.get(place).content.decode()

    released = client.post(f"{place}release/", follow=True).content.decode()
    assert re.search(r"http://testserver/l/[\w-]+/", released) and LINK not in released
    assert "Sillage sends nothing itself" in released
    for address in set(re.findall(r"http://testserver(/l/[\w/-]+/)", released)):
        assert Client().get(address).status_code == 200, "each link opens its page"
    after = client.post(f"{place}confirm/", follow=True).content.decode()
    assert "Mona is contacted." in after and "sent" in after
    assert Collaboration.objects.get(pk=collaboration.pk).stage == "contacted"
    assert "/l/" not in client.get(place).content.decode(), "the links are nobody's business any more"


def test_the_links_are_for_those_who_may_send(signed_in, ada, rita, collaboration, noon):
    row = inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted("en"), actor=ada, now=clock())
    inviting.ask_for_invitation(invitation_id=row.pk, actor=ada, now=clock())
    approve(ada, clock())
    signed_in(ada).post(f"/w/harbour/invitations/{row.pk}/release/")

    page = signed_in(rita).get(f"/w/harbour/invitations/{row.pk}/").content.decode()
    assert "/l/" not in page and "I have sent it" not in page


def test_an_email_leaves_through_a_real_server(signed_in, ada, collaboration, mail, box):
    client = signed_in(ada)
    row = inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted("fr"), actor=ada, now=clock())
    place = f"/w/harbour/invitations/{row.pk}/"
    given = {
        "channel": "email",
        "address": "mona@example.org",
        "address_from": "agency",
        "subject": "Été",
        "body": row.body,
    }
    client.post(f"{place}change/", given)
    client.post(f"{place}ask/")
    approve(ada, clock())
    page = client.post(f"{place}release/", follow=True).content.decode()

    assert "1 letter was taken by the mail server." in page
    ((_, recipients, content),) = box.came
    found = message_from_bytes(content, policy=readable)
    assert (recipients, found["Subject"], found["Reply-To"]) == (["mona@example.org"], "Été", "ada@example.org")
    assert (
        re.search(r"http://testserver/l/[\w-]{20,}/", found.get_content())
        and found["Message-ID"] == Invitation.objects.get().message_id
    )


def test_a_letter_that_hangs_is_settled_on_its_page(signed_in, ada, collaboration, mail, box):
    client = signed_in(ada)
    row = inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted("fr"), actor=ada, now=clock())
    given = {"channel": "email", "address": "mona@example.org", "address_from": "given"}
    inviting.change_invitation(invitation_id=row.pk, given=given, actor=ada, now=clock())
    inviting.ask_for_invitation(invitation_id=row.pk, actor=ada, now=clock())
    approve(ada, clock())
    place = f"/w/harbour/invitations/{row.pk}/"
    box.rcpt = "450 later"
    assert "could not take some letters now" in client.post(f"{place}release/", follow=True).content.decode()
    begin_sending(now=clock(), after=0, workspace_id=None, invitation_ids=[row.pk])  # and then kill -9
    Invitation.objects.update(sending_at="2026-01-01T00:00Z")

    page = client.get(place).content.decode()
    assert "Did it go out?" in page and "It may have gone out" in page
    assert (
        "This letter may have gone out" in client.get(f"/w/harbour/collaborations/{collaboration.pk}/").content.decode()
    )
    box.rcpt = "250 OK"
    client.post(f"{place}resume/", {"went_out": "no"})
    assert len(box.came) == 1 and Invitation.objects.get().state == "sent"


def test_why_a_letter_did_not_go_out_is_said_in_the_readers_language(signed_in, ada, collaboration, monkeypatch):
    row = inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted("fr"), actor=ada, now=clock())
    note_failure(row, OutsideError(Sentence("The mail server %(host)s is busy.", host="x.example"), permanent=False))
    row.save()
    monkeypatch.setattr(errors, "READERS", Language("[{}]".format, lambda _, term: term, lambda n, _: str(n), str))

    page = signed_in(ada).get(f"/w/harbour/invitations/{row.pk}/").content.decode()
    assert "[The mail server x.example is busy.]" in page
    (told,) = program_of(ada).get(f"campaigns/{collaboration.campaign_id}/invitations").json()["items"]
    assert told["failure"] == "The mail server x.example is busy."


def test_many_are_written_approved_and_released_from_the_campaign_s_page(signed_in, ada, campaign, collaborations):
    client, place = signed_in(ada), f"/w/harbour/campaigns/{campaign.pk}/invitations/"
    page = client.get(place).content.decode()
    assert "Mona" in page and "Noe" in page
    assert "Nobody is ticked" in client.post(f"{place}plan/", {}, follow=True).content.decode()

    ids = [row.pk for row in collaborations.values()]
    written = client.post(f"{place}plan/", {"c": ids, "language": "fr", "formality": "vous"}).content.decode()
    assert "What became of each" in written and "2 letters, approved as a whole" in written
    plan = Invitation.objects.first().plan_id
    client.post(f"/w/harbour/invitation-plans/{plan}/ask/")
    assert "awaits approval" in client.get(place).content.decode()
    approve(ada, clock())
    released = client.post(f"/w/harbour/invitation-plans/{plan}/release/").content.decode()
    assert released.count("to be sent by hand") >= 2
    assert set(Invitation.objects.values_list("state", flat=True)) == {"released"}


def test_an_empty_campaign_says_what_to_do(signed_in, ada, campaign):
    page = signed_in(ada).get(f"/w/harbour/campaigns/{campaign.pk}/invitations/").content.decode()
    assert "Nobody to write to yet" in page


def test_the_pages_keep_within_their_budget(signed_in, ada, campaign, collaborations, django_assert_max_num_queries):
    ids = [row.pk for row in collaborations.values()]
    inviting.plan_invitations(campaign_id=campaign.pk, collaborations=ids, wanted=Wanted("fr"), actor=ada, now=clock())
    client = signed_in(ada)
    with django_assert_max_num_queries(20):
        client.get(f"/w/harbour/campaigns/{campaign.pk}/invitations/")
    with django_assert_max_num_queries(20):
        client.get(f"/w/harbour/invitations/{Invitation.objects.first().pk}/")


def test_strangers_and_readers_are_kept_out(signed_in, ada, rita, dario, collaboration, campaign):
    row = inviting.write_invitation(collaboration_id=collaboration.pk, wanted=Wanted("fr"), actor=ada, now=clock())
    place = f"invitations/{row.pk}/"
    assert signed_in(rita).get(f"/w/harbour/{place}").status_code == 200
    for act in ("change", "ask", "release", "send", "confirm", "resume", "drop"):
        assert signed_in(rita).post(f"/w/harbour/{place}{act}/").status_code == 403
        assert signed_in(dario).post(f"/w/elsewhere/{place}{act}/").status_code == 404
    assert signed_in(dario).get(f"/w/elsewhere/{place}").status_code == 404
    assert signed_in(dario).get(f"/w/elsewhere/campaigns/{campaign.pk}/invitations/").status_code == 404


def test_a_program_writes_asks_and_releases(ada, collaboration, collaborations, campaign):
    program = program_of(ada)
    made = program.post(f"collaborations/{collaboration.pk}/invitations", {"language": "en", "formality": "tu"})
    assert made.status_code == 201 and (made.json()["formality"], made.json()["state"]) == ("tu", "draft")
    place = f"invitations/{made.json()['id']}"
    changed = program.call("PATCH", place, {"version": 1, "body": f"Hello {LINK}"})
    assert changed.json()["version"] == 2
    assert program.call("PATCH", place, {"version": 1, "body": f"Hello {LINK}"}).status_code == 409
    assert program.post(f"{place}/release").json()["type"] == "urn:sillage:ApprovalMissing"
    asked = program.post(f"{place}/ask").json()["approval_id"]
    governance.decide_approval(request_id=asked, verdict=Verdict.APPROVED, reason="", actor=ada, now=clock())
    released = program.post(f"{place}/release")
    assert (
        re.search(r"http://testserver/l/[\w-]{20,}/", released.json()["text"])
        and released["Cache-Control"] == "no-store"
    )
    assert program.post(f"{place}/confirm").json()["state"] == "sent"
    assert program.post(f"{place}/drop").status_code == 409

    planned = program.post(
        f"campaigns/{campaign.pk}/invitation-plans", {"collaborations": [row.pk for row in collaborations.values()]}
    ).json()
    assert sorted(bool(letter["refused"]) for letter in planned["letters"]) == [False, True]
    assert program.post(f"invitation-plans/{planned['plan_id']}/ask").status_code == 200
    assert program.post(f"invitation-plans/{planned['plan_id']}/release").status_code == 403
    assert len(program.get(f"campaigns/{campaign.pk}/invitations").json()["items"]) == 2
    assert program_of(ada, Right.READ).post(f"{place}/ask").status_code == 403


def test_the_command_line_goes_the_whole_way(ada, collaboration, campaign, mail, box):
    def run(*words, given=None):
        done = CliRunner().invoke(sillage, ["invitation", *words], standalone_mode=False, input=given)
        if done.exception:
            raise done.exception
        return done.output

    run("write", str(collaboration.pk), "--language", "en")
    pk = str(Invitation.objects.get().pk)
    assert LINK in run("show", pk)
    mail_to = ("--channel", "email", "--address", "m@example.org", "--address-from", "given")
    run("change", pk, "--body", "-", *mail_to, given=f"Hi {LINK}")
    run("ask", pk)
    approve(ada, clock())
    run("release", pk, "--site", "https://sillage.example")
    assert "1 sent" in run("send") and len(box.came) == 1
    assert re.search(rb"https://sillage.example/l/[\w-]{10}", box.came[0][2].replace(b"=\r\n", b""))
    (line,) = json.loads(run("list", str(campaign.pk), "--json"))
    assert (line["state"], line["creator"]) == ("sent", "Mona")
    assert "creator" in run("resume")
