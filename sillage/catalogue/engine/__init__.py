"""Pure thinking of the catalogue: records, mappings, keys, metrics."""
