"""Who may do what: the table that the contract publishes, and the questions asked of it."""

from enum import StrEnum
from typing import Final

from app.domain.errors import NotPermitted
from app.domain.identifiers import PracticeId
from app.storage.key_store import ApiKey, Role


class Right(StrEnum):
    SUBMIT = "send case files"
    SEE_SUBMISSIONS = "see submissions"
    SEE_CASES = "see cases"
    DELETE_CASES = "delete cases"
    SEE_FIGURES = "see counts and results"
    SEE_ACCEPTED_FINDINGS = "see accepted findings"
    ACCEPT_FINDINGS = "accept findings"


ROLES: Final[dict[Right, frozenset[Role]]] = {
    Right.SUBMIT: frozenset({Role.VENDOR, Role.PRACTICE}),
    Right.SEE_SUBMISSIONS: frozenset({Role.VENDOR, Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SEE_CASES: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.DELETE_CASES: frozenset({Role.VENDOR, Role.PRACTICE}),
    Right.SEE_FIGURES: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SEE_ACCEPTED_FINDINGS: frozenset({Role.VENDOR, Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.ACCEPT_FINDINGS: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
}
_EVERY_PRACTICE: Final = frozenset({Role.INTERNAL, Role.ADMIN})


def require(key: ApiKey, right: Right) -> None:
    """Raises: NotPermitted."""
    if key.role not in ROLES[right]:
        raise NotPermitted(f"A key of role {key.role} may not {right}.")


def require_practice(key: ApiKey, right: Right, practice: PracticeId) -> None:
    """Refuse a practice that the key is not for, registered or not: the answer is the same.

    Raises: NotPermitted.
    """
    require(key, right)
    if not may_reach(key, practice):
        raise NotPermitted("This key is not for that practice.")


def may_reach(key: ApiKey, practice: PracticeId) -> bool:
    return key.role in _EVERY_PRACTICE or practice in key.practice_ids
