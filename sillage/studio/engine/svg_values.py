"""What fills a template of a picture: a value for every variable, checked before it is drawn."""

from __future__ import annotations

from collections.abc import Mapping

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls
from sillage.studio.engine.svg_template import COLOUR, Template, ValueMissing, Variable
from sillage.studio.engine.text_fitting import without_turns

MOST_VALUE = 500


class ValueMalformed(Malformed):
    """A value is too long, no colour, or of no variable of the template."""

    title = "Malformed value"


def checked_values(template: Template, given: Mapping[str, str]) -> dict[str, str]:
    """A value for every variable, cleaned. Raises ValueMissing and ValueMalformed, which name the variable."""
    known = {variable.name for variable in template.variables}
    for name in given:
        if name not in known:
            raise ValueMalformed(
                Sentence("The template has no “%(name)s”.", name=name[:40]),
                Sentence("It has %(known)s.", known=", ".join(sorted(known))),
                name[:40],
            )
    return {
        one.name: _checked(one, without_turns(without_controls(given.get(one.name, ""))).strip())
        for one in template.variables
    }


def _checked(variable: Variable, said: str) -> str:
    if not said:
        if variable.default is not None:
            return variable.default
        raise ValueMissing(
            Sentence("“%(variable)s” has no value.", variable=variable.name), Sentence("Give it one."), variable.name
        )
    if len(said) > MOST_VALUE:
        raise ValueMalformed(
            Sentence("“%(variable)s” has %(said_count)s characters.", variable=variable.name, said_count=len(said)),
            Sentence("Keep it under %(most_value)s.", most_value=MOST_VALUE),
            variable.name,
        )
    if variable.kind == "colour" and COLOUR.fullmatch(said) is None:
        raise ValueMalformed(
            Sentence("“%(said)s” is no colour.", said=said[:40]), Sentence("Write it as #1d4ed8."), variable.name
        )
    return said
