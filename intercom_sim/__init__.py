"""A simulator of Intercom: a believable workspace behind Intercom's REST API, OAuth and webhooks."""
