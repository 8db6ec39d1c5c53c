"""Makes up a workspace: the same seed, sizes and present give the same people and histories."""
