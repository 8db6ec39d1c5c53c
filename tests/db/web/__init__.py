"""Tests of the pages, with Django's client."""
