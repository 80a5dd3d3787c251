"""Mappings that come with Sillage, one TOML file each."""
