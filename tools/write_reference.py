"""Writes the pages that come from the code, for `make docs`. A test fails when one is stale."""

from pathlib import Path

from app.domain.finding_catalogue import finding_catalogue
from app.settings import PREFIX, Settings

_ROOT = Path(__file__).parents[1]
README = _ROOT / "README.md"
FINDINGS = _ROOT / "docs" / "reference" / "findings.md"
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
    ]
    for code, entry in finding_catalogue().items():
        parts.append(f"## {code}: {entry.title}\n")
        severities = " or ".join(entry.severities)
        parts.append(f"Severity: {severities}.\n")
        parts.append(f"{entry.explanation}\n")
        parts.append(f"**To mend it:** {entry.mend}\n")
        for label, snippet in (("Bad", entry.bad), ("Good", entry.good)):
            if snippet:
                parts.append(f"{label}:\n\n```xml\n{snippet.strip()}\n```\n")
    return "\n".join(parts).rstrip() + "\n"


def main() -> None:
    README.write_text(readme_with_settings(README.read_text()))
    FINDINGS.write_text(findings_page())


if __name__ == "__main__":
    main()
