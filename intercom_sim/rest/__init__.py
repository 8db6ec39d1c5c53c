"""Intercom's REST endpoints as plain functions of workspace and call."""
