"""`nacor cms-submission`, as the staff of the registry use it at a terminal."""

import hashlib
import json

from tests.case_files import TIN, a_case_file
from tests.commands import Nacor
from tests.registry import PRACTICE, Registry
from tests.reporting import register
from tests.rosters import Staff
from tests.smokers import ABSTAINED, only_smoker


def test_a_document_is_made_written_and_marked_as_sent(
    registry: Registry, staff: Staff, nacor: Nacor
) -> None:
    registry.vendor().send(a_case_file(only_smoker("A-1", ABSTAINED)))
    register(staff.caller, "group_qr")

    made = nacor("cms-submission", "make", PRACTICE, "2024")
    assert made.exit_code == 0, made.output
    document = json.loads(made.stdout)
    assert (document["entity_type"], document["tin"], document["ready"]) == ("group", TIN, True)
    [listed] = nacor("cms-submission", "list", PRACTICE, "2024").stdout.splitlines()
    assert json.loads(listed)["id"] == document["cms_submission_id"]
    file = nacor("cms-submission", "file", document["id"])
    assert hashlib.sha256(file.stdout_bytes).hexdigest() == document["sha256"]
    upload = ("--on", "2025-03-14", "--id-at-cms", "d7b1a0e4-51a6")
    sent = nacor("cms-submission", "sent", document["id"], *upload)
    assert json.loads(sent.stdout)["sent"] == {"on": "2025-03-14", "id_at_cms": "d7b1a0e4-51a6"}
    shown = json.loads(nacor("cms-submission", "show", document["id"]).stdout)
    assert [each["measure_id"] for each in shown["contents"]] == ["404"]


def test_a_document_that_cms_would_refuse_is_not_written(registry: Registry, nacor: Nacor) -> None:
    made = nacor("cms-submission", "make", PRACTICE, "2024")
    refused = nacor("cms-submission", "file", json.loads(made.stdout)["id"])
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("$.measurementSets: Nothing of this entity may be sent.")
    unknown = nacor("cms-submission", "make", PRACTICE, "2024", "--entity-id", "ambulatory=SG-1")
    assert unknown.exit_code == 2
