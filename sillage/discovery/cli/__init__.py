"""Commands of discovery: briefs and their shortlists, creators, exclusion lists and saved searches."""

from sillage.discovery.cli.briefs import brief
from sillage.discovery.cli.creators import creators
from sillage.discovery.cli.lists import exclusions, searches
from sillage.discovery.cli.weights import brief_learn, brief_weigh

brief.add_command(brief_weigh)
brief.add_command(brief_learn)

__all__ = ["brief", "creators", "exclusions", "searches"]
