"""A feedback report that was asked for, as somebody in front of a page sees it. Pure."""

from dataclasses import dataclass
from typing import Final

from app.domain.feedback import FeedbackRequest, RequestFailure, RequestStatus
from app.feedback.shown import of_whom

_WORDS: Final = {
    RequestStatus.WAITING: "It waits for a worker.",
    RequestStatus.RUNNING: "It is being made.",
    RequestStatus.DONE: "It is made.",
}
_FAILURES: Final = {
    RequestFailure.NO_CASES: "It was not made: no case of theirs counts any more.",
    RequestFailure.FAULT: "It could not be made, through a fault of the registry.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    request: FeedbackRequest
    may_see_cases: bool = False

    @property
    def words(self) -> str:
        failure = self.request.failure
        return _WORDS[self.request.status] if failure is None else _FAILURES[failure]

    @property
    def is_under_way(self) -> bool:
        return self.request.status.is_under_way

    @property
    def is_worth_asking_again(self) -> bool:
        return self.request.failure is RequestFailure.FAULT

    @property
    def of(self) -> str:
        return of_whom(self.request.entity)
