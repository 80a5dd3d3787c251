"""The commands of governance, a module per subject."""
