"""How every page is made: one set of templates, and the files that they load."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from app.portal.xml_colors import colored
from app.reports.printable import printable

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"

_TEMPLATES: Final = _HERE / "templates"


def page(
    request: Request,
    template: str,
    *,
    status_code: int = 200,
    headers: dict[str, str] | None = None,
    **values: object,
) -> Response:
    return _templates.TemplateResponse(
        request, template, values, status_code=status_code, headers=headers
    )


@cache
def asset(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return f"/static/{name}?v={sha256(static_files()[name].read_bytes()).hexdigest()[:12]}"


@cache
def static_files() -> dict[str, Path]:
    """By name, those that others made among them."""
    return {path.name: path for path in sorted(STATIC.rglob("*")) if path.is_file()}


def grouped_digits(number: int) -> str:
    return f"{number:,}"


def in_words_bytes(number: int) -> str:
    """Return a size as people read it: "512 bytes", "118 KB", "4 MiB"."""
    if number >= 1 << 20:
        return f"{number / (1 << 20):.1f}".removesuffix(".0") + " MiB"
    return f"{number / 1000:.0f} KB" if number >= 1000 else f"{number} bytes"


def templates_in(*folders: Path) -> Jinja2Templates:
    """Return the templates in `folders`, which may build on those of the public pages."""
    templates = Jinja2Templates([*folders, _TEMPLATES])
    templates.env.trim_blocks = templates.env.lstrip_blocks = True
    templates.env.globals["asset"] = asset
    templates.env.filters["digits"] = grouped_digits
    templates.env.filters["size"] = in_words_bytes
    templates.env.filters["colored"] = colored
    templates.env.filters["printable"] = printable
    return templates


_templates: Final = templates_in()
