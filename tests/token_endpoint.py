"""A token endpoint's stand-in: it checks what a real one checks, and signs tokens that a broker can check."""

import json
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote_plus
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT, SECRET, SCOPE, AUDIENCE, ISSUER = "voc", "päss:wört+%", "events", "kafka", "https://idp.example"


class Issuer:
    """Signs tokens. `jwks` is what a broker checks them by, `seconds` how long they are good for."""

    def __init__(self) -> None:
        self._key: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)
        self.seconds = 300
        self.audience = AUDIENCE
        self.given = 0
        self.away = False

    @property
    def jwks(self) -> str:
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", "n": _number(numbers.n), "e": _number(numbers.e)}
        return json.dumps({"keys": [key]})

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": CLIENT,
            "aud": self.audience,
            "iat": now,
            "exp": now + self.seconds,
            "jti": uuid4().hex,
        }
        parts = ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1"}, claims))
        self.given += 1
        return f"{parts}.{_base64(self._key.sign(parts.encode(), PKCS1v15(), SHA256()))}"

    def answer(self, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        """RFC 6749 §§2.3.1, 4.4.2, 5."""
        if self.away:
            return 503, {}
        if headers["content-type"] != "application/x-www-form-urlencoded":
            return 400, {"error": "invalid_request", "error_description": "a form is wanted"}
        if _pair(headers["authorization"] or "") != [CLIENT, SECRET]:
            return 401, {"error": "invalid_client", "error_description": "unknown client or wrong secret"}
        form = parse_qs(body.decode())
        if form.get("grant_type") != ["client_credentials"]:
            return 400, {"error": "unsupported_grant_type"}
        if form.get("scope", [SCOPE]) != [SCOPE]:
            return 400, {"error": "invalid_scope"}
        return 200, {"access_token": self.token(), "token_type": "Bearer", "expires_in": self.seconds}


@contextmanager
def token_endpoint(issuer: Issuer) -> Iterator[str]:
    """The address of a server that gives out tokens of `issuer`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, document = issuer.answer(self.headers, body)
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oauth2/token"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _pair(authorization: str) -> list[str]:
    kind, _, value = authorization.partition(" ")
    if kind != "Basic":
        return []
    return [unquote_plus(half) for half in b64decode(value).decode().split(":", 1)]


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
