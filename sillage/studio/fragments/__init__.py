"""Fragments: human-written sentences with holes, one file per language and kind. Data, not code."""
