"""Bluesky through its public AppView: no key, no sign-in, nothing of people who ask not to be shown without one."""
