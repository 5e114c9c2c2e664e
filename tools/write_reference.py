"""Writes the pages that come from the code, for `make docs`. A test fails when one is stale."""

from pathlib import Path

from app.domain.finding_catalogue import FindingHelp, finding_catalogue
from app.rules.definition import Given, Rule
from app.rules.loading import shipped_rules
from app.settings import PREFIX, Settings

_ROOT = Path(__file__).parents[1]
README = _ROOT / "README.md"
FINDINGS = _ROOT / "docs" / "reference" / "findings.md"
RULES = _ROOT / "docs" / "reference" / "rules.md"
_BEGIN = "<!-- settings: written by `make docs` -->"
_END = "<!-- /settings -->"


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


def main() -> None:
    README.write_text(readme_with_settings(README.read_text()))
    FINDINGS.write_text(findings_page())
    RULES.write_text(rules_page())


if __name__ == "__main__":
    main()
