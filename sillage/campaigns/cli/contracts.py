"""Commands of contracts: drafted from a TOML file, shown, sent, signed for the brand, ended, verified."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.campaigns.actions import contracts as actions
from sillage.campaigns.actions import signing
from sillage.campaigns.actions.considerations import add_consideration
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.contract_terms import terms_said
from sillage.campaigns.engine.contract_text import changes_between, parts_of_json
from sillage.campaigns.models import Contract, ContractVersion
from sillage.campaigns.queries import contracts as queries
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.considerations import list_considerations
from sillage.campaigns.queries.contract_pages import contract_pdf, starting_terms, text_of
from sillage.campaigns.queries.signing import Check, claimed_version, find_version_of_file, verify_contract
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.toml import read_toml, syntax_error_of


class TermsFileMalformed(Malformed):
    """The file of terms is not TOML."""

    title = "Malformed file of terms"


class ContractBroken(Refusal):
    """A contract, or a file of it, is not what was sent and signed."""


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        return read_toml(text)
    except UnicodeDecodeError as error:
        raise TermsFileMalformed(f"{path} is not UTF-8: byte {error.start}.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        line, column, reason = syntax_error_of(error, text)
        hint = "Begin with what `sillage contract terms` writes."
        raise TermsFileMalformed(f"This is not TOML: {reason}.", hint, f"{path}:{line}:{column}") from error


@click.group()
def contract() -> None:
    """What creators get, and the contracts about it."""


# -- what creators get -----------------------------------------------------------------------------------------------


@contract.command("give")
@click.argument("collaboration_id", type=int)
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("text")
@click.option("--amount", type=Decimal, help="Worth before tax; of a percentage its cap, or an estimate.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--percent", type=Decimal, help="Of sales.")
@click.option("--estimate", "is_estimate", is_flag=True, help="The amount of the percentage is an estimate.")
@click.option("--on", "granted_on", type=click.DateTime(["%Y-%m-%d"]), help="Its year is the one it counts in.")
@operator
@json_option
def contract_give(actor: Actor, collaboration_id: int, kind: str, as_json: bool, **said: Any) -> None:
    """Put down what a creator gets."""
    day = said.pop("granted_on")
    add_consideration(
        collaboration_id=collaboration_id,
        kind=Kind(kind),
        granted_on=day.date() if day else None,
        **said,
        actor=actor,
        now=timezone.now(),
    )
    _show_granted(actor, collaboration_id, as_json)


@contract.command("due")
@click.argument("collaboration_id", type=int)
@operator
@json_option
def contract_due(actor: Actor, collaboration_id: int, as_json: bool) -> None:
    """What a creator gets, and whether the law asks for a written contract."""
    _show_granted(actor, collaboration_id, as_json)


def _show_granted(actor: Actor, collaboration_id: int, as_json: bool) -> None:
    found = get_collaboration(actor.workspace_id, collaboration_id)
    verdict = queries.needs_contract(found, timezone.localdate())
    rules = [finding.rule for finding in verdict.findings]
    rows = [(c.pk, c.kind, c.text, c.amount, c.currency, c.euros) for c in list_considerations(found)]
    columns = ["id", "kind", "text", "amount", "currency", "euros"]
    if as_json:
        running = verdict.running
        said = {
            "duty": verdict.duty.value,
            "year": running.key.year,
            "total": running.total,
            "unknown": running.unknown,
        }
        return show_json({**said, "rules": rules, "granted": [dict(zip(columns, row, strict=True)) for row in rows]})
    show_table("", columns, rows, right=["id", "amount", "euros"])
    return say(f"{verdict.running.total:.2f} EUR in {verdict.running.key.year}: {verdict.duty.value} {' '.join(rules)}")


# -- drafts ----------------------------------------------------------------------------------------------------------


@contract.command("terms")
@click.argument("collaboration_id", type=int)
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@operator
def contract_terms(actor: Actor, collaboration_id: int, language: str) -> None:
    """Write the terms to begin with, as TOML, for `sillage contract draft`."""
    terms = starting_terms(get_collaboration(actor.workspace_id, collaboration_id), language)
    found = queries.find_contract(get_collaboration(actor.workspace_id, collaboration_id))
    if found is not None:
        terms = queries.get_version(found).terms
    for name, value in terms.items():
        click.echo(f"{name} = {_toml(value)}")


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, int):
        return str(value)
    escaped = "".join(f"\\u{ord(c):04x}" if c < " " or c in '"\\' or c == "\x7f" else c for c in value)
    return f'"{escaped}"'


@contract.command("draft")
@click.argument("collaboration_id", type=int)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--without", "left_out", multiple=True, help="Leave an optional block out; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Say what would be missing; keep nothing.")
@operator
@json_option
def contract_draft(
    actor: Actor, collaboration_id: int, path: Path, left_out: tuple[str, ...], dry_run: bool, as_json: bool
) -> None:
    """Draft the next version from a TOML file of terms."""
    terms = _read(path)
    if dry_run:
        found = get_collaboration(actor.workspace_id, collaboration_id)
        text = text_of(found, terms_said(terms), list(left_out), timezone.localdate())
        return show_json({"missing": [one.key for one in text.missing]}) if as_json else _say_missing(text.missing)
    made = actions.draft_contract(
        collaboration_id=collaboration_id, terms=terms, left_out=left_out, actor=actor, now=timezone.now()
    )
    return _show(queries.get_contract(actor.workspace_id, made.contract_id), made, as_json)


def _say_missing(missing: Any) -> None:
    say(f"Missing: {', '.join(one.key for one in missing)}." if missing else "Nothing is missing.")


@contract.command("list")
@click.argument("campaign_id", type=int)
@operator
@json_option
def contract_list(actor: Actor, campaign_id: int, as_json: bool) -> None:
    """A campaign's contracts, and who needs one."""
    lines = queries.contract_lines(get_campaign(actor.workspace_id, campaign_id), timezone.localdate())
    columns = ["collaboration", "name", "total", "duty", "contract", "version", "standing"]
    rows = [
        (
            *(line.collaboration.pk, line.collaboration.name, line.verdict.running.total, line.verdict.duty.value),
            *(
                (line.stand.contract.pk, line.stand.newest.number, line.stand.standing.value)
                if line.stand
                else (None, None, None)
            ),
        )
        for line in lines
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=["collaboration", "total", "contract", "version"])


@contract.command("show")
@click.argument("contract_id", type=int)
@click.option("--version", "number", type=int, help="The newest one if left out.")
@click.option("--since", type=int, help="Show what changed since this version.")
@click.option("--pdf", "output", type=click.Path(dir_okay=False, path_type=Path), help="Write its PDF here.")
@operator
@json_option
def contract_show(
    actor: Actor, contract_id: int, number: int | None, since: int | None, output: Path | None, as_json: bool
) -> None:
    """Show a contract: its text, what is missing, who signed; or what changed since a version."""
    found = queries.get_contract(actor.workspace_id, contract_id)
    version = queries.get_version(found, number)
    if output is not None:
        output.write_bytes(contract_pdf(version))
        say(f"Written to {output}.")
    if since is not None:
        return _show_changes(queries.get_version(found, since), version)
    return _show(found, version, as_json)


def _show_changes(old: ContractVersion, new: ContractVersion) -> None:
    for change in changes_between(parts_of_json(old.parts), parts_of_json(new.parts)):
        marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
        click.echo(f"{change.title} ({change.kind})")
        click.echo("  " + "".join(marks[piece.kind].format(piece.text) for piece in change.pieces))


def _show(found: Contract, version: ContractVersion, as_json: bool) -> None:
    stand = queries.stand_of(found)
    text = text_of(found.collaboration, version.terms, version.left_out, version.drafted_at.date())
    missing = [one.key for one in text.missing] if version.sent_at is None else []
    signatures = [{"party": s.party, "name": s.name, "signed_at": s.signed_at} for s in version.signatures.all()]
    about = {
        "id": found.pk,
        "version": version.number,
        "standing": stand.standing.value,
        "in_force": stand.in_force,
        "missing": missing,
        "pdf_sha256": version.pdf_sha256,
        "text_sha256": version.text_sha256,
        "signatures": signatures,
    }
    if as_json:
        return show_json({**about, "terms": version.terms, "parts": version.parts})
    for part in parts_of_json(version.parts):
        click.echo(f"{part.number}. {part.title}")
        for line in part.lines:
            click.echo(f"  {'- ' if line.is_item else ''}{line.text}")
    rows = [(name, value) for name, value in about.items() if value not in (None, "", [])]
    return show_table("", ["field", "value"], rows)


# -- sending, signing, ending ----------------------------------------------------------------------------------------


@contract.command("send")
@click.argument("contract_id", type=int)
@click.option("--read-by", required=True, help="Who read the text and answers for it.")
@operator
@json_option
def contract_send(actor: Actor, contract_id: int, read_by: str, as_json: bool) -> None:
    """Close the draft: its PDF is kept, nothing of it changes any more, the creator's link shows it."""
    sent = actions.send_contract(contract_id=contract_id, read_by=read_by, actor=actor, now=timezone.now())
    _show(queries.get_contract(actor.workspace_id, contract_id), sent, as_json)


@contract.command("ask")
@click.argument("contract_id", type=int)
@operator
def contract_ask(actor: Actor, contract_id: int) -> None:
    """Ask for the approval with which the brand signs."""
    request = signing.ask_to_sign(contract_id=contract_id, actor=actor, now=timezone.now())
    say(f"Approval {request.pk} is asked for.")


@contract.command("sign")
@click.argument("contract_id", type=int)
@click.option("--name", required=True, help="Your full name.")
@click.option("--agree", "agrees", is_flag=True, required=True, help="That you read the PDF and sign it.")
@operator
def contract_sign(actor: Actor, contract_id: int, name: str, agrees: bool) -> None:
    """Sign for the brand, with the approval of exactly this PDF. The creator signs by their link only."""
    version = queries.find_sent(queries.get_contract(actor.workspace_id, contract_id))
    signature = signing.sign_as_brand(
        contract_id=contract_id,
        name=name,
        agrees=agrees,
        seen_pdf=version.pdf_sha256 if version else "",
        actor=actor,
        now=timezone.now(),
    )
    say(f"Signed for the brand by {signature.name}: {signature.digest}.")


@contract.command("void")
@click.argument("contract_id", type=int)
@click.option("--reason", required=True)
@operator
def contract_void(actor: Actor, contract_id: int, reason: str) -> None:
    """End a contract. Its text and signatures stay."""
    actions.void_contract(contract_id=contract_id, reason=reason, actor=actor, now=timezone.now())
    say(f"Contract {contract_id} is ended.")


@contract.command("verify")
@click.argument("what")
@operator
@json_option
def contract_verify(actor: Actor, what: str, as_json: bool) -> None:
    """Recompute the hashes of a contract (its number), or of a PDF (a file). Exit code 1 when something does not hold."""
    found = _of_file(actor, Path(what)) if not what.isdecimal() else queries.get_contract(actor.workspace_id, int(what))
    checks = verify_contract(found)
    if as_json:
        show_json({"contract": found.pk, "holds": all(c.holds for c in checks), "checks": [_check(c) for c in checks]})
    else:
        show_table("", ["", "what", "said"], [("ok" if c.holds else "NO", c.what, c.said) for c in checks])
    broken = [check.what for check in checks if not check.holds]
    if broken:
        raise ContractBroken(f"Contract {found.pk} does not hold: {'; '.join(broken)}.", "Compare it with a backup.")


def _check(check: Check) -> dict[str, Any]:
    return {"what": check.what, "holds": check.holds, "said": check.said}


def _of_file(actor: Actor, path: Path) -> Contract:
    """The contract whose PDF a file is, byte for byte."""
    if not path.is_file():
        raise click.BadParameter(f"there is no file {path}", param_hint="WHAT")
    content = path.read_bytes()
    version = find_version_of_file(actor.workspace_id, content)
    if version is not None:
        say(f"This is the PDF of contract {version.contract_id}, version {version.number}.")
        return queries.get_contract(actor.workspace_id, version.contract_id)
    claimed = claimed_version(actor.workspace_id, content)
    if claimed is None:
        raise ContractBroken(f"{path} is no contract of this workspace.", "Give the PDF as it was downloaded.")
    raise ContractBroken(
        f"{path} says it is contract {claimed.contract_id}, version {claimed.number}, but its bytes are not those that "
        "were sent.",
        f"Take the kept one: sillage contract show {claimed.contract_id} --pdf FILE.",
    )
