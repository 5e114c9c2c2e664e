"""Where in our code something broke, in words that an operator may see."""

import traceback
from pathlib import Path


def place_of(error: BaseException) -> str:
    """Return the kind of `error` and its last places. Its text may quote a patient's value."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-4:])
    )
    return f"{type(error).__name__} at {places}"
