"""Which right each call of the API needs. A test asks every call in every role and compares."""

from enum import StrEnum
from typing import Final

from app.access.rights import Right


class Open(StrEnum):
    """Calls that need no right: for anyone, or for whoever has a key, about that key itself."""

    ANYONE = "anyone"
    ANY_KEY = "any key"


_PRACTICE: Final = "/v1/practices/{practice_id}"
_BILLING: Final = f"{_PRACTICE}/billing/{{performance_year}}"
_ROSTER_ENTRIES: Final = (
    *("tins", "facilities", "clinicians", "employments", "subgroups", "virtual-groups"),
)


def _roster_entry_calls(
    kind: str, changing: Right = Right.CHANGE_ROSTER
) -> dict[str, Right | Open]:
    entries = f"{_PRACTICE}/{kind}"
    return {
        f"GET {entries}": Right.SEE_ROSTER,
        f"POST {entries}": changing,
        f"GET {entries}/{{entry_id}}": Right.SEE_ROSTER,
        f"PUT {entries}/{{entry_id}}": changing,
        f"DELETE {entries}/{{entry_id}}": changing,
    }


CALLS: Final[dict[str, Right | Open]] = {
    "GET /v1/schemas": Open.ANYONE,
    "GET /v1/schemas/{version}": Open.ANYONE,
    "GET /v1/schemas/{version}.xsd": Open.ANYONE,
    "GET /v1/schemas/{version}/sample.xml": Open.ANYONE,
    "GET /v1/schemas/{version}/changes": Open.ANYONE,
    "POST /v1/validate": Open.ANYONE,
    "POST /v1/submissions": Right.SUBMIT,
    "GET /v1/submissions": Right.SEE_SUBMISSIONS,
    "GET /v1/submissions/{submission_id}": Right.SEE_SUBMISSIONS,
    "GET /v1/submissions/{submission_id}/report": Right.SEE_SUBMISSIONS,
    "GET /v1/submissions/{submission_id}/records": Right.SEE_SUBMISSIONS,
    "GET /v1/submissions/{submission_id}/file": Right.SEE_SUBMISSIONS,
    "GET /v1/submissions/{submission_id}/disappearing": Right.SEE_SUBMISSIONS,
    "POST /v1/submissions/{submission_id}/confirm": Right.DELETE_CASES,
    "POST /v1/submissions/{submission_id}/withdraw": Right.DELETE_CASES,
    "POST /v1/submissions/{submission_id}/undo": Right.DELETE_CASES,
    "GET /v1/cases": Right.SEE_CASES,
    "GET /v1/cases/{case_id}": Right.SEE_CASES,
    "GET /v1/cases/{case_id}/history": Right.SEE_CASES,
    "GET /v1/cases/{case_id}/record": Right.SEE_CASES,
    "POST /v1/cases/{case_id}/asc-measures": Right.SEE_CASES,
    "GET /v1/cases/{case_id}/measures": Right.SEE_CASES,
    "DELETE /v1/cases/{case_id}": Right.DELETE_CASES,
    "GET /v1/counts": Right.SEE_OWN_FIGURES,
    "GET /v1/measures": Open.ANYONE,
    "GET /v1/measures/changes": Open.ANYONE,
    "GET /v1/measures/{measure_id}": Open.ANYONE,
    "GET /v1/measures/results": Right.SEE_OWN_FIGURES,
    "GET /v1/measures/results/cases": Right.SEE_OWN_FIGURES,
    "GET /v1/asc-measures/results": Right.SEE_FIGURES,
    "GET /v1/asc-measures/results/cases": Right.SEE_FIGURES,
    "GET /v1/asc-measures/file": Right.SEE_ROSTER,
    f"GET {_PRACTICE}/facilities/{{entry_id}}/asc-figures/{{year}}": Right.SEE_ROSTER,
    f"PUT {_PRACTICE}/facilities/{{entry_id}}/asc-figures/{{year}}": Right.CHANGE_ROSTER,
    "GET /v1/measures/scores": Right.SEE_FIGURES,
    "GET /v1/improvement-activities": Open.ANYONE,
    f"GET {_PRACTICE}/improvement-activities": Right.SEE_ACTIVITIES,
    f"POST {_PRACTICE}/improvement-activities": Right.ATTEST_ACTIVITIES,
    f"GET {_PRACTICE}/improvement-activities/progress": Right.SEE_ACTIVITIES,
    f"GET {_PRACTICE}/improvement-activities/{{attestation_id}}": Right.SEE_ACTIVITIES,
    f"PUT {_PRACTICE}/improvement-activities/{{attestation_id}}": Right.ATTEST_ACTIVITIES,
    f"DELETE {_PRACTICE}/improvement-activities/{{attestation_id}}": Right.ATTEST_ACTIVITIES,
    "GET /v1/measures/peers": Right.SEE_FIGURES,
    f"GET {_PRACTICE}/accepted-findings": Right.SEE_ACCEPTED_FINDINGS,
    f"POST {_PRACTICE}/accepted-findings": Right.ACCEPT_FINDINGS,
    f"DELETE {_PRACTICE}/accepted-findings/{{acceptance_id}}": Right.ACCEPT_FINDINGS,
    f"GET {_PRACTICE}/mail-domains": Right.SEE_MAIL_DOMAINS,
    f"PUT {_PRACTICE}/mail-domains/{{domain}}": Right.ALLOW_MAIL_DOMAINS,
    f"DELETE {_PRACTICE}/mail-domains/{{domain}}": Right.ALLOW_MAIL_DOMAINS,
    "GET /v1/webhooks": Right.USE_WEBHOOKS,
    "POST /v1/webhooks": Right.USE_WEBHOOKS,
    "GET /v1/webhooks/{webhook_id}": Right.USE_WEBHOOKS,
    "PATCH /v1/webhooks/{webhook_id}": Right.USE_WEBHOOKS,
    "DELETE /v1/webhooks/{webhook_id}": Right.USE_WEBHOOKS,
    "POST /v1/webhooks/{webhook_id}/rotate-secret": Right.USE_WEBHOOKS,
    "POST /v1/webhooks/{webhook_id}/ping": Right.USE_WEBHOOKS,
    "GET /v1/webhooks/{webhook_id}/deliveries": Right.USE_WEBHOOKS,
    "POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": Right.USE_WEBHOOKS,
    "GET /v1/practices": Right.SEE_ROSTER,
    "POST /v1/practices": Right.REGISTER_PRACTICES,
    f"GET {_PRACTICE}": Right.SEE_ROSTER,
    f"PUT {_PRACTICE}": Right.CHANGE_ROSTER,
    f"GET {_PRACTICE}/roster-changes": Right.SEE_ROSTER,
    f"GET {_PRACTICE}/peer-comparison": Right.SEE_ROSTER,
    f"PUT {_PRACTICE}/peer-comparison": Right.CHANGE_ROSTER,
    f"GET {_PRACTICE}/clinicians.csv": Right.SEE_ROSTER,
    f"POST {_PRACTICE}/clinicians/import": Right.CHANGE_ROSTER,
    **{
        call: right for kind in _ROSTER_ENTRIES for call, right in _roster_entry_calls(kind).items()
    },
    **_roster_entry_calls("agreements", Right.KEEP_AGREEMENTS),
    f"GET {_PRACTICE}/registrations": Right.SEE_ROSTER,
    f"GET {_PRACTICE}/registrations/{{performance_year}}": Right.SEE_ROSTER,
    f"PUT {_PRACTICE}/registrations/{{performance_year}}": Right.REGISTER_FOR_REPORTING,
    f"GET {_PRACTICE}/registrations/{{performance_year}}/clinicians": Right.SEE_ROSTER,
    f"GET {_PRACTICE}/consents": Right.SEE_ROSTER,
    f"POST {_PRACTICE}/consents": Right.REGISTER_FOR_REPORTING,
    f"GET {_PRACTICE}/consents/{{consent_id}}": Right.SEE_ROSTER,
    f"POST {_PRACTICE}/consents/{{consent_id}}/withdraw": Right.REGISTER_FOR_REPORTING,
    "GET /v1/registrations": Right.SEE_ROSTER,
    "GET /v1/billing/program-years/{performance_year}": Open.ANYONE,
    "GET /v1/billing/prices/{performance_year}": Right.SEE_BILLING,
    "POST /v1/billing/prices/{performance_year}": Right.MANAGE_BILLING,
    "GET /v1/billing/invoices": Right.MANAGE_BILLING,
    "POST /v1/billing/{performance_year}/reconciliation": Right.MANAGE_BILLING,
    f"GET {_PRACTICE}/orders": Right.SEE_BILLING,
    f"POST {_PRACTICE}/orders": Right.PLACE_ORDERS,
    f"GET {_PRACTICE}/orders/{{order_id}}": Right.SEE_BILLING,
    f"POST {_PRACTICE}/orders/{{order_id}}/cancel": Right.PLACE_ORDERS,
    f"POST {_PRACTICE}/orders/{{order_id}}/invoice": Right.MANAGE_BILLING,
    f"GET {_PRACTICE}/invoices": Right.SEE_BILLING,
    f"GET {_PRACTICE}/invoices/{{number}}": Right.SEE_BILLING,
    f"POST {_PRACTICE}/invoices/{{number}}/payment": Right.MANAGE_BILLING,
    f"POST {_PRACTICE}/invoices/{{number}}/credit": Right.MANAGE_BILLING,
    f"GET {_BILLING}": Right.SEE_BILLING,
    f"POST {_BILLING}/reconciliation": Right.MANAGE_BILLING,
    f"GET {_BILLING}/counts": Right.SEE_BILLING,
    f"GET {_BILLING}/counts/{{period}}/cases": Right.SEE_BILLING,
    f"GET {_BILLING}/counts/{{period}}/adjustments": Right.SEE_BILLING,
    f"GET {_PRACTICE}/reconciliation": Right.SEE_ROSTER,
    f"POST {_PRACTICE}/reconciliation": Right.CHANGE_ROSTER,
    "GET /v1/provider-lists/{performance_year}": Right.SEE_ROSTER,
    "POST /v1/provider-lists/{performance_year}/lock": Right.LOCK_PROVIDER_LISTS,
    "POST /v1/provider-lists/{performance_year}/unlock": Right.LOCK_PROVIDER_LISTS,
    f"GET {_PRACTICE}/retention": Right.SEE_RETENTION,
    f"PUT {_PRACTICE}/retention": Right.SET_RETENTION,
    f"GET {_PRACTICE}/legal-holds": Right.SEE_RETENTION,
    f"POST {_PRACTICE}/legal-holds": Right.SET_RETENTION,
    f"POST {_PRACTICE}/legal-holds/{{hold_id}}/lift": Right.SET_RETENTION,
    f"GET {_PRACTICE}/exports": Right.EXPORT,
    f"POST {_PRACTICE}/exports": Right.EXPORT,
    f"GET {_PRACTICE}/exports/{{export_id}}": Right.EXPORT,
    f"GET {_PRACTICE}/exports/{{export_id}}/file": Right.EXPORT,
    f"GET {_PRACTICE}/grants": Right.GRANT_RIGHTS,
    f"POST {_PRACTICE}/grants": Right.GRANT_RIGHTS,
    f"DELETE {_PRACTICE}/grants/{{grant_id}}": Right.GRANT_RIGHTS,
    "GET /v1/organizations": Right.GRANT_RIGHTS,
    "POST /v1/organizations": Right.MANAGE_KEYS,
    "GET /v1/keys/self": Open.ANY_KEY,
    "POST /v1/keys/self/rotate": Open.ANY_KEY,
    "GET /v1/keys": Right.MANAGE_KEYS,
    "POST /v1/keys": Right.MANAGE_KEYS,
    "GET /v1/keys/{key_id}": Right.MANAGE_KEYS,
    "DELETE /v1/keys/{key_id}": Right.MANAGE_KEYS,
    "POST /v1/keys/{key_id}/rotate": Right.MANAGE_KEYS,
    "GET /v1/users": Right.MANAGE_USERS,
    "POST /v1/users": Right.MANAGE_USERS,
    "GET /v1/users/{user_id}": Right.MANAGE_USERS,
    "DELETE /v1/users/{user_id}": Right.MANAGE_USERS,
    "POST /v1/users/{user_id}/invite": Right.MANAGE_USERS,
    "POST /v1/users/{user_id}/reset-second-step": Right.MANAGE_USERS,
    "GET /v1/audit": Right.SEE_AUDIT,
    "GET /healthz": Open.ANYONE,
    "GET /readyz": Open.ANYONE,
}
"""Each call of the OpenAPI description, with its method."""
