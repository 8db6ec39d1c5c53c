"""The search language of contacts and conversations, compiled and answered from indexes."""
