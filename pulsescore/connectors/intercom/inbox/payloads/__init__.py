"""Both generations of payload, turned into the shape that Intercom's REST API gives.

What a payload does not say stays absent, so that nothing stored is blanked by a slim one. What
cannot be read as its type is left out for the same reason.
"""
