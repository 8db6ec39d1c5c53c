"""Programs for developers of PulseScore."""
