"""The only owner of DuckDB: what was sent, when it was known, and what the park was like at any moment."""
