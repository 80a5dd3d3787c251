"""The commands of understanding, a module per subject."""
