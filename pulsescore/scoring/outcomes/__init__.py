"""Who left, and when: told by an attribute, by a file or by programs."""
