"""What a webhook is told: ids, status, counts and links. Nothing of a file or its records."""

import json
from datetime import UTC, datetime
from typing import Any

from app.domain.notices import EventType
from app.domain.submissions import Submission


def ping_event(*, now: datetime) -> str:
    return _event(EventType.PING, now, {})


def finished_event(submission: Submission, *, service_url: str) -> str:
    """Return the event as JSON. `data` has the names and values of the receipt.

    `service_url` is where the service begins; empty, when that is not known: links are paths.
    """
    assert submission.finished_at is not None, "it has ended"
    here = f"{service_url}/v1/submissions/{submission.id}"
    records, findings = submission.records, submission.findings
    return _event(
        EventType.SUBMISSION_FINISHED,
        submission.finished_at,
        {
            "id": str(submission.id),
            "practice_id": submission.practice_id,
            "status": submission.status.value,
            "sandbox": submission.sandbox,
            "received_at": _instant(submission.received_at),
            "finished_at": _instant(submission.finished_at),
            "records": {
                "total": records.total,
                **{outcome.value: number for outcome, number in records.by_outcome().items()},
            },
            "findings": {
                "error": findings.error,
                "warning": findings.warning,
                "accepted": findings.accepted,
            },
            "links": {"self": here, "report": f"{here}/report", "records": f"{here}/records"},
        },
    )


def _event(kind: EventType, at: datetime, data: dict[str, Any]) -> str:
    """Source: Standard Webhooks 1.0, "Payload structure"."""
    event = {"type": kind.value, "timestamp": _instant(at), "data": data}
    return json.dumps(event, separators=(",", ":"))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
