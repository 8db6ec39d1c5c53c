"""A thin client of Intercom's REST API: no Django, no database."""
