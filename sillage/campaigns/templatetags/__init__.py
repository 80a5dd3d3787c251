"""Tags of campaigns' pages."""
