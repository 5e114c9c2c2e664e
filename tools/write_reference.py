"""Writes the pages that come from the code, for `make docs`. A test fails when one is stale."""

from collections.abc import Sequence
from pathlib import Path

from app.access.calls import CALLS, Open
from app.access.rights import (
    GRANTED_AS,
    NOT_BY_KEYS_OF_PRACTICES,
    NOT_IN_THE_SANDBOX,
    ROLES,
    Right,
)
from app.domain.audit import MEANINGS
from app.domain.finding_catalogue import FindingHelp, finding_catalogue
from app.domain.grants import GrantedRight
from app.domain.principals import Role
from app.measures.asc.definition import AscManual
from app.measures.asc.manuals import manual_for, manual_years
from app.measures.catalogue.catalogue import Catalogue, load_catalogue
from app.measures.catalogue.definition import MeasureDefinition
from app.measures.catalogue.registered import MeasureGroup, RegisteredMeasure
from app.measures.summary_wire import why_not_computed
from app.rules.definition import Given, Rule
from app.rules.loading import shipped_rules
from app.settings import PREFIX, Settings

_ROOT = Path(__file__).parents[1]
README = _ROOT / "README.md"
FINDINGS = _ROOT / "docs" / "reference" / "findings.md"
RULES = _ROOT / "docs" / "reference" / "rules.md"
ACCESS = _ROOT / "docs" / "reference" / "access.md"
MEASURES = _ROOT / "docs" / "reference" / "measures.md"
_BEGIN = "<!-- settings: written by `make docs` -->"
_END = "<!-- /settings -->"


_ACCESS_INTRODUCTION = """\
# Who may do what

Which roles each call answers, of API keys and of [people who sign in](../how-to/sign-in.md). The
roles `vendor` and `practice` reach their own practices, and a vendor those that have
[granted](#what-a-practice-grants) the right; for any other practice the answer is 403, and what is
asked for by its id looks as if there were none (404). `internal` and `admin` reach every practice.
A sandbox key reaches what sandbox keys sent and nothing else. Without a key or a session, or with
one that is unknown or has ended, the answer is 401. A test asks every call in every role, for its
own practice and for another.

Users have the rights of keys of their role, but for what belongs to a key: webhooks, and
`/v1/keys/self`. `clinician` is a role of users only, who see the figures of their own NPI and of no
other. A practice manages the users who act for its practices and for no other, by its people and
not by its keys ("signed in").
"""


def settings_table() -> str:
    lines = ["| variable | default | what it decides |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    lines.append(f"| `{PREFIX}API_KEY` | | The key that `nacor submit` sends. |")
    lines.append(
        f"| `{PREFIX}URL` | `http://127.0.0.1:8000` | The service that `nacor submit` sends to. |"
    )
    return "\n".join(lines)


def readme_with_settings(readme: str) -> str:
    before, _, rest = readme.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{settings_table()}\n{_END}{after}"


def findings_page() -> str:
    parts: list[str] = [
        "# Findings\n",
        "Every code that a validation report or a receipt can carry. Codes are published: never",
        "renumbered, never reused. The running service shows the same at `/docs/findings`.\n",
        "Under each severity stands what a report says; words in braces are filled in.\n",
    ]
    for code, entry in finding_catalogue().items():
        parts.append(f"## {code}: {entry.title}\n")
        severities = " or ".join(entry.severities)
        parts.append(f"Severity: {severities}.\n")
        parts.append(_messages(entry))
        parts.append(f"{entry.explanation}\n")
        parts.append(f"**To mend it:** {entry.mend}\n")
        for label, snippet in (("Bad", entry.bad), ("Good", entry.good)):
            if snippet:
                parts.append(f"{label}:\n\n```xml\n{snippet.strip()}\n```\n")
    return "\n".join(parts).rstrip() + "\n"


def _messages(entry: FindingHelp) -> str:
    """What a report says, with the words in braces filled in."""
    return "\n".join(f"> {message}\n>" for message in entry.messages.values()).rstrip(">\n") + "\n"


def rules_page() -> str:
    parts = [
        "# Rules beyond the schema\n",
        "What a record that the schema accepts is held against. What each finding means, with an",
        "example, stands in [Findings](findings.md); a deployment",
        "[grades and switches them](../how-to/grade-rules.md). Assumed: no source says that the",
        "registry of AQI checks it.\n",
        "| code | what is found | severity | performance years | assumed | source |",
        "|---|---|---|---|---|---|",
        *[_rule_row(rule) for rule in shipped_rules().values()],
        "\n## Figures and lists\n",
        "| code | name | as shipped |",
        "|---|---|---|",
        *[row for rule in shipped_rules().values() for row in _given_rows(rule)],
    ]
    return "\n".join(parts) + "\n"


def _rule_row(rule: Rule) -> str:
    title = finding_catalogue()[rule.code].title
    assumed = "yes" if rule.assumed else "no"
    cells = (rule.code, title, rule.severity, _years(rule), assumed, rule.source)
    return f"| {' | '.join(cells)} |"


def _years(rule: Rule) -> str:
    match rule.first_year, rule.last_year:
        case None, None:
            return "all"
        case first, None:
            return f"from {first}"
        case None, last:
            return f"to {last}"
        case first, last:
            return f"{first} to {last}"
    raise AssertionError("every pair is one of these")


def _given_rows(rule: Rule) -> list[str]:
    given: Given = rule.given
    figures = [(name, str(number)) for name, number in given.numbers.items()]
    lists = [(name, ", ".join(values) or "empty") for name, values in given.lists.items()]
    return [f"| {rule.code} | `{name}` | {shipped} |" for name, shipped in figures + lists]


def measures_page() -> str:
    catalogue = load_catalogue()
    known = [m for m in catalogue.register.measures if m.group is not MeasureGroup.MIPS_ELSEWHERE]
    computed = [measure for measure in known if catalogue.computed_years(measure.measure_id)]
    others = [m for m in known if m not in computed and m.group is not MeasureGroup.ASC]
    parts = [
        "# Quality measures\n",
        "The measures for anesthesia that the registry knows. The running service shows the rules",
        "of each year in plain words at `/docs/measures`, and `nacor catalogue diff` tells what",
        "changed from year to year. MIPS measures of other specialties are known by their ids.\n",
        f"## With results: {len(computed)}\n",
        "| measure | title | years in MIPS | results | type | editions | known |",
        "|---|---|---|---|---|---|---|",
        *[_computed_row(measure, catalogue) for measure in computed],
        f"\n## Without results: {len(others)}\n",
        "| measure | title | years in MIPS | type | why not |",
        "|---|---|---|---|---|",
        *[_other_row(measure) for measure in others],
        "\n## Surgical centers\n",
        "Measures of ASCQR, by center and calendar year of the encounters. How they are asked for",
        "and sent to CMS: [Measures of surgical centers](../how-to/asc-measures.md).\n",
        *[line for year in manual_years() for line in _asc_lines(year, catalogue)],
        "\n## What is assumed\n",
        *[line for measure in computed for line in _assumed_lines(measure, catalogue)],
        *[line for year in manual_years() for line in _asc_assumed_lines(year)],
    ]
    return "\n".join(parts) + "\n"


def _computed_row(measure: RegisteredMeasure, catalogue: Catalogue) -> str:
    editions = _editions_of(measure, catalogue)
    known = ", ".join(dict.fromkeys(each.confidence.replace("_", " ") for each in editions))
    names = ", ".join(each.edition for each in editions)
    results = _span(catalogue.computed_years(measure.measure_id))
    cells = (measure.measure_id, measure.title, _span(measure.years), results, _type(measure))
    return f"| {' | '.join(map(str, cells))} | {names} | {known} |"


def _other_row(measure: RegisteredMeasure) -> str:
    last = measure.years[-1] if measure.years else 0
    why = why_not_computed(measure, last).replace("_", " ")
    remark = measure.not_computed.in_year(last)
    cells = (measure.measure_id, measure.title, _span(measure.years), _type(measure))
    return f"| {' | '.join(map(str, cells))} | {remark or why} |"


def _assumed_lines(measure: RegisteredMeasure, catalogue: Catalogue) -> list[str]:
    lines = [
        line
        for edition in _editions_of(measure, catalogue)
        for line in (
            *edition.assumed,
            *(f"{c.meaning}: {c.assumed}" for c in edition.all_criteria if c.assumed),
            *([edition.overall.assumed] if edition.overall and edition.overall.assumed else []),
        )
    ]
    return [f"- **{measure.measure_id}**: {line}" for line in dict.fromkeys(lines)]


def _asc_lines(year: int, catalogue: Catalogue) -> list[str]:
    manual = _asc_manual(year)
    rows = [
        (
            measure.measure_id,
            _title(measure.measure_id, catalogue),
            "counted from cases" if measure.numerator_from_files else "entered by the center",
            "in part" if measure.partial else "whole",
            "; ".join(each.what for each in measure.not_derivable),
        )
        for measure in manual.measures
    ]
    elsewhere = [
        (each.measure_id, _title(each.measure_id, catalogue), "none", "none", each.why)
        for each in manual.elsewhere
    ]
    return [
        f"Encounters of {year}. Source: {manual.source}.\n",
        "| measure | title | numerator | denominator | what no case file says |",
        "|---|---|---|---|---|",
        *[f"| {' | '.join(row)} |" for row in (*rows, *elsewhere)],
    ]


def _asc_assumed_lines(year: int) -> list[str]:
    manual = _asc_manual(year)
    reasons = [
        f"- **{measure.measure_id}**: {why.meaning}: {why.assumed}"
        for measure in manual.measures
        for why in measure.reasons.values()
        if why.assumed
    ]
    return [
        *reasons,
        f"- **ASCQR**: {manual.assumed}",
        f"- **ASCQR**: payment year {manual.payment_year.year}: {manual.payment_year.assumed}",
        f"- **ASCQR**: sampling: {manual.sampling.assumed}",
    ]


def _asc_manual(year: int) -> AscManual:
    manual = manual_for(year)
    assert manual is not None, "it is one of the years"
    return manual


def _title(measure_id: str, catalogue: Catalogue) -> str:
    facts = catalogue.register.known_as(measure_id)
    assert facts is not None, "the register has every measure"
    return facts.title or measure_id


def _editions_of(measure: RegisteredMeasure, catalogue: Catalogue) -> list[MeasureDefinition]:
    found = {}
    for year in catalogue.years:
        computed = year.measure(measure.measure_id)
        if computed is not None:
            found[computed.definition.edition] = computed.definition
    return list(found.values())


def _type(measure: RegisteredMeasure) -> str:
    """The type in the last year of the measure, and what else decides about its points."""
    last = measure.years[-1] if measure.years else 0
    words = [(measure.measure_type.in_year(last) or "not known").replace("_", " ")]
    words += ["high priority"] if measure.is_high_priority_in(last) else []
    words += ["inverse"] if measure.inverse else []
    return ", ".join(words)


def _span(years: Sequence[int] | None) -> str:
    if not years:
        return "none"
    return f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"


def access_page() -> str:
    parts = [
        _ACCESS_INTRODUCTION,
        f"| call | right | {' | '.join(Role)} | sandbox keys |",
        f"|---|---|{'---|' * len(Role)}---|",
        *[_call_row(call, needed) for call, needed in CALLS.items()],
        "\n## What a practice grants\n",
        "To the organization of a vendor, right by right and for a time, with",
        "`POST /v1/practices/{practice_id}/grants`.\n",
        "| granted | lets the vendor's keys |",
        "|---|---|",
        *[f"| `{granted}` | {_rights_by(granted)} |" for granted in GrantedRight],
        "\n## What the audit trail records\n",
        "| action | what happened |",
        "|---|---|",
        *[f"| `{action}` | {meaning} |" for action, meaning in MEANINGS.items()],
    ]
    return "\n".join(parts) + "\n"


def _call_row(call: str, needed: Right | Open) -> str:
    roles = [_answer(role, needed) for role in Role]
    sandbox = _yes(isinstance(needed, Open) or needed not in NOT_IN_THE_SANDBOX)
    return f"| {' | '.join((f'`{call}`', needed, *roles, sandbox))} |"


def _answer(role: Role, needed: Right | Open) -> str:
    if role is Role.PRACTICE and needed in NOT_BY_KEYS_OF_PRACTICES:
        return "signed in"
    return _yes(_may(role, needed))


def _may(role: Role, needed: Right | Open) -> bool:
    if needed is Open.ANY_KEY:
        return role is not Role.CLINICIAN
    return isinstance(needed, Open) or role in ROLES[needed]


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _rights_by(granted: GrantedRight) -> str:
    return ", ".join(right for right, needed in GRANTED_AS.items() if needed is granted)


def main() -> None:
    ACCESS.write_text(access_page())
    MEASURES.write_text(measures_page())
    README.write_text(readme_with_settings(README.read_text()))
    FINDINGS.write_text(findings_page())
    RULES.write_text(rules_page())


if __name__ == "__main__":
    main()
