"""One file per question: how fast is it, against a floor measured in the same run."""
