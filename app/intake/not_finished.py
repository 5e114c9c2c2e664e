"""What a job says that is to come again."""


class NotFinished(Exception):
    """It has no end that could be seen: try again in a while."""

    def __init__(self, *, after_seconds: float) -> None:
        super().__init__()
        self.after_seconds = after_seconds
