"""The Idempotency-Key of a request: what may stand in it, the same for every call."""

from typing import Annotated, Final

from fastapi import Header

KEY_HEADER: Final = "Idempotency-Key"
KEY_MAX_LENGTH: Final = 255

# An empty one comes from a variable that was never set: it would stand for all of a sender's
# requests, and all but the first would be refused as another request.
IdempotencyKey = Annotated[str | None, Header(min_length=1, max_length=KEY_MAX_LENGTH)]
