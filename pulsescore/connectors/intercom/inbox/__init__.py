"""Webhooks in: stored raw before the answer, worked on afterwards, replayed at will."""
