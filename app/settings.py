"""What a deployment decides, read once from the environment and passed on."""

from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.storage.blobs import BlobAddressWrong
from app.storage.blobs.addresses import parse_blob_address

PREFIX = "NACOR_"
_SHORTEST_KEY = 32
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Settings(BaseModel):
    """Each field is the environment variable NACOR_ and its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

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
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="Addresses and networks of proxies, separated by commas, whose"
        " `X-Forwarded-For` and `X-Forwarded-Proto` are believed; those of anybody else are not.",
    )
    hsts_seconds: int = Field(
        default=0,
        ge=0,
        description="How long browsers remember to come by HTTPS only, said in answers to requests"
        " that came by HTTPS (`Strict-Transport-Security`); a year is 31536000. With 0 it is not"
        " said.",
    )
    secret_key: str | None = Field(
        default=None,
        repr=False,
        description="The master key, which opens every stored record, and which secrets come from:"
        " 32 characters or more, at random, as of `openssl rand -base64 32`. Whoever loses it loses"
        " the records (docs/how-to/keep-the-keys.md). Several are separated by commas: the first"
        " seals, all open. Needed with a database of your own; absent with the embedded one:"
        " `master.key` under the data dir.",
    )
    webhook_networks: str | None = Field(
        default=None,
        description="Networks that webhooks may be sent to besides the public internet, as"
        " `10.20.0.0/16`, separated by commas. Absent: none.",
    )
    smtp_url: str | None = Field(
        default=None,
        repr=False,
        description="The mail server that notices go through: `smtps://user:password@host`,"
        " `smtp+starttls://user:password@host`, or `smtp://host` without a password."
        " Absent: no mail is sent.",
    )
    mail_from: str | None = Field(
        default=None, description="The address that mail is from; needed to send any."
    )
    rules_file: Path | None = Field(
        default=None,
        description="A TOML file that switches off or grades rules beyond the schema"
        " (docs/how-to/grade-rules.md). Absent: every rule as it is shipped.",
    )
    submission_max_bytes: int = Field(
        default=2 << 30, gt=0, description="Largest case file of a submission, uncompressed."
    )
    submission_max_records: int = Field(
        default=500_000, gt=0, description="Most records of a submission, in one case file."
    )
    body_max_seconds: float = Field(
        default=3600, gt=0, description="How long the body of a request may be on its way."
    )
    body_silence_seconds: float = Field(
        default=60, gt=0, description="How long a sender may pause amid the body of a request."
    )
    validate_max_bytes: int = Field(
        default=4 << 20, gt=0, description="Largest case file of `POST /v1/validate`."
    )
    validate_rate: int = Field(
        default=60, gt=0, description="Validations a minute for each address that asks."
    )
    key_rate: int = Field(default=1200, gt=0, description="Requests a minute for each API key.")
    require_agreements: bool = Field(
        default=False,
        description="Whether case files are taken in only for practices whose business associate"
        " agreement and participation agreement are in force on the day; the sandbox needs none.",
    )
    stranger_rate: int = Field(
        default=60,
        gt=0,
        description="Requests a minute with no key or a wrong one, for each address, that are told"
        " so (401); the rest are told to come later (429).",
    )
    require_payment: bool = Field(
        default=False,
        description="Whether case files are taken in only for practices with a paid order for the"
        " year of the day or the year before; the sandbox needs none.",
    )
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
    small_file_bytes: int = Field(
        default=1 << 20,
        ge=0,
        description="Case files up to this size, uncompressed, are taken in while the sender waits;"
        " larger ones wait for a worker.",
    )
    queue_files: int = Field(
        default=2_000,
        gt=0,
        description="Case files without an end state, of all practices, above which new ones are"
        " told to come later.",
    )
    queue_files_of_practice: int = Field(
        default=500, gt=0, description="The same for each practice."
    )
    worker_files: int = Field(
        default=2,
        gt=0,
        le=20,
        description="Case files that a worker takes in at once. Two of one practice never are.",
    )
    worker_silence_seconds: int = Field(
        default=30,
        ge=3,
        description="A worker that says nothing for so long is taken for dead, and its jobs are"
        " begun anew. So often it is also looked for submissions that nobody works on.",
    )
    worker_grace_seconds: float = Field(
        default=20,
        ge=0,
        description="How long a worker that is told to stop lets its case files end; then they are"
        " interrupted, and another worker begins them anew.",
    )
    retry_seconds: float = Field(
        default=15,
        ge=0,
        description="The pause before the second of the three attempts at a submission that breaks"
        " through a fault of ours; before the third it is four times as long.",
    )
    patience_seconds: float = Field(
        default=10,
        gt=0,
        description="How long a case file waits for others that change the cases of its practice;"
        " then it is tried again later, and who sent it is told to look later.",
    )
    replace_max_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="The share of the stored cases of a period that may disappear when a file"
        " replaces it; above it the sender has to say so when confirming.",
    )

    feedback_reports: bool = Field(
        default=True,
        description="Whether feedback reports are made when a quarter is over, and users are"
        " reminded of them by mail (docs/how-to/read-a-feedback-report.md).",
    )
    feedback_days: int = Field(
        default=15,
        ge=1,
        le=90,
        description="How many days after the end of a quarter its feedback reports are made.",
    )
    retention_years: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="How many years after the end of its performance year a case is kept at least"
        " (docs/how-to/retain-and-export.md). Absent: 6, which is assumed.",
    )

    oidc_issuer: str | None = Field(
        default=None,
        description="The OpenID provider that people sign in through, as it calls itself:"
        " `https://login.example.org` (docs/how-to/sign-in.md). Absent: none.",
    )
    oidc_client_id: str | None = Field(
        default=None,
        validate_default=True,
        description="As what this service is registered there; needed with it.",
    )
    oidc_client_secret: str | None = Field(
        default=None,
        repr=False,
        description="The secret that goes with it. Absent: the provider asks for none.",
    )
    oidc_name: str | None = Field(
        default=None,
        description="What people call the provider, on the button to sign in."
        " Absent: its host name.",
    )
    local_accounts: bool | None = Field(
        default=None,
        description="Whether people sign in with passwords that are kept here."
        " Absent: if there is no OpenID provider.",
    )
    session_idle_minutes: int = Field(
        default=30, gt=0, description="A session that is silent for so long has ended."
    )
    session_hours: int = Field(
        default=12, gt=0, description="A session ends after so long in any case."
    )
    sign_in_rate: int = Field(
        default=10,
        gt=0,
        description="Attempts at signing in within 15 minutes for each account;"
        " ten times as many for each address.",
    )
    cookies_without_tls: bool = Field(
        default=False,
        description="Let browsers keep sessions over plain HTTP too: for trying things out on"
        " loopback, never on a network.",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _is_safe_to_ask(cls, issuer: str | None) -> str | None:
        url = urlsplit(issuer or "")
        is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in _LOOPBACK)
        if issuer is not None and (not is_safe or not url.hostname or url.query or url.fragment):
            raise PydanticCustomError("oidc_issuer", "an address with https://")
        return issuer

    @field_validator("oidc_client_id")
    @classmethod
    def _comes_with_an_issuer(cls, client_id: str | None, info: ValidationInfo) -> str | None:
        if client_id is None and info.data.get("oidc_issuer") is not None:
            raise PydanticCustomError("oidc_client_id", "needed beside NACOR_OIDC_ISSUER")
        return client_id

    export_days: int = Field(
        default=7, ge=1, le=365, description="How many days the file of an export is kept."
    )

    cms_vendor_id: str | None = Field(
        default=None,
        pattern=r"^[0-9]{7}$",
        description="The seven digits by which CMS knows this registry as a QCDR; without them no"
        " measure of a QCDR goes into files for CMS (docs/how-to/send-to-cms.md).",
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

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, keys: str | None) -> str | None:
        if keys is not None and any(len(key) < _SHORTEST_KEY for key in _listed(keys)):
            raise PydanticCustomError("secret_key", "a key has 32 characters or more")
        return keys

    @field_validator("smtp_url", "mail_from", "webhook_networks")
    @classmethod
    def _can_be_read(cls, text: str | None, info: ValidationInfo) -> str | None:
        if text is not None and info.field_name is not None:
            try:
                _parser_of(info.field_name)(text)
            except ValueError as error:
                raise PydanticCustomError("notices", "{reason}", {"reason": str(error)}) from None
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: str) -> str:
        for each in _listed(proxies):
            try:
                ip_network(each)
            except ValueError:
                raise PydanticCustomError("proxies", "addresses and networks are needed") from None
        return proxies

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
    def has_local_accounts(self) -> bool:
        return self.oidc_issuer is None if self.local_accounts is None else self.local_accounts

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The newest first."""
        return () if self.secret_key is None else _listed(self.secret_key)

    @property
    def key_file(self) -> Path:
        """The master key of a deployment that was given none."""
        return self.data_dir / "master.key"

    @property
    def blobs(self) -> str:
        return self.blob_url or str(self.data_dir / "blobs")

    @property
    def spool(self) -> Path:
        """The private local folder of files that are on their way, to a store or to a reader."""
        return self.data_dir / "spool"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(","))


def _parser_of(name: str) -> Callable[[str], object]:
    """Imported here: most commands have nothing to do with mail."""
    from app.domain.mail_addresses import parse_mail_address
    from app.notices.reach import parse_networks
    from app.notices.smtp import MailServer

    parsers: dict[str, Callable[[str], object]] = {
        "smtp_url": MailServer.at,
        "mail_from": parse_mail_address,
        "webhook_networks": parse_networks,
    }
    return parsers[name]
