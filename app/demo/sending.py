"""Case files on their way: generated, sent, followed to their end."""

import time
from collections.abc import Callable
from typing import Any, Final

from app.demo.client import DemoClient
from app.domain.identifiers import PracticeId
from app.domain.submissions import SubmissionStatus
from app.synthetic.generate import GenerationPlan, generate_case_file

_LOOK_AGAIN_SECONDS: Final = 0.25

Moved = Callable[[str, int], object]
"""Told what is being done with the file, and how many records that was done with."""


def send_case_file(plan: GenerationPlan, client: DemoClient, moved: Moved) -> dict[str, Any]:
    """Return the receipt of a submission that has ended."""
    case_file = generated(plan, moved)
    return send_until_ended(case_file, PracticeId(plan.practice_id), client, moved)


def send_until_ended(
    case_file: bytes,
    practice: PracticeId,
    client: DemoClient,
    moved: Moved = lambda doing, done: None,
) -> dict[str, Any]:
    """Return the receipt."""
    receipt = client.send("/v1/submissions", case_file, "application/xml", practice_id=practice)
    while not SubmissionStatus(receipt["status"]).is_final:
        moved("taken in", receipt["progress"]["records_read"])
        time.sleep(_LOOK_AGAIN_SECONDS)
        receipt = client.get(f"/v1/submissions/{receipt['id']}")
    return receipt


def generated(plan: GenerationPlan, moved: Moved) -> bytes:
    chunks = []
    for number, chunk in enumerate(generate_case_file(plan)):
        chunks.append(chunk)
        moved("generating", min(number, plan.cases))
    moved("sending", 0)
    return b"".join(chunks)
