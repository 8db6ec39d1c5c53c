"""Making things happen in the workspace: a JSON interface and a page for people."""
