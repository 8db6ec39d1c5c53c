"""The OpenAPI description: what the framework finds, with errors and the webhook endpoint added."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

_FAULT = {
    "type": "object",
    "required": ["field", "message"],
    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
}
PROBLEM = {
    "title": "Problem",
    "description": "An error, as RFC 9457 has it; `errors` names the fields that are wrong.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _FAULT},
    },
}
_REFUSED = {
    "description": "Refused; the problem says why.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
# Answered in front of the application, so that an acknowledgement never waits for anything.
_WEBHOOK = {
    "post": {
        "operationId": "receive_intercom_webhook",
        "summary": "Receive a notification of Intercom",
        "description": "Signed over the raw body with the connection's webhook secret, else the "
        "app's client secret. Stored before the answer, worked on within seconds.",
        "tags": ["Webhooks"],
        "parameters": [
            {
                "in": "header",
                "name": "X-Hub-Signature",
                "required": True,
                "schema": {"type": "string", "pattern": "^sha1=[0-9a-f]{40}$"},
            }
        ],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {
            "200": {"description": "Stored, or of no concern here."},
            "401": {"description": "The signature is missing or wrong."},
            "413": {"description": "The body is larger than 2 MB."},
        },
    },
    "head": {
        "operationId": "probe_intercom_webhook",
        "summary": "Is the endpoint there?",
        "tags": ["Webhooks"],
        "parameters": [],
        "responses": {"200": {"description": "It is."}},
    },
}


class DescribedApi(NinjaAPI):
    """The framework's API with a fuller description."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description; every operation tells how it refuses."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].setdefault("4XX", _REFUSED)
                operation["summary"] = operation["summary"].capitalize().replace("api", "API")
        root = path_prefix if path_prefix is not None else self.get_root_path(path_params or {})
        schema["paths"][f"{root.rstrip('/')}/webhooks/intercom"] = _WEBHOOK
        return schema
