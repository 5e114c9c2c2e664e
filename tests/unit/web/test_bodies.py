"""The ways to send a case file, and what becomes of bodies that are too large or broken."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import zstandard
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from httpx import ASGITransport, AsyncClient, Response

from app.domain.errors import RegistryError
from app.synthetic.generate import GenerationPlan, generate_case_file
from app.web.bodies import incoming_case_file
from app.web.unpacking import MAX_GROWTH

LIMIT = 1_000_000
CASE_FILE = b"<AnesthesiaRecords>" + b"<AnesthesiaRecord/>" * 20_000 + b"</AnesthesiaRecords>"
XML = {"Content-Type": "application/xml"}


def zstd(content: bytes) -> bytes:
    return zstandard.compress(content)


def compressed_with(encoding: str) -> dict[str, str]:
    return {**XML, "Content-Encoding": encoding}


def registry(max_bytes: int = LIMIT) -> FastAPI:
    """A service that gives back what it has received."""
    app = FastAPI()

    @app.post("/")
    async def receive(request: Request) -> dict[str, object]:
        incoming = await incoming_case_file(request, max_bytes=max_bytes)
        content = b"".join([chunk async for chunk in incoming.chunks])
        return {"name": incoming.file_name, "content": content.decode()}

    @app.exception_handler(RegistryError)
    async def refuse(request: Request, error: RegistryError) -> JSONResponse:
        return JSONResponse({"slug": error.slug, "detail": str(error)}, status_code=400)

    return app


class Sender:
    def __init__(self, app: FastAPI) -> None:
        self._transport = ASGITransport(app)

    def post(self, **request: Any) -> Response:
        async def send() -> Response:
            client = AsyncClient(transport=self._transport, base_url="http://registry")
            async with client:
                return await client.post("/", **request)

        return asyncio.run(send())


@pytest.fixture
def sender() -> Sender:
    return Sender(registry())


def refusal(response: Response) -> str:
    assert response.status_code == 400, response.text
    return str(response.json()["slug"])


def received(response: Response) -> bytes:
    assert response.status_code == 200, response.text
    return str(response.json()["content"]).encode()


async def in_pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def form(*parts: tuple[str, bytes], boundary: str = "limit", end: str = "--") -> bytes:
    """The parts, each with its Content-Disposition, as a browser writes them."""
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for disposition, content in parts
    )
    return body + f"--{boundary}{end}\r\n".encode()


FORM = {"Content-Type": "multipart/form-data; boundary=limit"}
FILE = 'name="file"; filename="march.xml"'


@pytest.mark.parametrize(
    "content_type",
    ["application/xml", "text/xml; charset=utf-8", "application/octet-stream", "Application/XML"],
)
def test_a_case_file_as_the_body(sender: Sender, content_type: str) -> None:
    response = sender.post(content=CASE_FILE, headers={"Content-Type": content_type})
    assert received(response) == CASE_FILE


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(CASE_FILE)),
        ("x-gzip", gzip.compress(CASE_FILE)),
        ("GZIP", gzip.compress(CASE_FILE)),
        ("gzip", gzip.compress(CASE_FILE[:500]) + gzip.compress(CASE_FILE[500:])),
        ("gzip", gzip.compress(CASE_FILE) + b"\0" * 512),
        ("zstd", zstd(CASE_FILE)),
        ("zstd", zstd(CASE_FILE[:500]) + zstd(CASE_FILE[500:])),
        ("zstd", zstd(b"") + zstd(CASE_FILE)),
    ],
    ids=[
        *("gzip", "x-gzip", "upper case", "two members", "zeros after the member"),
        *("zstd", "two frames", "an empty frame first"),
    ],
)
@pytest.mark.parametrize("piece", [1, 257, 1_000_000])
def test_a_compressed_case_file(sender: Sender, encoding: str, body: bytes, piece: int) -> None:
    response = sender.post(content=in_pieces(body, piece), headers=compressed_with(encoding))
    assert received(response) == CASE_FILE


PACKED = {
    "gzip": gzip.compress(CASE_FILE),
    "two members": gzip.compress(CASE_FILE[:500]) + gzip.compress(CASE_FILE[500:]),
    "zstd": zstd(CASE_FILE),
}


@pytest.mark.parametrize("packed", PACKED.values(), ids=list(PACKED))
@pytest.mark.parametrize("piece", [1, 3, 1_000_000])
class TestAFileThatIsCompressed:
    """It is told by its first bytes: clients do not know what they send, or say it wrongly."""

    def test_in_a_form(self, sender: Sender, packed: bytes, piece: int) -> None:
        body = in_pieces(form((FILE, packed)), piece)
        assert received(sender.post(content=body, headers=FORM)) == CASE_FILE

    @pytest.mark.parametrize(
        "content_type",
        ["application/gzip", "application/x-gzip", "application/zstd", "application/xml"],
    )
    def test_as_the_body(
        self, sender: Sender, packed: bytes, piece: int, content_type: str
    ) -> None:
        headers = {"Content-Type": content_type}
        response = sender.post(content=in_pieces(packed, piece), headers=headers)
        assert received(response) == CASE_FILE

    def test_and_compressed_once_more_for_the_way(
        self, sender: Sender, packed: bytes, piece: int
    ) -> None:
        body = in_pieces(gzip.compress(packed), piece)
        assert received(sender.post(content=body, headers=compressed_with("gzip"))) == CASE_FILE


@pytest.mark.parametrize("content", [b"", b"\x1f", b"<", b"<a>", CASE_FILE], ids=len)
def test_a_file_that_is_not_compressed_after_all(sender: Sender, content: bytes) -> None:
    headers = {"Content-Type": "application/gzip"}
    assert received(sender.post(content=content, headers=headers)) == content


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_a_case_file_that_is_said_not_to_be_compressed(sender: Sender, encoding: str) -> None:
    response = sender.post(content=CASE_FILE, headers=compressed_with(encoding))
    assert received(response) == CASE_FILE


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, zstd", "unknown"])
def test_other_encodings_are_refused(sender: Sender, encoding: str) -> None:
    response = sender.post(content=CASE_FILE, headers=compressed_with(encoding))
    assert refusal(response) == "unsupported-encoding"


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_other_media_types_are_refused(sender: Sender, content_type: str) -> None:
    assert (
        refusal(sender.post(content=CASE_FILE, headers={"Content-Type": content_type}))
        == "unsupported-media-type"
    )


@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_an_empty_body_is_an_empty_case_file(sender: Sender, encoding: str) -> None:
    """What is wrong with an empty case file is a finding, like everything that is wrong in it."""
    assert received(sender.post(content=b"", headers=compressed_with(encoding))) == b""


class TestForms:
    def test_a_browser_sends_a_form(self, sender: Sender) -> None:
        response = sender.post(files={"file": ("march.xml", CASE_FILE, "text/xml")})
        assert received(response) == CASE_FILE
        assert response.json()["name"] == "march.xml"

    @pytest.mark.parametrize("piece", [1, 7, 1000])
    def test_a_form_in_pieces(self, sender: Sender, piece: int) -> None:
        content = b"<a>\r\n--limi\r\n--limits--\r\n-</a>"
        body = in_pieces(form((FILE, content)), piece)
        assert received(sender.post(content=body, headers=FORM)) == content

    def test_a_form_may_be_compressed_as_a_whole(self, sender: Sender) -> None:
        body = gzip.compress(form((FILE, CASE_FILE)))
        response = sender.post(content=body, headers={**FORM, "Content-Encoding": "gzip"})
        assert received(response) == CASE_FILE

    def test_an_empty_file_is_an_empty_case_file(self, sender: Sender) -> None:
        assert received(sender.post(content=form((FILE, b"")), headers=FORM)) == b""

    @pytest.mark.parametrize(
        "body",
        [
            form(('name="data"; filename="march.xml"', CASE_FILE)),
            form((FILE, CASE_FILE), (FILE, CASE_FILE)),
            form((FILE, CASE_FILE), ('name="practice_id"', b"12345")),
            form(('name="practice_id"', b"12345"), (FILE, CASE_FILE)),
            form(("filename=march.xml", CASE_FILE)),
            b"--limit--\r\n",
        ],
        ids=["other name", "two files", "a field after", "a field before", "no name", "no part"],
    )
    def test_exactly_one_part_is_named_file(self, sender: Sender, body: bytes) -> None:
        response = sender.post(content=body, headers=FORM)
        assert refusal(response) == "wrong-form"
        assert "one part" in response.json()["detail"]

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            form((FILE, CASE_FILE))[:60],
            form((FILE, CASE_FILE))[:5000],
            form((FILE, CASE_FILE), end=""),
            form((FILE, CASE_FILE), boundary="other"),
            CASE_FILE,
        ],
        ids=[
            "empty",
            "in the headers",
            "in the file",
            "before the end",
            "other boundary",
            "no form",
        ],
    )
    def test_a_broken_form_is_refused(self, sender: Sender, body: bytes) -> None:
        assert refusal(sender.post(content=body, headers=FORM)) == "broken-body"

    @pytest.mark.parametrize("boundary", ["", "; boundary=", f"; boundary={'x' * 300}"])
    def test_a_form_names_its_boundary(self, sender: Sender, boundary: str) -> None:
        headers = {"Content-Type": f"multipart/form-data{boundary}"}
        response = sender.post(content=form((FILE, CASE_FILE)), headers=headers)
        assert refusal(response) == "wrong-form"


class TestLimits:
    FULL = b"x" * LIMIT
    TOO_MUCH = b"x" * (LIMIT + 1)

    @pytest.mark.parametrize(
        ("headers", "body"),
        [
            (XML, FULL),
            (compressed_with("gzip"), gzip.compress(FULL)),
            (compressed_with("zstd"), zstd(FULL)),
            (FORM, form((FILE, FULL))),
            (FORM, form((FILE, gzip.compress(FULL)))),
            (FORM, form((FILE, zstd(FULL)))),
        ],
        ids=["body", "gzip", "zstd", "form", "gzip in a form", "zstd in a form"],
    )
    def test_as_much_as_the_limit_is_taken(
        self, sender: Sender, headers: dict[str, str], body: bytes
    ) -> None:
        assert received(sender.post(content=body, headers=headers)) == self.FULL

    @pytest.mark.parametrize(
        ("headers", "body"),
        [
            (XML, FULL + b"x"),
            (compressed_with("gzip"), gzip.compress(FULL + b"x")),
            (compressed_with("gzip"), gzip.compress(b"") * 60_000),
            (compressed_with("zstd"), zstd(FULL + b"x")),
            (compressed_with("zstd"), zstd(b"") * 120_000),
            (FORM, form((FILE, FULL + b"x"))),
            (FORM, form((FILE, FULL)) + b"x" * 100_000),
            (FORM, form((FILE, gzip.compress(TOO_MUCH)))),
            (FORM, form((FILE, zstd(TOO_MUCH)))),
            (compressed_with("gzip"), gzip.compress(gzip.compress(TOO_MUCH))),
        ],
        ids=[
            *("body", "gzip", "empty members", "zstd", "empty frames", "form", "after the form"),
            *("gzip in a form", "zstd in a form", "gzip in gzip"),
        ],
    )
    def test_a_byte_more_is_too_large(
        self, sender: Sender, headers: dict[str, str], body: bytes
    ) -> None:
        response = sender.post(content=in_pieces(body, 65_536), headers=headers)
        assert refusal(response) == "body-too-large"
        assert "1000000 bytes" in response.json()["detail"]

    @pytest.mark.parametrize("headers", [XML, FORM])
    def test_an_announced_size_above_the_limit_is_refused_unread(
        self, sender: Sender, headers: dict[str, str]
    ) -> None:
        async def body() -> AsyncIterator[bytes]:
            raise AssertionError("the body was read")
            yield b""

        announced = {**headers, "Content-Length": str(LIMIT * 2)}
        response = sender.post(content=body(), headers=announced)
        assert refusal(response) == "body-too-large"

    @pytest.mark.parametrize(("encoding", "squeeze"), [("gzip", gzip.compress), ("zstd", zstd)])
    def test_a_bomb_does_not_go_off(
        self, sender: Sender, encoding: str, squeeze: Callable[[bytes], bytes]
    ) -> None:
        body = squeeze(b"\0" * 100_000_000)
        tracemalloc.start()
        try:
            response = sender.post(content=body, headers=compressed_with(encoding))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert refusal(response) == "body-too-large"
        assert peak < 40_000_000


class TestGrowth:
    """Case files become 17 to 40 times as large; what becomes 200 times as large is none."""

    MIB = 1 << 20

    @pytest.fixture
    def roomy(self) -> Sender:
        return Sender(registry(max_bytes=64 * self.MIB))

    @pytest.mark.parametrize("encoding", ["gzip", "zstd"])
    @pytest.mark.parametrize("sent_as", ["body", "form"])
    def test_a_bomb_is_refused_long_before_the_limit(
        self, roomy: Sender, encoding: str, sent_as: str
    ) -> None:
        pack = gzip.compress if encoding == "gzip" else zstd
        bomb = pack(b" " * 32 * self.MIB)
        as_form = {"content": form((FILE, bomb)), "headers": FORM}
        as_body = {"content": bomb, "headers": compressed_with(encoding)}
        response = roomy.post(**(as_form if sent_as == "form" else as_body))
        assert refusal(response) == "implausible-compression"
        assert "200 times" in response.json()["detail"]

    def test_the_first_mebibyte_is_free(self, roomy: Sender) -> None:
        body = zstd(b" " * self.MIB)
        response = roomy.post(content=body, headers=compressed_with("zstd"))
        assert received(response) == b" " * self.MIB

    @pytest.mark.parametrize("encoding", ["gzip", "zstd"])
    def test_many_generated_records_are_far_below(self, roomy: Sender, encoding: str) -> None:
        """As repetitive as case files get: without their lists of vital signs."""
        plan = GenerationPlan(cases=2_000, version="2023V1.0", seed=1, detail="small")
        file = b"".join(generate_case_file(plan))
        packed = gzip.compress(file, 9) if encoding == "gzip" else zstandard.compress(file, 9)
        assert len(file) > 5 * self.MIB
        assert len(file) / len(packed) < MAX_GROWTH / 3
        assert received(roomy.post(content=packed, headers=compressed_with(encoding))) == file

    def test_in_how_many_pieces_a_bomb_comes_does_not_matter(self, roomy: Sender) -> None:
        bomb = gzip.compress(b" " * 32 * self.MIB)
        response = roomy.post(content=in_pieces(bomb, 1000), headers=compressed_with("gzip"))
        assert refusal(response) == "implausible-compression"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(CASE_FILE)[:-1]),
        ("gzip", gzip.compress(CASE_FILE)[:100]),
        ("gzip", gzip.compress(CASE_FILE) + gzip.compress(CASE_FILE)[:5]),
        ("gzip", gzip.compress(CASE_FILE) + b"garbage"),
        ("gzip", CASE_FILE),
        ("zstd", zstd(CASE_FILE)[:-1]),
        ("zstd", zstd(CASE_FILE)[:20] + b"garbage" + zstd(CASE_FILE)[20:]),
        ("zstd", zstd(CASE_FILE) + b"garbage"),
        ("zstd", CASE_FILE),
    ],
    ids=[
        *("gzip less a byte", "gzip cut off", "second member cut off", "gzip and more"),
        *("not gzip", "zstd less a byte", "zstd damaged", "zstd and more", "not zstd"),
    ],
)
def test_a_broken_stream_is_refused(sender: Sender, encoding: str, body: bytes) -> None:
    response = sender.post(content=body, headers=compressed_with(encoding))
    assert refusal(response) == "broken-body"
    assert encoding in response.json()["detail"]


def test_a_zstd_stream_may_not_ask_for_much_memory(sender: Sender) -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    body = compressor.compress(CASE_FILE) + compressor.flush()
    response = sender.post(content=body, headers=compressed_with("zstd"))
    assert refusal(response) == "broken-body"
    assert "8 MiB" in response.json()["detail"]


NAMES = [
    # as the sender gives it                                     as it is shown
    ('attachment; filename="march.xml"', "march.xml"),
    ("attachment; filename=march.xml", "march.xml"),
    ("attachment; filename=\"old.xml\"; filename*=UTF-8''m%C3%A4rz.xml", "märz.xml"),
    ("attachment; filename*=nonsense''march.xml", "march.xml"),
    ("attachment; filename*=ISO-8859-1''m%E4rz.xml", "märz.xml"),
    ("attachment; filename*=punycode''mrz-qla.xml", "mrz-qla.xml"),
    ('attachment; filename="../../etc/passwd"', "passwd"),
    (r'attachment; filename="C:\\cases\\march.xml"', "march.xml"),
    ("attachment; filename*=UTF-8''march%0D%0A%00%E2%80%AElmx.xml", "marchlmx.xml"),
    (f'attachment; filename="{"x" * 300}.xml"', "x" * 255),
    ('attachment; filename=""', None),
    ('attachment; filename=".."', None),
    ("attachment", None),
    ("", None),
]


@pytest.mark.parametrize(("disposition", "name"), NAMES)
def test_the_name_of_a_file_in_the_body(sender: Sender, disposition: str, name: str | None) -> None:
    headers = {**XML, "Content-Disposition": disposition}
    assert sender.post(content=CASE_FILE, headers=headers).json()["name"] == name


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('name="file"; filename="märz.xml"', "märz.xml"),
        (r'name="file"; filename="C:\cases\march.xml"', "march.xml"),
        ('name="file"; filename="/cases/march.xml"', "march.xml"),
        ('name="file"', None),
    ],
)
def test_the_name_of_a_file_in_a_form(sender: Sender, disposition: str, name: str | None) -> None:
    response = sender.post(content=form((disposition, CASE_FILE)), headers=FORM)
    assert response.json()["name"] == name
