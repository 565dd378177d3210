"""An identity provider over real HTTP on this machine: discovery, keys, codes that work once, tokens signed by RSA.

It checks what a client must send (PKCE, redirect address, secret), and does what a test tells it wrong.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "waymark-tests", "a secret of the tests"
_KEYS = [RSAKey.generate_key(2048, {"kid": f"key{number}", "use": "sig"}) for number in (1, 2)]


@dataclass
class IdentityProvider:
    """What it answers, to be changed by tests."""

    #: its own address, and so its issuer
    issuer: str = ""
    #: the account that signs in there
    subject: str = "subject-1"
    #: claims put over the right ones; None takes a claim away
    claims: dict[str, Any] = field(default_factory=dict)
    #: the key that signs, and those that are published
    signs_with: RSAKey = field(default_factory=lambda: _KEYS[0])
    published: list[RSAKey] = field(default_factory=lambda: [_KEYS[0]])
    #: the key the other is changed for
    other_key: RSAKey = field(default_factory=lambda: _KEYS[1])
    #: a token without an id token
    is_silent: bool = False
    #: codes given and what was asked with them
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    #: refused token requests, for the test that fails to say why
    refused: list[str] = field(default_factory=list)

    def authorize(self, address: str) -> str:
        """What a browser does there: sign in, and be sent back with a code."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert len(query["state"]) >= 20
        assert len(query["nonce"]) >= 20
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(12)
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to a code, once, for whoever knows the verifier and the secret."""
        asked = self.asked.pop(form.get("code", ""), None)
        if asked is None:
            return self._refuse("no such code")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return self._refuse("wrong verifier")
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if given != f"{CLIENT}:{SECRET}" or form.get("redirect_uri") != asked["redirect_uri"]:
            return self._refuse("wrong secret or address")
        if self.is_silent:
            return {"access_token": "a", "token_type": "Bearer"}
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300,
                  "nonce": asked["nonce"]} | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.signs_with.kid}
        return {"access_token": "a", "token_type": "Bearer", "id_token": jwt.encode(header, claims, self.signs_with)}

    def describe(self) -> dict[str, Any]:
        """Its discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def keys(self) -> dict[str, Any]:
        """The public halves."""
        return KeySet(list(self.published)).as_dict(private=False)

    def _refuse(self, why: str) -> None:
        self.refused.append(why)


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """One that answers until the test is over."""
    there = IdentityProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {"/.well-known/openid-configuration": there.describe, "/keys": there.keys}.get(self.path)
            self._say(200 if found else 404, found() if found else {})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(sent).items()}
            answer = there.token(form, self.headers.get("Authorization", ""))
            self._say(200 if answer else 400, answer or {"error": "invalid_grant"})

        def _say(self, status: int, body: dict[str, Any]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
