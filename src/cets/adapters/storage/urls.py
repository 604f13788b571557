"""From an address in the settings to a store."""

import ipaddress
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from obstore.store import S3Store

from cets.adapters.storage.faults import telling
from cets.adapters.storage.local import LocalBlobStore
from cets.adapters.storage.remote import RemoteBlobStore
from cets.domains.vault.blobs import BlobStore, StorageFailed

_IN_ADDRESS = frozenset({"endpoint", "region", "virtual_hosted_style_request"})
_IN_OPTIONS = frozenset(
    {"access_key_id", "secret_access_key", "session_token", "retry_seconds", "allow_http"}
)
_RETRY_SECONDS = 60.0


def open_store(url: str, **options: str) -> BlobStore:
    """Return the store at `file:///absolute/folder` or `s3://bucket/prefix?endpoint=https://...&region=...`.

    Options for S3: `access_key_id`, `secret_access_key`, `session_token` (otherwise the AWS_... variables of
    the environment or the machine's role are used; never in the address, which ends in logs),
    `retry_seconds` (60) and `allow_http` ("true" permits an endpoint without TLS outside this machine).
    Raises StorageFailed for an address that cannot be used; a store that does not answer shows with its
    first use.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _open_local(parts)
    if parts.scheme == "s3":
        return _open_s3(parts, options)
    raise StorageFailed(
        f"Stores of kind {parts.scheme or 'without a scheme'!r} are not known. "
        "Give file:///absolute/folder or s3://bucket/prefix?endpoint=https://..."
    )


def _open_local(parts: SplitResult) -> BlobStore:
    if parts.netloc not in {"", "localhost"} or parts.query or not parts.path.startswith("/"):
        raise StorageFailed("A local store is given as file:///absolute/folder, with three slashes.")
    return LocalBlobStore(Path(unquote(parts.path)))


def _open_s3(parts: SplitResult, options: dict[str, str]) -> BlobStore:
    bucket, prefix = parts.hostname or "", parts.path.strip("/")
    config = _read_config(parts, options)
    seconds = float(config.pop("retry_seconds", _RETRY_SECONDS))
    allow_http = config.pop("allow_http", "") == "true"
    place = f"s3://{bucket}/{prefix}".rstrip("/")
    if not bucket:
        raise StorageFailed("An S3 store needs a bucket: s3://bucket/prefix")
    with telling(place):
        objects = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,  # type: ignore[arg-type]
            client_options={"allow_http": _may_use_http(config.get("endpoint", ""), allow=allow_http)},
            retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=seconds)},
        )
    return RemoteBlobStore(objects, place)


def _read_config(parts: SplitResult, options: dict[str, str]) -> dict[str, str]:
    query = dict(parse_qsl(parts.query))
    if parts.username or parts.password or not query.keys() <= _IN_ADDRESS:
        raise StorageFailed(
            f"The address of a store may only carry {', '.join(sorted(_IN_ADDRESS))}. "
            "Access keys belong in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), "
            "because addresses end in logs."
        )
    unknown = options.keys() - _IN_OPTIONS
    if unknown:
        raise StorageFailed(f"Unknown options of a store: {', '.join(sorted(unknown))}.")
    # Stores that are not Amazon's ignore the region, but the signature needs one.
    return {"region": "us-east-1", **query, **options}


def _may_use_http(endpoint: str, *, allow: bool) -> bool:
    parts = urlsplit(endpoint)
    if parts.scheme != "http":
        return False
    if allow or _is_loopback(parts.hostname or ""):
        return True
    raise StorageFailed(
        f"The endpoint {endpoint} has no TLS. Use https://, "
        "or set the option allow_http for a network you trust."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
