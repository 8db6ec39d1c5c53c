"""PulseScore: customer health from support conversations."""

__version__ = "0.1.0"
