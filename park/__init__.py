"""A park is a folder: reading it, and checking it."""
