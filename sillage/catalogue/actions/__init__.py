"""Writing the catalogue: ingest, imports, connections, erasure."""
