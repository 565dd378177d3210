"""The identity provider people may sign in with: OpenID Connect by Authlib, code with PKCE, state and nonce.

What an answer must hold is checked here. Whose account it is, only a link says: `casework.signing_in.linking`.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from app.config import Settings, UnusableSettings
from app.errors import Rejected

log = logging.getLogger(__name__)
#: signatures that only the provider can make
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
WAIT_SECONDS = 10
#: clocks of servers may differ by this
LEEWAY_SECONDS = 60
_EXTENSION = "waymark_provider"
_HERE = {"localhost", "127.0.0.1"}


class NotSignedIn(Rejected):
    """Signing in did not work. Go back to the sign-in page and try again."""


class ProviderAway(Rejected):
    """The sign-in service does not answer. Try again in a few minutes, or sign in with a password."""


@dataclass(frozen=True)
class Known:
    """Who the provider says it is."""

    #: who says so
    issuer: str
    #: the account there; it never changes
    subject: str
    #: the provider asked for a second step
    has_second_step: bool


class Provider:
    """The one identity provider of an installation."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        """Read what the settings name. Raises UnusableSettings."""
        self.issuer = settings.oidc_issuer
        self.label = settings.oidc_label
        self._tenant = settings.oidc_tenant
        self._asks_second_step = settings.oidc_second_step
        self._client_id = settings.oidc_client_id
        self._root = settings.public_url.rstrip("/")
        self._client = OAuth(app).register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=Path(settings.oidc_secret_file).read_text().strip() if settings.oidc_secret_file else None,
            server_metadata_url=f"{self.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": WAIT_SECONDS},
        )

    def go(self, path: str) -> Response:
        """To the provider, which sends the browser back to `path`. Raises ProviderAway."""
        self._described()
        return cast(Response, self._client.authorize_redirect(f"{self._root}{path}"))

    def known(self) -> Known:
        """Who came back. Raises NotSignedIn for an answer that is not to what we asked, ProviderAway."""
        self._described()
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
        }
        try:
            token = self._client.authorize_access_token(claims_options=options, leeway=LEEWAY_SECONDS)
        except RequestException as trouble:
            raise ProviderAway from trouble
        except (AuthlibBaseError, JoseError, ValueError) as wrong:
            raise _refusal(wrong) from wrong
        claims = token.get("userinfo") or {}
        if not claims.get("sub"):
            raise NotSignedIn("The sign-in service did not say who you are. Try again.")
        if self._tenant and claims.get("tid") != self._tenant:
            raise NotSignedIn("This account belongs to another organisation. Sign in with your work account.")
        methods = claims.get("amr")
        by_provider = self._asks_second_step or (isinstance(methods, list) and "mfa" in methods)
        return Known(self.issuer, str(claims["sub"])[:500], by_provider)

    def way_out(self, path: str) -> str:
        """Where the browser signs out of the provider too, and comes back to `path`; "" where that cannot be done."""
        try:
            if not self._described().get("end_session_endpoint"):
                return ""
            made = self._client.create_logout_url(f"{self._root}{path}", state="out", client_id=self._client_id)
        except ProviderAway:
            return ""
        return str(made["url"])

    def _described(self) -> dict[str, Any]:
        """What the provider says of itself. Raises ProviderAway where it cannot be read, or is somebody else."""
        try:
            found: dict[str, Any] = self._client.load_server_metadata()
        except (RequestException, ValueError) as trouble:
            log.warning("the identity provider cannot be read: %s", trouble)
            raise ProviderAway from trouble
        if found.get("issuer", "").rstrip("/") != self.issuer.rstrip("/"):
            log.error("expected the issuer %s, but the provider says %s", self.issuer, found.get("issuer"))
            raise ProviderAway
        offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        found["id_token_signing_alg_values_supported"] = [one for one in offered if one in ALGORITHMS]
        return found


def install(app: Flask, settings: Settings) -> None:
    """Connect the application to the provider of the settings, if they name one. Raises UnusableSettings."""
    app.extensions[_EXTENSION] = None
    if not settings.oidc_issuer:
        return
    for name, value in (("OIDC_CLIENT_ID", settings.oidc_client_id), ("PUBLIC_URL", settings.public_url)):
        if not value:
            raise UnusableSettings(f"Expected WAYMARK_{name} beside WAYMARK_OIDC_ISSUER, but it is empty")
    for address in (settings.oidc_issuer, settings.public_url):
        parts = urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
            raise UnusableSettings(f"Expected an address with https://, but got {address!r}")
    if settings.oidc_secret_file and not Path(settings.oidc_secret_file).is_file():
        raise UnusableSettings(f"Expected the file {settings.oidc_secret_file} of WAYMARK_OIDC_SECRET_FILE to be there")
    app.extensions[_EXTENSION] = Provider(app, settings)


def provider() -> Provider | None:
    """The provider of this installation, or None."""
    return cast(Provider | None, current_app.extensions.get(_EXTENSION))


def _refusal(wrong: Exception) -> NotSignedIn:
    log.warning("an answer of the identity provider was refused: %s", type(wrong).__name__)
    kind = f"{getattr(wrong, 'error', '')} {wrong}"
    if "access_denied" in kind:
        return NotSignedIn("The sign-in service says that you did not sign in. Try again.")
    if "state" in kind.lower():
        return NotSignedIn("This answer belongs to another visit to the sign-in page. Start again from there.")
    if "expired" in kind:
        return NotSignedIn("The answer of the sign-in service is too old. Sign in again.")
    return NotSignedIn("The answer of the sign-in service cannot be trusted. Sign in again; if it stays so, say so.")
