"""Campaigns: from a shortlist to a finished, provable campaign.

In come accounts that a person chose; out goes what was agreed, delivered, approved, spent and lawful, with its evidence.
Words to know: a Collaboration (one creator in one campaign), a Deliverable (what they make), a Consideration (what they
get for it).
"""
