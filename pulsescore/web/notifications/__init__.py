"""What a person is told: the bell, the list, and what they want to be told."""
