"""Commands of evidence files: taken from a collaboration, checked without the database."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, show_json
from sillage.campaigns.actions.evidence_file import export_evidence
from sillage.campaigns.engine.evidence_check import check_evidence
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import Refusal


class EvidenceBroken(Refusal):
    """An evidence file is not what was signed."""


@click.group()
def evidence() -> None:
    """Proof of a collaboration in one file."""


@evidence.command("export")
@click.argument("collaboration_id", type=int)
@click.option(
    "--to", "path", type=click.Path(dir_okay=False, path_type=Path), help="File to write; named by day if left out."
)
@operator
def evidence_export(actor: Actor, collaboration_id: int, path: Path | None) -> None:
    """Write contract, drafts, approvals, findings, posts, numbers and ledger entries of a collaboration as one ZIP."""
    made = export_evidence(collaboration_id=collaboration_id, actor=actor, now=timezone.now())
    target = path or Path(made.name)
    target.write_bytes(made.content)
    click.echo(f"Wrote {target} ({len(made.content):,} bytes). Check it with `sillage evidence verify {target}`.")


@evidence.command("verify")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, help="A key you trust: its name or its public half. May be repeated.")
@json_option
def evidence_verify(path: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Check every member, approval, contract and ledger entry of an evidence file, without the database."""
    check = check_evidence(path.read_bytes(), keys)
    if as_json:
        show_json(
            {"holds": check.holds, "faults": [[f.path, f.sentence] for f in check.faults], "keys": check.manifest.keys}
        )
    if not check.holds:
        told = " ".join(f"{fault.path}: {fault.sentence}" for fault in check.faults)
        raise EvidenceBroken(f"{path.name} does not hold. {told}", "Ask for the file again, and for how it came.")
    if as_json:
        return
    console, names = out(), ", ".join(check.manifest.keys)
    console.print(
        f"{path.name} holds: {len(check.manifest.members)} members, none changed, missing or added.", markup=False
    )
    console.print(
        f"  {check.approvals} approvals with their signatures, {check.contracts} contract versions with their hashes,"
        f" {check.entries} ledger entries, each with its own hash.",
        markup=False,
    )
    console.print("  An extract does not prove that no other entry was left out.", markup=False)
    if check.is_pinned:
        console.print(f"  Checked against the key that you gave ({names}).", markup=False)
    else:
        console.print(
            f"  Checked against the key in the file ({names}). That proves that the file is whole, not whose it is:"
            " compare the key with the workspace's page of keys, or give it with --key.",
            markup=False,
        )
