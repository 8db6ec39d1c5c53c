"""Would the scores have told who leaves? Replayed, measured, and what might tell better."""
