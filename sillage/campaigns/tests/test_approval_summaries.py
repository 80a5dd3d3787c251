"""What people are asked to approve is said in their language, and kept, signed and told to programs in one English."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from sillage.campaigns.actions import inviting, reviewing
from sillage.campaigns.actions.payments import ask_payment
from sillage.campaigns.actions.signing import ask_to_sign
from sillage.campaigns.tests.contract_cast import sent
from sillage.campaigns.tests.delivering import asked, drafted
from sillage.campaigns.tests.test_invitations import Wanted
from sillage.governance import actions as governance
from sillage.governance.models import ApprovalRequest
from sillage.lib.sentences import Language, speak, told

SPOKEN = Language("[{}]".format, lambda _, term: f"[{term}]", lambda number, _: f"<{number}>", str)


@pytest.fixture
def _spoken() -> Iterator[None]:
    speak(SPOKEN)
    yield
    speak(None)


@pytest.fixture
def requests(collaborations, campaign, ada, noon, _spoken) -> dict[str, ApprovalRequest]:
    """What a campaign asks for, by act, asked while a page in another language is open."""
    mona, noe = collaborations["mona"], collaborations["noe"]
    data = {"name": "Terre Vive SAS", "email": "privacy@terrevive.example"}
    governance.name_controller(given=data, actor=ada, now=noon)
    plan, written = inviting.plan_invitations(
        campaign_id=campaign.pk, collaborations=[mona.pk, noe.pk], wanted=Wanted("en"), actor=ada, now=noon
    )
    inviting.ask_for_plan(plan_id=plan.pk, actor=ada, now=noon)
    inviting.ask_for_invitation(invitation_id=written[0].invitation.pk, actor=ada, now=noon)
    ask_to_sign(contract_id=sent(mona, ada, noon).contract_id, actor=ada, now=noon)
    reviewing.ask_draft_approval(draft_id=drafted(asked(mona, ada, noon), ada, noon).pk, actor=ada, now=noon)
    ask_payment(campaign_id=campaign.pk, recipient="Lux", what="Filming", net=Decimal("1234.5"), actor=ada, now=noon)
    return {f"{r.verb} {r.subject_kind}": r for r in ApprovalRequest.objects.all()}


def test_every_summary_is_kept_in_english_whoever_asked(requests):
    contract = requests["campaigns.sign contract"].subject_id
    assert {act: request.summary for act, request in requests.items()} == {
        "campaigns.invite invitation_plan": "2 invitations (Spring in the garden)",
        "campaigns.invite collaboration": "Invitation: Mona (Spring in the garden)",
        "campaigns.sign contract": f"Sign contract {contract}, version 1, with Mona",
        "campaigns.publish deliverable": "Let Mona publish “Compost post”, version 1",
        "campaigns.pay payment": "Spring in the garden: pay 1,234.50 EUR to Lux for Filming",
    }


def test_every_summary_is_said_in_the_language_of_whoever_reads_it(requests):
    for request in requests.values():
        assert told(request.said).startswith("[") and request.said == request.summary
    paying = told(requests["campaigns.pay payment"].said)
    assert paying == "[Spring in the garden: pay [<1234.50> EUR] to Lux for Filming]"
