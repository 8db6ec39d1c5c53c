"""Settings → Webhooks and Slack: where events and alerts go, and what became of each message."""
