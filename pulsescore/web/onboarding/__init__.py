"""The first hour: connect, watch the import, look at the first scores, set up the rest."""
