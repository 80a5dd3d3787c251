"""Sillage: open, self-hosted influencer marketing in which people decide."""

__version__ = "0.1.0"
