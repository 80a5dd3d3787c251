"""Pages of discovery: briefs and their editor, shortlists, decisions, look-alikes, lists."""
