"""Statements of the studio in people’s words, a module per subject."""
