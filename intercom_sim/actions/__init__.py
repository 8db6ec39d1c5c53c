"""What people do in a workspace: each function is one change, announced to whoever listens."""
