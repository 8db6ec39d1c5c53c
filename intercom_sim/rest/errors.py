"""What the API says when it refuses."""

from collections.abc import Mapping


class ApiError(Exception):
    """A refusal with Intercom's code; becomes an `error.list` body."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers = dict(headers or {})

    def body(self, *, request_id: str | None) -> dict[str, object]:
        """The envelope of every refusal."""
        error: dict[str, object] = {"code": self.code, "message": self.message}
        if self.field is not None:
            error["field"] = self.field
        return {"type": "error.list", "request_id": request_id, "errors": [error]}


def invalid(message: str, *, field: str | None = None) -> ApiError:
    """400: a parameter has an impossible value."""
    return ApiError(400, "parameter_invalid", message, field=field)


def missing(name: str, *, said: str = "") -> ApiError:
    """400: a parameter that is needed was not sent."""
    return ApiError(400, "parameter_not_found", said or f"{name} is required", field=name)


def not_found(what: str, *, code: str = "not_found") -> ApiError:
    """404: no such thing here."""
    return ApiError(404, code, f"{what} Not Found")
