"""For https: a certificate that the user has, or one made for this machine and kept, so that a browser is asked once."""

from __future__ import annotations

import os
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003  # the type of a field of a NamedTuple
from typing import NamedTuple
from urllib.parse import urlsplit

from widgetpack.errors import UsageError, WidgetpackError, reason_of
from widgetpack.server.address import EVERYWHERE

_DAYS = 825
"""Apple's browsers refuse certificates that are valid for longer."""
_RENEWED = 14 * 86_400
"""Seconds before its end at which a certificate of our own is made anew."""


_NOT_YET, _EXPIRED, _MISMATCH = 9, 10, 62
"""X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED and X509_V_ERR_HOSTNAME_MISMATCH of OpenSSL."""


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


def doubt_of(certificate: Certificate, origin: str) -> str:
    """Return why browsers warn of a server at ``origin`` with this certificate, whoever has signed it; empty where they need not.

    A handshake in memory finds out: OpenSSL judges a certificate as browsers do, and Python reads none that is not verified.
    """
    name = urlsplit(origin).hostname or ""
    reasons = {_NOT_YET: "is not valid yet", _EXPIRED: "has expired", _MISMATCH: f"is not made for {name}"}
    try:
        _shake_hands(certificate, name)
    except ssl.SSLCertVerificationError as error:
        return f"{reasons.get(error.verify_code, 'is not trusted')}, so browsers ask about it or refuse it"
    except (OSError, ValueError):
        return ""  # a browser finds out, and says more than OpenSSL does
    return ""


def _shake_hands(certificate: Certificate, name: str) -> None:
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(certificate.chain)
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # what is in the file is trusted, though nobody vouches for it
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=name)
    answering = _load(certificate).wrap_bio(to_server, to_client, server_side=True)
    for side in (asking, answering, asking):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()


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


def _load(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The empty password: without one OpenSSL would ask the terminal for it.
    context.load_cert_chain(certificate.chain, certificate.key, password="")
    return context


def _is_good(certificate: Certificate) -> bool:
    """Tell whether the files kept from an earlier run can be used for some time."""
    try:
        _load(certificate)
        made = certificate.chain.stat().st_mtime
    except (OSError, ValueError):
        return False
    return made + _DAYS * 86_400 - time.time() > _RENEWED


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
