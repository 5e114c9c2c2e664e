"""Who may do what: the table that the contract publishes, and the questions asked of it."""

from enum import StrEnum
from typing import Final

from app.domain.audit import ActorKind
from app.domain.errors.access import NotPermitted
from app.domain.grants import GrantedRight
from app.domain.identifiers import Npi, PracticeId
from app.domain.principals import Principal, Role
from app.storage.bounds import Bounds


class Right(StrEnum):
    SUBMIT = "send case files"
    SEE_SUBMISSIONS = "see submissions"
    SEE_CASES = "see cases"
    SEE_REASONS = "see why cases landed where they did, clinicians of their own cases"
    DELETE_CASES = "delete cases"
    SEE_FIGURES = "see counts and results"
    SEE_OWN_FIGURES = "see counts and results, clinicians their own"
    SEE_ACCEPTED_FINDINGS = "see accepted findings"
    ACCEPT_FINDINGS = "accept findings"
    SEE_MAIL_DOMAINS = "see mail domains"
    ALLOW_MAIL_DOMAINS = "allow mail domains"
    USE_WEBHOOKS = "use webhooks"
    SEE_ROSTER = "see rosters"
    CHANGE_ROSTER = "change rosters"
    SEE_ACTIVITIES = "see attested activities"
    ATTEST_ACTIVITIES = "attest activities"
    REGISTER_PRACTICES = "register practices"
    LOCK_PROVIDER_LISTS = "lock provider lists"
    CONFIRM_VIRTUAL_GROUPS = "confirm virtual groups"
    REGISTER_FOR_REPORTING = "register for reporting"
    SIGN_OWN_CONSENT = "sign one's own consent"
    KEEP_AGREEMENTS = "keep agreements"
    SEE_BILLING = "see orders and invoices"
    PLACE_ORDERS = "place orders"
    MANAGE_BILLING = "manage prices, invoices and payments"
    SEE_AUDIT = "see the audit trail"
    MANAGE_KEYS = "manage keys and organizations"
    GRANT_RIGHTS = "grant rights to vendors"
    SEE_RETENTION = "see retention"
    SET_RETENTION = "set retention and legal holds, purge"
    MANAGE_USERS = "manage users"
    EXPORT = "export all data of a practice"
    SEE_CMS_FILES = "see what is made for CMS"
    MAKE_CMS_FILES = "make files for CMS, mark them as sent"
    SEE_REGISTRY = "see the registry as a whole"
    SEE_SENT_FILES = "see how the files that they sent fare"


ROLES: Final[dict[Right, frozenset[Role]]] = {
    Right.SUBMIT: frozenset({Role.VENDOR, Role.PRACTICE}),
    Right.SEE_SUBMISSIONS: frozenset({Role.VENDOR, Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SEE_CASES: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SEE_REASONS: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN, Role.CLINICIAN}),
    Right.DELETE_CASES: frozenset({Role.VENDOR, Role.PRACTICE}),
    Right.SEE_FIGURES: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SEE_OWN_FIGURES: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN, Role.CLINICIAN}),
    Right.SEE_ACCEPTED_FINDINGS: frozenset({Role.VENDOR, Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.ACCEPT_FINDINGS: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SEE_MAIL_DOMAINS: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.ALLOW_MAIL_DOMAINS: frozenset({Role.PRACTICE, Role.ADMIN}),
    Right.USE_WEBHOOKS: frozenset({Role.VENDOR, Role.PRACTICE}),
    Right.SEE_ROSTER: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.CHANGE_ROSTER: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SEE_ACTIVITIES: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.ATTEST_ACTIVITIES: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.REGISTER_PRACTICES: frozenset({Role.INTERNAL, Role.ADMIN}),
    Right.LOCK_PROVIDER_LISTS: frozenset({Role.INTERNAL, Role.ADMIN}),
    Right.CONFIRM_VIRTUAL_GROUPS: frozenset({Role.INTERNAL, Role.ADMIN}),
    Right.REGISTER_FOR_REPORTING: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SIGN_OWN_CONSENT: frozenset({Role.CLINICIAN}),
    Right.KEEP_AGREEMENTS: frozenset({Role.INTERNAL, Role.ADMIN}),
    Right.SEE_BILLING: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.PLACE_ORDERS: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.MANAGE_BILLING: frozenset({Role.INTERNAL, Role.ADMIN}),
    Right.SEE_AUDIT: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.MANAGE_KEYS: frozenset({Role.ADMIN}),
    Right.GRANT_RIGHTS: frozenset({Role.PRACTICE, Role.ADMIN}),
    Right.SEE_RETENTION: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.SET_RETENTION: frozenset({Role.INTERNAL, Role.ADMIN}),
    Right.MANAGE_USERS: frozenset({Role.PRACTICE, Role.ADMIN}),
    Right.EXPORT: frozenset({Role.PRACTICE, Role.ADMIN}),
    Right.SEE_CMS_FILES: frozenset({Role.PRACTICE, Role.INTERNAL, Role.ADMIN}),
    Right.MAKE_CMS_FILES: frozenset({Role.INTERNAL, Role.ADMIN}),
    Right.SEE_REGISTRY: frozenset({Role.INTERNAL, Role.ADMIN}),
    Right.SEE_SENT_FILES: frozenset({Role.VENDOR}),
}
GRANTED_AS: Final[dict[Right, GrantedRight]] = {
    Right.SUBMIT: GrantedRight.SUBMIT,
    Right.SEE_SUBMISSIONS: GrantedRight.SEE_SUBMISSIONS,
    Right.USE_WEBHOOKS: GrantedRight.SEE_SUBMISSIONS,  # which tell no more than the receipts
    Right.DELETE_CASES: GrantedRight.DELETE_CASES,
    Right.SEE_ACCEPTED_FINDINGS: GrantedRight.SEE_ACCEPTED_FINDINGS,
}
"""What a practice grants to let the keys of a vendor do something for it."""
NOT_IN_THE_SANDBOX: Final = frozenset(
    {
        Right.SEE_ROSTER,
        Right.CHANGE_ROSTER,
        Right.SEE_ACTIVITIES,
        Right.ATTEST_ACTIVITIES,
        Right.REGISTER_PRACTICES,
        Right.LOCK_PROVIDER_LISTS,
        Right.CONFIRM_VIRTUAL_GROUPS,
        Right.REGISTER_FOR_REPORTING,
        Right.SIGN_OWN_CONSENT,
        Right.KEEP_AGREEMENTS,
        Right.SEE_BILLING,
        Right.PLACE_ORDERS,
        Right.MANAGE_BILLING,
        Right.MANAGE_KEYS,
        Right.GRANT_RIGHTS,
        Right.SEE_RETENTION,
        Right.SET_RETENTION,
        Right.MANAGE_USERS,
        Right.EXPORT,
        Right.SEE_CMS_FILES,
        Right.MAKE_CMS_FILES,
        Right.SEE_REGISTRY,
    }
)
OF_KEYS_ONLY: Final = frozenset({Right.USE_WEBHOOKS})
"""What belongs to a key, and so cannot be done by somebody who is signed in."""
NOT_BY_KEYS_OF_PRACTICES: Final = frozenset({Right.MANAGE_USERS})
"""What a practice does by its people, who sign in: a key that got out makes nobody who stays."""
OF_PAGES_ONLY: Final = frozenset({Right.SEE_REGISTRY, Right.SEE_SENT_FILES})
"""What no call of the API needs."""
_EVERY_PRACTICE: Final = frozenset({Role.INTERNAL, Role.ADMIN})


def require(caller: Principal, right: Right) -> None:
    """Raises: NotPermitted."""
    if caller.role not in ROLES[right]:
        raise NotPermitted(f"The role {caller.role} may not {right}.")
    if caller.sandbox and right in NOT_IN_THE_SANDBOX:
        raise NotPermitted(f"A sandbox key may not {right}.")
    if right in OF_KEYS_ONLY:
        require_key(caller)
    if right in NOT_BY_KEYS_OF_PRACTICES:
        _require_person_of(caller)


def _require_person_of(caller: Principal) -> None:
    if caller.role is Role.PRACTICE and caller.kind is ActorKind.KEY:
        raise NotPermitted("A practice does this by its people: sign in.")


def require_key(caller: Principal) -> None:
    """Raises: NotPermitted for a user."""
    if caller.kind is not ActorKind.KEY:
        raise NotPermitted("This belongs to an API key: send one.")


def require_practice(caller: Principal, right: Right, practice: PracticeId) -> None:
    """Refuse a practice that the caller is not for, registered or not: the answer is the same.

    Raises: NotPermitted.
    """
    require(caller, right)
    if not may_reach(caller, right, practice):
        raise NotPermitted("That practice is not one of yours.")


def sees_every_practice(caller: Principal) -> bool:
    return caller.role in _EVERY_PRACTICE


def may_reach(caller: Principal, right: Right, practice: PracticeId) -> bool:
    """Whether `practice` is one that the caller may do this for, if its role may do it at all."""
    if caller.role in _EVERY_PRACTICE or practice in caller.practice_ids:
        return True
    return caller.role is Role.VENDOR and GRANTED_AS.get(right) in caller.granted.get(practice, ())


def may(caller: Principal, right: Right, practice: PracticeId) -> bool:
    """Whether `require_practice` lets the caller pass."""
    try:
        require_practice(caller, right, practice)
    except NotPermitted:
        return False
    return True


def require_figures(caller: Principal, practice: PracticeId, asked: Npi | None) -> Npi | None:
    """Return whose figures are meant: a clinician is shown their own and nobody else's.

    Raises: NotPermitted.
    """
    require_practice(caller, Right.SEE_OWN_FIGURES, practice)
    if caller.role is not Role.CLINICIAN:
        return asked
    if caller.npi is None or asked not in (None, caller.npi):
        raise NotPermitted("A clinician sees the figures of their own NPI.")
    return caller.npi


def practices_of(caller: Principal, right: Right) -> frozenset[PracticeId]:
    """The practices that a vendor or practice may do this for."""
    granted = {practice for practice in caller.granted if may_reach(caller, right, practice)}
    return caller.practice_ids | granted


def bounds_of(caller: Principal) -> Bounds:
    """What the database lets the requests of a caller reach, whichever right they use."""
    is_everywhere = sees_every_practice(caller)
    practices = None if is_everywhere else caller.practice_ids | caller.granted.keys()
    return Bounds(practices=practices, sandbox=caller.sandbox, caller=caller.id)
