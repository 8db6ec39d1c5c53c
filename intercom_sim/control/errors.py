"""What the control interface refuses."""


class ControlError(Exception):
    """A request that makes no sense; `status` is 400 or 404."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
