"""Reference pages written from the code itself, so that they cannot drift: `sillage reference --write docs/reference`.

In: the table of settings, the commands, every class of refusal, the ledger verbs, the metrics, the enrichers, the themes.
Out: one Markdown text per page. `tests/test_reference.py` compares them with the committed pages.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any, get_args

import click
from pydantic.fields import FieldInfo

import sillage
from sillage.discovery.engine import score
from sillage.front.cli import sillage as program
from sillage.front.configuration import Configuration
from sillage.front.ledger_verbs import ledger_verbs
from sillage.governance.engine.law_page import LANGUAGES, markdown_of
from sillage.governance.engine.law_reading import shipped_packs
from sillage.governance.engine.personal_data import registered
from sillage.governance.engine.processing_record import as_markdown, processings
from sillage.governance.engine.retention import retention_rules
from sillage.lib.errors import OutsideError, Refusal
from sillage.lib.receipts import FUNCTIONS, metrics
from sillage.understanding.engine.port import VECTORS
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.workers import Reader, Spec

HEAD = "<!-- Written by `sillage reference --write docs/reference`. Change the code, not this page. -->\n\n"
OF_THE_MACHINE = {"data": "the user's data folder", "workers": "the number of processors"}
EXIT_CODES = (
    (0, "done"),
    (1, "refused: a sentence says what is true, a hint says what to do"),
    (2, "misused: a wrong option, argument or setting"),
    (3, "the outside world failed: a network, a server, the database"),
    (130, "stopped with Ctrl-C"),
)


def reference_pages() -> dict[str, str]:
    """{name of the page: its text}. The same code always gives the same text, on any machine."""
    pages: dict[str, Callable[[], str]] = {
        "commands": _commands,
        "enrichers": _enrichers,
        **_law_packs(),
        "errors": _errors,
        "ledger": _ledger,
        "metrics": _metrics,
        "record-of-processing": _record_of_processing,
        "score": _score,
        "settings": _settings,
        "themes": _themes,
    }
    return {name: HEAD + write().rstrip() + "\n" for name, write in pages.items()}


def _record_of_processing() -> str:
    return as_markdown(processings(registered(), retention_rules()), retention_rules())


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table; missing is "-"."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def _cell(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text.replace("|", r"\|") or "-"


def _code(value: Any) -> str:
    return f"`{value}`" if value not in (None, "") else "-"


# -- settings --------------------------------------------------------------------------------------------------------


def _settings() -> str:
    rows = [
        (_code(f"SILLAGE_{name.upper()}"), _kind(field), _default(name, field), field.description)
        for name, field in Configuration.model_fields.items()
    ]
    variables = {str(p.envvar) for _, command in _tree(program, "sillage") for p in command.params if p.envvar}
    return f"""# Settings

Every setting is an environment variable. All are checked when Sillage starts: a bad value stops it with exit code 2 and the
setting's name. A *secret* can also be read from a file, named by the same variable with `_FILE` after it
(`SILLAGE_YOUTUBE_KEY_FILE=/run/secrets/youtube`); a secret is shown as stars wherever it is printed.

{_table(("setting", "kind", "default", "what it does"), rows)}
## Read by the command line only

{_table(("variable", "stands for"), [(_code(v), _options(v)) for v in sorted(variables)])}"""


def _kind(field: FieldInfo) -> str:
    written = str(field.annotation)
    if "SecretStr" in written:
        return "secret"
    choices = get_args(field.annotation)
    if "Literal" in written:
        return "one of " + ", ".join(_code(choice) for choice in choices)
    if "Path" in written:
        return "path"
    least = next((str(limit.ge) for limit in field.metadata if hasattr(limit, "ge")), "")
    most = next((f"to {limit.le}" for limit in field.metadata if hasattr(limit, "le")), "or more")
    kind = {"bool": "true or false", "int": "whole number", "float": "number", "str": "text"}[
        getattr(field.annotation, "__name__", "str")
    ]
    return f"{kind}, {least} {most}" if least else kind


def _default(name: str, field: FieldInfo) -> str:
    return OF_THE_MACHINE.get(name) or _code(str(field.default).lower() if field.default is False else field.default)


def _options(variable: str) -> str:
    named = {
        (option.opts[-1], getattr(option, "help", "") or "")
        for _, command in _tree(program, "sillage")
        for option in command.params
        if option.envvar == variable
    }
    return " ".join(f"{_code(name)}: {said}" for name, said in sorted(named))


# -- commands --------------------------------------------------------------------------------------------------------


def _tree(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command, info_name=path)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None:
            yield from _tree(inner, f"{path} {name}")


def _commands() -> str:
    every = list(_tree(program, "sillage"))
    parts = [f"## {path}\n\n{_command(path, command)}" for path, command in every]
    codes = _table(("exit code", "meaning"), EXIT_CODES)
    return f"""# Commands

One program, `sillage`. Results go to standard output, progress and remarks to standard error. Commands of a workspace take
`--workspace`, which may be left out while there is only one. `sillage COMMAND --help` says what stands here.

{codes}
{"".join(f"- [`{path}`](#{path.replace(' ', '-')})" + chr(10) for path, _ in every)}
{chr(10).join(parts)}"""


def _command(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path, terminal_width=1000, max_content_width=1000)
    usage = " ".join(command.get_usage(context).split()).removeprefix("Usage: ")
    records = [r for p in command.params if (r := p.get_help_record(context)) is not None]
    options = (
        _table(("argument or option", "what it is"), [(_code(name), said) for name, said in records]) + "\n"
        if records
        else ""
    )
    said = " ".join((command.help or "").split())
    return f"{said}\n\n```\n{usage}\n```\n\n{options}"


# -- errors ----------------------------------------------------------------------------------------------------------


def _errors() -> str:
    _every_module()
    kinds = sorted({*_below(Refusal), *_below(OutsideError)}, key=lambda kind: (kind.__module__, kind.__name__))
    rooms: dict[str, list[tuple[str, Any, str]]] = {}
    for kind in kinds:
        status = kind.status if issubclass(kind, Refusal) else "502 or 503"
        rooms.setdefault(kind.__module__.split(".")[1], []).append((_code(kind.__name__), status, kind.__doc__ or ""))
    tables = [
        f"## {room}\n\n{_table(('code', 'status', 'what is true'), sorted(rows))}"
        for room, rows in sorted(rooms.items())
    ]
    return f"""# Errors

What Sillage refuses, it refuses with one sentence (which thing, what is true) and a hint (what to do next). Its *code* is
stable. The API answers `application/problem+json` with `type` `urn:sillage:CODE` and the status below; a page shows the
sentence and the hint; the command line prints both on standard error and ends with exit code 1. Where the outside world
failed the API answers 503, or 502 when trying again is of no use, and the command line ends with 3.

Anything else is a defect: it crashes loudly, with a traceback in the log.

{chr(10).join(tables)}"""


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    """The kind and every class derived from it in the product, in tests not."""
    if ".tests." not in kind.__module__ and kind.__module__.startswith("sillage."):
        yield kind
    for inner in kind.__subclasses__():
        yield from _below(inner)


@cache
def _every_module() -> None:
    """Load every module of the product: a class is known once its module is."""
    for found in pkgutil.walk_packages(sillage.__path__, "sillage."):
        parts = found.name.split(".")
        if not {"tests", "migrations", "__main__"} & set(parts):
            importlib.import_module(found.name)


# -- law packs -------------------------------------------------------------------------------------------------------


def _law_packs() -> dict[str, Callable[[], str]]:
    """A page per shipped pack and language: law/fr is English, law/fr.fr French."""
    return {
        f"law/{name}{'' if language == 'en' else '.' + language}": partial(markdown_of, pack, language)
        for name, pack in shipped_packs().items()
        for language in LANGUAGES
    }


# -- ledger, metrics -------------------------------------------------------------------------------------------------


def _ledger() -> str:
    rows = [(_code(v.name), v.subject, _code(v.action), v.sentence) for v in ledger_verbs()]
    return f"""# Ledger verbs

Each workspace has one ledger. Every action that changes something ends with exactly one entry: who (person, rule, automation
or model, with its version), the verb, the subject, the instant, facts. An entry's hash covers its fields and the hash before
it, so that a change anywhere breaks the chain from there on; the database refuses update, delete and truncate on the table.
`sillage ledger verify` recomputes the chain.

{_table(("verb", "subject", "action", "what the action does"), rows)}"""


def _metrics() -> str:
    _every_module()
    rows = [
        (
            _code(m.id),
            m.version,
            _code(m.formula),
            m.unit,
            m.direction,
            ", ".join(sorted(m.source_classes)),
            m.reference,
        )
        for m in metrics()
    ]
    columns = ("metric", "version", "formula", "unit", "better", "source classes", "definition and reference")
    return f"""# Metrics

Every number that Sillage shows of an account or a shortlist is one of these, with a receipt: formula and version, inputs with
the observations that they were read from, source class, n, time, hash. A change of formula is a new version; old receipts
keep theirs. An input that is missing makes the value missing, never 0; so does a division by zero.

A formula is arithmetic over named inputs and {", ".join(_code(name) for name in FUNCTIONS)}.

{_table(columns, rows)}"""


def _score() -> str:
    rows = [
        (_code(name), "reason" if name in score.REASONS else "penalty", f"{weight:g}")
        for name, weight in score.DEFAULT_WEIGHTS.items()
    ]
    return f"""# Score

Version `{score.VERSION}`. A part is between 0 and 1; a reason that was not measured for an account is left out of both sums,
and a penalty that was not measured takes nothing away.

    score = 100 * sum(weight * part of the reasons measured) / sum(weight of the reasons measured)
            - sum(weight * part of the penalties)

[How the score is made](../explanation/affinity.md) says what each part is. A brief changes any weight under `[weights]`.

{_table(("name", "kind", "default weight"), rows)}"""


# -- enrichers, themes -----------------------------------------------------------------------------------------------


def _enrichers() -> str:
    rows = [
        (_code(e.name), _code(e.version), ", ".join(e.languages or ()) or "any", f"{e.cost:g}", type(e).__doc__)
        for e in Reader(Spec(brands=(), embedder=None)).enrichers
    ]
    vectors = (
        "The dense vectors of the embedder in use, kept beside the signals. Version and languages are the embedder's."
    )
    rows.append((_code(VECTORS), "-", "the embedder's", "-", vectors))
    columns = ("enricher", "version", "languages", "cost (ms)", "what it finds")
    return f"""# Enrichers

An enricher is a pure function over a batch of posts. What it finds is a signal: value, confidence (0 to 1), evidence, version.
A signal is unique per post, enricher, version and content, so reading again is free and a new version reads everything again.
*Cost* is the typical processor time of one post; `docs/benchmarks.md` has the measured figures. They run in this order.

{_table(columns, rows)}
The version of `brands` is the one for a workspace without brands: it changes with the workspace's list of brands, as
that of `themes` does with the theme set."""


def _themes() -> str:
    known = theme_set()
    rows = [
        (("" if t.parent is None else "↳ ") + _code(t.id), known.name(t.id, "en"), known.name(t.id, "fr"), t.iab)
        for t in known.themes
    ]
    parents = sum(theme.parent is None for theme in known.themes)
    return f"""# Themes

{len(known.themes)} themes: {parents} parents and {len(known.themes) - parents} children. Version `{known.version}`.
Each has names and seed words in French, English, Spanish, German and Italian, and the id that fits it best in the IAB Content
Taxonomy 3.1. Themes say what content is about, never what a person is. `sillage themes list` prints them.

{_table(("theme", "English", "French", "IAB 3.1"), rows)}"""
