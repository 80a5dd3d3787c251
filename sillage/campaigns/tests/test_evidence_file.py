"""Everything about a collaboration in one file: it proves itself, and names what was changed, missing or added."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest

from sillage.campaigns.actions.evidence_file import export_evidence
from sillage.campaigns.engine import evidence_zip as zip_engine
from sillage.campaigns.engine.evidence_check import check_evidence
from sillage.campaigns.engine.evidence_zip import EvidenceFileMalformed, evidence_zip, packed
from sillage.campaigns.tests import contract_cast, delivering
from sillage.front.tests.program import program_of
from sillage.governance import actions as governance
from sillage.governance.engine.actors import NotAllowed, Right
from sillage.governance.models import Entry, SigningKey
from sillage.lib.errors import NotFound


@pytest.fixture
def contract(collaboration, ada, bruno, noon, settings, tmp_path):
    """Signed by both, on one approval."""
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})
    return contract_cast.signed(collaboration, bruno, ada, noon)


@pytest.fixture
def file(collaboration, contract, ada, noon):
    deliverable = delivering.asked(collaboration, ada, noon)
    delivering.drafted(deliverable, ada, noon)
    return export_evidence(collaboration_id=collaboration.pk, actor=ada, now=noon).content


def members_of(file):
    with zipfile.ZipFile(io.BytesIO(file)) as packing:
        return {name: packing.read(name) for name in packing.namelist()}


def named(file):
    return {fault.path for fault in check_evidence(file).faults}


def test_it_holds_contract_drafts_approvals_and_ledger_and_proves_itself(file, contract):
    check = check_evidence(file)
    assert check.holds, check.faults
    assert (check.approvals, check.contracts, check.is_pinned) == (1, 1, False) and check.entries > 5
    members = members_of(file)
    assert members[f"contracts/{contract.pk}/v1.pdf"].startswith(b"%PDF")
    assert (
        "Publicité pour @terrevive"
        in next(b for p, b in members.items() if p.endswith("/v1.json") and "deliv" in p).decode()
    )
    assert json.loads(members["brief.json"])["campaign"]["objective"] == "Make the compost known"
    verbs = [entry["verb"] for entry in json.loads(members["ledger.json"])["entries"]]
    assert "campaigns.contract_signed" in verbs and "governance.approval_decided" in verbs


def test_the_same_contents_make_the_same_bytes(collaboration, contract, ada, noon):
    governance.rotate_signing_key(actor=ada, now=noon)
    one, two = (export_evidence(collaboration_id=collaboration.pk, actor=ada, now=noon).content for _ in range(2))
    first, second = members_of(one), members_of(two)
    assert packed(first) == one
    differing = {path for path in first if first[path] != second[path]}
    assert differing <= {"ledger.json", "manifest.json"}  # the first export is an entry of the second


def test_each_changed_member_is_named(file):
    members = members_of(file)
    for path, body in members.items():
        changed = packed({**members, path: body[:-3] + bytes([body[-3] ^ 1]) + body[-2:]})
        try:
            assert path in named(changed), path
        except EvidenceFileMalformed:
            assert path == "manifest.json"


def test_missing_and_added_members_are_named(file):
    members = members_of(file)
    for path in members.keys() - {"manifest.json"}:
        less = packed({name: body for name, body in members.items() if name != path})
        assert path in named(less), path
    assert named(packed({**members, "contracts/99/v1.pdf": b"%PDF"})) == {"contracts/99/v1.pdf"}


def test_bytes_of_the_container_count_too(file):
    """Bytes all over the ZIP, its headers included."""
    for place in [*range(400), *range(400, len(file), 997), *range(len(file) - 400, len(file))]:
        changed = file[:place] + bytes([file[place] ^ 4]) + file[place + 1 :]
        try:
            check = check_evidence(changed)
        except EvidenceFileMalformed:
            continue
        assert check.faults, place
    assert check_evidence(file + b"\0").faults


def test_what_a_member_says_is_checked_by_itself_even_when_the_manifest_was_made_anew(file, dario, noon):
    """A forger with a key of their own: the approval, the contract and the ledger still name what they changed."""
    _, forger = governance.signing_key(dario.workspace_id, noon)
    members = members_of(file)
    manifest = json.loads(members["manifest.json"])
    paper = next(path for path in members if path.startswith("contracts/") and path.endswith(".json"))
    members[paper] = members[paper].replace(b"Virement", b"Paiement")
    members["ledger.json"] = members["ledger.json"].replace(
        b"campaigns.contract_signed", b"campaigns.contract_voided", 1
    )
    approval = next(path for path in members if path.startswith("approvals/"))
    members[approval] = members[approval].replace(b'"Ada"', b'"Eve"', 1)
    forged = forge(members, manifest, forger)
    faults = {(f.path, f.sentence) for f in check_evidence(forged).faults}
    assert any(path == paper and "words" in said for path, said in faults)
    assert any(path == "ledger.json" and "was changed" in said for path, said in faults)
    assert any(path == approval for path, _ in faults)
    public = bytes(SigningKey.objects.exclude(workspace_id=dario.workspace_id).get().public).hex()
    assert any("none of those you trust" in f.sentence for f in check_evidence(forged, [public]).faults)


def forge(members, manifest, pair):
    inside = {path: body for path, body in members.items() if path != "manifest.json"}
    return evidence_zip(
        inside, about=manifest["about"], keys=manifest["keys"], pair=pair, at=manifest["about"]["exported_at"]
    )


def test_a_line_of_the_ledger_changed_in_the_extract_is_named(file):
    members = members_of(file)
    extract = json.loads(members["ledger.json"])
    extract["entries"][2]["actor_name"] = "nobody@example.org"
    members["ledger.json"] = json.dumps(extract).encode()
    faults = [f.sentence for f in check_evidence(packed(members)).faults if f.path == "ledger.json"]
    number = extract["entries"][2]["number"]
    assert f"Entry {number}: the entry was changed after it was written." in faults


def test_pinning_trusts_the_workspace_s_key_alone(file, ada):
    public = bytes(SigningKey.objects.get().public).hex()
    assert check_evidence(file, [public]).holds and check_evidence(file, [public]).is_pinned
    assert not check_evidence(file, ["0" * 16]).holds


@pytest.mark.parametrize("junk", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7"])
def test_what_is_no_evidence_file_is_refused_in_a_sentence(junk):
    with pytest.raises(EvidenceFileMalformed):
        check_evidence(junk)


def test_a_zip_that_unpacks_to_a_flood_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(zip_engine, "LARGEST", 1 << 20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packing:
        for n in range(3):
            packing.writestr(f"{n}", b"\0" * (400 << 10))
    with pytest.raises(EvidenceFileMalformed, match="more than a gigabyte"):
        check_evidence(file.getvalue())


def test_each_export_is_entered_with_the_hash_of_the_file(file, collaboration):
    entry = Entry.objects.get(verb="campaigns.evidence_exported")
    assert entry.subject_id == str(collaboration.pk) and len(entry.facts["sha256"]) == 64


def test_who_may_not_gets_no_file(collaboration, rita, dario, noon):
    with pytest.raises(NotAllowed):
        export_evidence(collaboration_id=collaboration.pk, actor=rita, now=noon)
    with pytest.raises(NotFound):
        export_evidence(collaboration_id=collaboration.pk, actor=dario, now=noon)


def test_the_page_and_the_api_give_the_same_kind_of_file(collaboration, contract, ada, rita, signed_in):
    path = f"/w/harbour/collaborations/{collaboration.pk}/"
    assert "evidence/" in signed_in(ada).get(path).content.decode()
    answer = signed_in(ada).post(f"{path}evidence/")
    assert "attachment" in answer["Content-Disposition"] and check_evidence(answer.content).holds
    assert signed_in(rita).post(f"{path}evidence/").status_code == 403
    answer = program_of(ada).post(f"collaborations/{collaboration.pk}/evidence", {})
    assert check_evidence(answer.content).holds
    assert program_of(ada, Right.READ).post(f"collaborations/{collaboration.pk}/evidence", {}).status_code == 403


def test_an_empty_collaboration_has_a_file_too(collaboration, ada, noon):
    content = export_evidence(collaboration_id=collaboration.pk, actor=ada, now=noon + timedelta(days=1)).content
    assert check_evidence(content).holds


def test_the_command_verifies_without_a_database(file, tmp_path):
    path = tmp_path / "evidence.zip"
    environment = {
        **os.environ,
        "SILLAGE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none?connect_timeout=1",
        "SILLAGE_DATA": str(tmp_path),
    }

    def verify():
        command = [sys.executable, "-m", "sillage", "evidence", "verify", str(path)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    path.write_bytes(file)
    done = verify()
    assert done.returncode == 0 and "holds" in done.stdout and "1 approvals" in done.stdout, done.stderr
    members = members_of(file)
    members["brief.json"] = members["brief.json"].replace(b"compost", b"cooking")
    path.write_bytes(packed(members))
    done = verify()
    assert done.returncode == 1 and "brief.json: It was changed" in done.stderr
