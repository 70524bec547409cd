"""What the twin goes round to look at by itself: one ``ROUND`` a file, found at start (``services.rounds``)."""
