"""TLS to Kafka: whom to trust, and which certificate to show."""

import os
import ssl

from shared.errors import VocError


def trusting(authority: str | None, *, variable: str) -> ssl.SSLContext:
    """A context that checks certificates and names, by that file or, where none is given, as the system does.

    Raises VocError, with the variable, for a file that cannot be used.
    """
    if authority is not None:
        _readable(authority, variable)
    try:
        return ssl.create_default_context(cafile=authority)
    except ssl.SSLError as error:
        raise VocError(f"{variable} is {authority}, which holds no certificates in PEM: {error}.") from None


def show(context: ssl.SSLContext, certificate: str, *, key: str | None, password: str, variable: str) -> None:
    """Let `context` show a certificate of ours to a broker that asks for one.

    `key` None: it is in the same file. Raises VocError, with the variable, for files that cannot be used.
    """
    _readable(certificate, variable)
    if key is not None:
        _readable(key, variable.replace("CERTFILE", "KEYFILE"))
    try:
        context.load_cert_chain(certificate, key, password)  # without a password OpenSSL would ask a terminal
    except ssl.SSLError as error:
        raise VocError(
            f"{variable} is {certificate}, which cannot be used with the key in {key or 'the same file'}: PEM of a"
            f" certificate and its own key are wanted, and the password of a key that is encrypted ({error})."
        ) from None


def _readable(path: str, variable: str) -> None:
    if not os.path.isfile(path):
        raise VocError(f"{variable} is {path}, and there is no such file.")
    if not os.access(path, os.R_OK):
        raise VocError(f"{variable} is {path}, which this account may not read.")
