"""What a deployment decides, read once from the environment and passed on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from app.storage.blobs import BlobAddressWrong
from app.storage.blobs.addresses import parse_blob_address

PREFIX = "NACOR_"


class Settings(BaseModel):
    """Each field is the environment variable NACOR_ and its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str | None = Field(
        default=None,
        description="PostgreSQL 15 or newer, as `postgresql://user:password@host/database`."
        " Absent: an embedded PostgreSQL under the data dir.",
    )
    data_dir: Path = Field(
        default=Path("var"), description="Where the embedded database and received files live."
    )
    blob_url: str | None = Field(
        default=None,
        description="Where received files are kept: a path, a file URL, or `s3://bucket/prefix`,"
        " with `?endpoint=https://...` for what is like S3 (docs/how-to/run-the-service.md)."
        " Absent: `blobs` under the data dir.",
    )
    public_url: str | None = Field(
        default=None,
        description="The address of this service as its users reach it, for links in answers."
        " Absent: the address of the request.",
    )
    rules_file: Path | None = Field(
        default=None,
        description="A TOML file that switches off or grades rules beyond the schema"
        " (docs/how-to/grade-rules.md). Absent: every rule as it is shipped.",
    )
    submission_max_bytes: int = Field(
        default=2 << 30, gt=0, description="Largest case file of a submission, uncompressed."
    )
    validate_max_bytes: int = Field(
        default=4 << 20, gt=0, description="Largest case file of `POST /v1/validate`."
    )
    validate_rate: int = Field(
        default=60, gt=0, description="Validations a minute for each address that asks."
    )
    key_rate: int = Field(default=1200, gt=0, description="Requests a minute for each API key.")
    submissions_at_once: int = Field(
        default=8,
        gt=0,
        le=20,
        description="Case files that a server process takes in at once; each needs a connection"
        " to the database, of at most 30.",
    )
    submissions_waiting: int = Field(
        default=64,
        ge=0,
        description="Case files that are received or wait besides; one more is told to come later.",
    )
    processes: int | None = Field(
        default=None,
        ge=1,
        le=256,
        description="Processes that check and prepare the records of a large case file, for each"
        " process of the server, which stores them; with 1 that one does all. Absent: as many as"
        " there are cores, at most 8.",
    )
    recovery_seconds: float = Field(
        default=30,
        gt=0,
        description="How often a worker looks for submissions whose process died.",
    )

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql", "postgres:")):
            # Its text is shown as it is; the address, which may hold a password, is not.
            raise PydanticCustomError("database_url", "not the address of a PostgreSQL database")
        return url

    @field_validator("blob_url")
    @classmethod
    def _is_a_blob_store(cls, url: str | None) -> str | None:
        try:
            if url is not None:
                parse_blob_address(url)
        except BlobAddressWrong as error:
            raise PydanticCustomError("blob_url", "{reason}", {"reason": str(error)}) from None
        return url

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Raises: pydantic.ValidationError, naming the settings that are wrong."""
        given = {
            name: environ[PREFIX + name.upper()]
            for name in cls.model_fields
            if environ.get(PREFIX + name.upper())
        }
        return cls.model_validate(given)

    @property
    def blobs(self) -> str:
        return self.blob_url or str(self.data_dir / "blobs")

    @property
    def spool(self) -> Path:
        """The private local folder of files that are on their way, to a store or to a reader."""
        return self.data_dir / "spool"
