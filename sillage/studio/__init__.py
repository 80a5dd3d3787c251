"""The studio: a writing machine that must be briefed and trained, a thousand variants, and a person who chooses.

In come a writing brief with one human idea and facts; out go variants that were checked, ranked for fit and difference, and
a choice. Words to know: a Voice (a trained brand voice), a Variant, a Choice.
"""
