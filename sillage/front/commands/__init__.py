"""Commands that belong to the installation rather than to a room."""
