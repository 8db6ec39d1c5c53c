"""Photographs of every page, to look at: 390 and 1440 pixels wide, light and dark."""
