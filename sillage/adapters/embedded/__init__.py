"""A Django database engine that starts the embedded PostgreSQL when the first connection is made."""
