"""How many requests are under way at once: more while all is well, fewer when answers are slow."""

# An answer is slow when it takes longer than this, and more than twice what is usual for its size.
_SLOW_SECS = 1.0
_SLOW_TIMES = 2.0
_WORST_TIMES = 10.0
_LATEST_WEIGHT, _USUAL_WEIGHT = 0.2, 0.01


class Flow:
    """A number between 1 and `most` that follows the answers.

    Each round (as many answers as are allowed at once) adds one, or, while answers are slow or
    fail, takes a quarter away. A 429 takes half. What stays slow although less is asked becomes
    usual after some hundred answers: then it was not for us that it was slow.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.allowed = most
        self._answers = 0
        self._strain = 1.0
        self._usual: dict[int, float] = {}

    def answered(self, *, secs: float, size: int) -> None:
        """An answer of so many bytes took so long."""
        like = size.bit_length() // 3
        usual = self._usual.setdefault(like, secs)
        self._usual[like] += (secs - usual) * _USUAL_WEIGHT
        is_slow = secs > _SLOW_SECS and usual > 0
        self._note(min(secs / usual, _WORST_TIMES) if is_slow else 1.0)

    def failed(self) -> None:
        """There was no answer in time, or the server failed."""
        self._note(_WORST_TIMES)

    def halve(self) -> None:
        """The rate limit was exceeded."""
        self.allowed = max(1, self.allowed // 2)
        self._answers = 0

    def _note(self, strain: float) -> None:
        self._strain += (strain - self._strain) * _LATEST_WEIGHT
        self._answers += 1
        if self._answers < self.allowed:
            return
        self._answers = 0
        if self._strain > _SLOW_TIMES:
            self.allowed = max(1, self.allowed * 3 // 4)
        else:
            self.allowed = min(self._most, self.allowed + 1)
