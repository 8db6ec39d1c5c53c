"""A simulator of Intercom: a believable workspace behind its REST API, OAuth and webhooks."""
