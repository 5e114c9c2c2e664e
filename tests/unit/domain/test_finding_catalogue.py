"""The help for finding codes: complete, and every example in it really gives its finding."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.domain.finding_catalogue import FindingHelp
from app.domain.findings import FindingCode
from tests.finding_samples import (
    CATALOGUE,
    EXAMPLES,
    LARGE_SAMPLES,
    PRACTICE,
    SAMPLE,
    findings_of,
    findings_of_example,
)

APP = Path(app.__file__ or "").parent
# What needs a practice, cases stored before, or a limit has its tests in tests/api:
# test_submissions_api.py, test_replace_period_api.py and test_limits_api.py.
NEEDS_THE_REGISTRY = {
    FindingCode.TOO_MANY_RECORDS,
    FindingCode.TIN_NOT_REGISTERED,
    FindingCode.SERVICE_OUTSIDE_PERIOD,
    FindingCode.CASE_OF_RECORD_UNKNOWN,
}


def test_every_code_is_explained() -> None:
    assert list(CATALOGUE) == sorted(FindingCode)


def test_every_code_has_one_sample_that_gives_it() -> None:
    with_example = {entry.code for entry in EXAMPLES}
    assert with_example | set(LARGE_SAMPLES) | NEEDS_THE_REGISTRY == set(FindingCode)
    assert not with_example & set(LARGE_SAMPLES)


def test_the_sample_has_no_fault() -> None:
    assert findings_of(SAMPLE, PRACTICE) == []


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry.code)
def test_the_bad_example_gives_the_finding(entry: FindingHelp) -> None:
    found = findings_of_example(entry)
    assert {finding.code for finding in found} == {entry.code}
    assert {finding.severity for finding in found} <= set(entry.severities)


@pytest.mark.parametrize("code", LARGE_SAMPLES)
def test_a_large_sample_gives_the_finding(code: FindingCode) -> None:
    assert [finding.code for finding in findings_of(LARGE_SAMPLES[code]())] == [code]


def messages_of_findings(tree: ast.AST) -> Iterator[ast.expr]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Finding":
            yield from (word.value for word in call.keywords if word.arg == "message")


def test_no_message_is_written_beside_the_table() -> None:
    written = [
        f"{file.relative_to(APP)}:{message.lineno}"
        for file in APP.rglob("*.py")
        for message in messages_of_findings(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(message, ast.Constant | ast.JoinedStr | ast.BinOp)
    ]
    assert written == []
