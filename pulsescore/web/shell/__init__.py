"""The frame around every page: navigation, sync banner, error pages, style page."""
