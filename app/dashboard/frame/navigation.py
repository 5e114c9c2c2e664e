"""What a signed-in person finds where, by right: a page that is added gets a line here."""

from dataclasses import dataclass, replace
from typing import Final

from app.access.rights import OF_KEYS_ONLY, ROLES, Right, may, may_reach
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal, Role
from app.roster.entry_kinds import ENTRY_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`right` None: for everybody who is signed in. `hint` says what it is that opens."""

    name: str
    address: str
    right: Right | None = None
    hint: str = ""


NAVIGATION: Final = (
    Link(name="Home", address="/home"),
    Link(name="Validator", address="/validator"),
    Link(name="Documentation", address="/docs"),
)
OF_A_PRACTICE: Final = (
    Link(name="Overview", address="/practices/{practice}?year={year}", right=Right.SEE_ROSTER),
    Link(
        name="Dashboard",
        address="/practices/{practice}/{dashboard}?year={year}",
        right=Right.SEE_OWN_FIGURES,
    ),
    Link(
        name="Reconciliation",
        address="/practices/{practice}/reconciliation?year={year}",
        right=Right.SEE_ROSTER,
    ),
    Link(
        name="Clinicians",
        address="/practices/{practice}/roster/clinicians",
        right=Right.SEE_ROSTER,
    ),
    Link(
        name="Registration",
        address="/practices/{practice}/registration?year={year}",
        right=Right.SEE_ROSTER,
    ),
    Link(
        name="Invoices",
        address="/practices/{practice}/invoices?year={year}",
        right=Right.SEE_BILLING,
    ),
    Link(
        name="My consent",
        address="/practices/{practice}/my-consent?year={year}",
        right=Right.SIGN_OWN_CONSENT,
    ),
    Link(
        name="Case counts",
        address="/v1/counts?practice_id={practice}&performance_year={year}&group_by=month",
        right=Right.SEE_OWN_FIGURES,
        hint="JSON",
    ),
    Link(
        name="Measure results",
        address="/v1/measures/results?practice_id={practice}&performance_year={year}&level={level}",
        right=Right.SEE_OWN_FIGURES,
        hint="JSON",
    ),
    Link(
        name="Feedback reports",
        address="/practices/{practice}/feedback",
        right=Right.SEE_OWN_FIGURES,
    ),
    Link(
        name="Submissions",
        address="/practices/{practice}/submissions",
        right=Right.SEE_SUBMISSIONS,
    ),
    Link(
        name="Data quality",
        address="/practices/{practice}/data-quality?year={year}",
        right=Right.SEE_ROSTER,
    ),
    Link(
        name="Audit trail",
        address="/v1/audit?practice_id={practice}",
        right=Right.SEE_AUDIT,
        hint="JSON",
    ),
)
_ROSTER: Final = Right.SEE_ROSTER
_DOORS: Final = (
    Link(name="Overview", address="/practices/{practice}", right=_ROSTER),
    Link(name="Dashboard", address="/practices/{practice}/dashboard", right=_ROSTER),
    Link(name="Feedback reports", address="/practices/{practice}/feedback", right=_ROSTER),
    Link(
        name="Submissions", address="/practices/{practice}/submissions", right=Right.SEE_SUBMISSIONS
    ),
    Link(name="Data quality", address="/practices/{practice}/data-quality", right=_ROSTER),
    Link(name="Registration", address="/practices/{practice}/registration", right=_ROSTER),
    Link(name="Consents", address="/practices/{practice}/consents", right=_ROSTER),
    Link(name="Files for CMS", address="/practices/{practice}/cms", right=Right.SEE_CMS_FILES),
    Link(name="Invoices", address="/practices/{practice}/invoices", right=Right.SEE_BILLING),
    Link(name="Practice data", address="/practices/{practice}/details", right=_ROSTER),
    Link(name="Retention", address="/practices/{practice}/retention", right=Right.SEE_RETENTION),
    Link(name="Reconciliation", address="/practices/{practice}/reconciliation", right=_ROSTER),
    *(
        Link(
            name=kind.many[0].upper() + kind.many[1:],
            address=f"/practices/{{practice}}/roster/{kind.path}",
            right=_ROSTER,
        )
        for kind in ENTRY_KINDS
    ),
    Link(name="Provider list as CSV", address="/practices/{practice}/provider-list", right=_ROSTER),
    Link(
        name="My consent", address="/practices/{practice}/my-consent", right=Right.SIGN_OWN_CONSENT
    ),
)
OF_THE_REGISTRY: Final = (
    Link(name="Billing", address="/billing", right=Right.MANAGE_BILLING),
    Link(name="Files that were sent", address="/vendor", right=Right.SEE_SENT_FILES),
    Link(name="All practices", address="/registry", right=Right.SEE_REGISTRY),
    Link(name="Virtual groups", address="/virtual-groups", right=Right.CONFIRM_VIRTUAL_GROUPS),
    Link(name="Vendors", address="/vendors", right=Right.SEE_REGISTRY),
    Link(name="Operations", address="/operations", right=Right.SEE_REGISTRY),
    Link(name="Users", address="/users", right=Right.MANAGE_USERS),
    Link(name="API keys", address="/v1/keys", right=Right.MANAGE_KEYS, hint="JSON"),
)


def links_for(caller: Principal, links: tuple[Link, ...]) -> list[Link]:
    """Those that the role allows."""
    return [link for link in links if link.right is None or _has(caller, link.right)]


def links_of_practice(caller: Principal, practice: PracticeId, *, year: int) -> list[Link]:
    """Those that the caller may follow for this practice, in the performance year."""
    is_clinician = caller.role is Role.CLINICIAN
    level = "individual" if is_clinician else "group"
    dashboard = "dashboard/me" if is_clinician else "dashboard"
    told = {"practice": practice, "year": year, "level": level, "dashboard": dashboard}
    return [
        replace(link, address=link.address.format(**told))
        for link in links_for(caller, OF_A_PRACTICE)
        if link.right is not None and may_reach(caller, link.right, practice)
    ]


def doors_of_practice(caller: Principal, practice: PracticeId) -> list[Link]:
    """The pages of a practice that the caller may see."""
    return [
        replace(link, address=link.address.format(practice=practice))
        for link in _DOORS
        if link.right is not None and may(caller, link.right, practice)
    ]


def _has(caller: Principal, right: Right) -> bool:
    return caller.role in ROLES[right] and right not in OF_KEYS_ONLY
