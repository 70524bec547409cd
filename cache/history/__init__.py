"""Readings of the past: a ring in memory for what is new, point-major blocks for closed minutes, summaries of five
minutes beside them, and day files for what is old."""
