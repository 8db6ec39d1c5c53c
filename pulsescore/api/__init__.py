"""REST API v1, area by area: checks, one domain call, the answer's shape."""
