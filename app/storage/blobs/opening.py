"""From the address of a store to the store."""

from pathlib import Path

from app.storage.blobs.addresses import parse_blob_address
from app.storage.blobs.folder_store import FolderStore
from app.storage.blobs.store import BlobStore
from app.storage.sealing.key import KeySource


def blob_store_at(url: str, *, spool: Path, keys: KeySource) -> BlobStore:
    """Return the store at `url`; nobody is asked yet whether it is there.

    `spool` is the local folder where files wait that are on their way to a store elsewhere; `keys`
    seal and open them.
    Raises: BlobAddressWrong.
    """
    address = parse_blob_address(url)
    if isinstance(address, Path):
        return FolderStore(address, keys)
    from app.storage.blobs.s3_store import S3Store  # its library is there only where it is needed

    return S3Store(address, keys, spool=spool)
