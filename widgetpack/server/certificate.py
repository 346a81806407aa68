"""For https: a certificate that the user has, or one made for this machine and kept, so that a browser is asked once."""

from __future__ import annotations

import os
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003  # the type of a field of a NamedTuple
from typing import NamedTuple

from widgetpack.errors import UsageError, WidgetpackError, reason_of
from widgetpack.server.address import EVERYWHERE

_DAYS = 825
"""Apple's browsers refuse certificates that are valid for longer."""
_RENEWED = 14 * 86_400
"""Seconds before its end at which a certificate of our own is made anew."""


class Certificate(NamedTuple):
    """Two PEM files, which may be the same."""

    chain: Path
    key: Path


def given_certificate(chain: Path, key: Path | None) -> Certificate:
    """Return the user's files; raises `UsageError` where they cannot be used together."""
    certificate = Certificate(chain, key or chain)
    for path in certificate:
        if not os.path.isfile(path):  # noqa: PTH113  # also for what may not be looked at
            message = f"{path}: no such file"
            raise UsageError(message, "`[serve] certificate` and `key` name PEM files, relative to the config")
    try:
        _load(certificate)
    except (OSError, ValueError) as error:
        # What OpenSSL says of a file differs from version to version, and helps nobody.
        reason = "no certificate and key that belong together"
        if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
            reason = reason_of(error)
        message = f"{chain}: {reason}"
        hint = "name a PEM file with the certificate, and under `key` the one with its key, without a password"
        raise UsageError(message, hint) from None
    return certificate


def made_certificate(folder: Path | None, host: str) -> Certificate:
    """Return a certificate for this machine and ``host``, from ``folder`` or made there.

    Raises `WidgetpackError` where trustme is not installed or the folder cannot be written.
    """
    if folder is None:
        raise WidgetpackError("no home folder to keep a certificate in", "name one under `[serve] certificate`")
    names = ["localhost", "127.0.0.1", "::1"]
    if host and host not in EVERYWHERE and host not in names:
        names.append(host)
    stem = "localhost" if len(names) == 3 else "localhost-" + "".join(c if c.isalnum() else "-" for c in host)  # noqa: PLR2004
    certificate = Certificate(folder / f"{stem}.pem", folder / f"{stem}.key")
    if not _is_good(certificate):
        _write(certificate, names)
    return certificate


def _load(certificate: Certificate) -> None:
    # The empty password: without one OpenSSL would ask the terminal for it.
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate.chain, certificate.key, password="")


def _is_good(certificate: Certificate) -> bool:
    """Tell whether the files kept from an earlier run can be used for some time."""
    try:
        _load(certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(certificate.chain)
        ends = [ssl.cert_time_to_seconds(str(found["notAfter"])) for found in context.get_ca_certs()]
        made = certificate.chain.stat().st_mtime
    except (OSError, ValueError, KeyError):
        return False
    # get_ca_certs leaves out what is no authority: then the file's own age counts.
    return min([*ends, made + _DAYS * 86_400]) - time.time() > _RENEWED


def _write(certificate: Certificate, names: list[str]) -> None:
    try:
        import trustme
    except ImportError:
        message = "https needs trustme, which is not installed"
        raise WidgetpackError(message, "pip install 'widgetpack[dev]', or name a certificate of your own") from None
    authority = trustme.CA(organization_name="widgetpack", organization_unit_name="this machine only")
    leaf = authority.issue_cert(*names, not_after=datetime.now(UTC) + timedelta(days=_DAYS))
    chain = b"".join(part.bytes() for part in leaf.cert_chain_pems)
    try:
        certificate.chain.parent.mkdir(parents=True, exist_ok=True)
        _write_private(certificate.key, leaf.private_key_pem.bytes())
        _write_private(certificate.chain, chain)
    except OSError as error:
        message = f"{certificate.chain.parent}: the certificate cannot be kept: {reason_of(error)}"
        raise WidgetpackError(message, "set WIDGETPACK_CACHE to a folder that can be written") from None


def _write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
