"""The pages of understanding, a module per subject."""
