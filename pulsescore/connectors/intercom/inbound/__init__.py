"""Reading a workspace into the store: full imports, incremental runs, reconciliation."""
