"""Settings: read once from `WAYMARK_…` variables, frozen, and refused when unknown.

Nothing else reads the environment.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PREFIX = "WAYMARK_"
#: how the log may be written
LOGS = ("plain", "json")
#: a database that is waited for less than this would be out of reach whenever it is busy
SHORTEST_WAIT_SECONDS = 2
#: plain (on the same machine), TLS after STARTTLS, TLS from the beginning
MAIL_SCHEMES = ("smtp://", "smtp+starttls://", "smtps://")


class UnusableSettings(SystemExit):
    """A setting is unknown or cannot be read: the program must not start."""


@dataclass(frozen=True)
class Settings:
    """What an installation may choose. Every default is safe in production."""

    #: WAYMARK_DATA_DIR: databases, keys and logs of this installation
    data_dir: Path = Path("var")
    #: WAYMARK_DATABASE_URL: empty means SQLite in the data directory
    database_url: str = ""
    #: WAYMARK_KEYS_URL: database of wrapped keys; empty means SQLite in the data directory
    keys_url: str = ""
    #: WAYMARK_DATABASE_SECONDS: an answer of PostgreSQL that takes longer is not waited for
    database_seconds: int = 10
    #: WAYMARK_DEMO: an installation with invented people, a movable clock and one-click sign-in
    demo: bool = False
    #: WAYMARK_SECURE_COOKIES: cookies only over HTTPS; turned off only by the demonstration
    secure_cookies: bool = True
    #: WAYMARK_SESSION_MINUTES: signed out after this long without a request
    session_minutes: int = 30
    #: WAYMARK_CHECKPOINT_FILE: list outside the database that every signed checkpoint is added to; empty: none
    checkpoint_file: str = ""
    #: WAYMARK_ERASURE_FILE: list of what was erased, for restoring; empty means `erasures.jsonl` in the data directory
    erasure_file: str = ""
    #: WAYMARK_PUBLIC_URL: the address people type, https://waymark.example.org; needed for single sign-on and for mail
    public_url: str = ""
    #: WAYMARK_SMTP_URL: server that takes e-mail, smtps://user:password@host:465; empty: nobody gets mail
    smtp_url: str = ""
    #: WAYMARK_MAIL_FROM: address that mail comes from; needed with a server
    mail_from: str = ""
    #: WAYMARK_WEBHOOK_HOSTS: hosts in one's own network that events may be sent to, with commas between; empty: none
    webhook_hosts: str = ""
    #: WAYMARK_PROXIES: how many proxies in front add to X-Forwarded-For; 0 believes nobody
    proxies: int = 0
    #: WAYMARK_OIDC_ISSUER: issuer of the identity provider people may sign in with; empty: none
    oidc_issuer: str = ""
    #: WAYMARK_OIDC_CLIENT_ID: what the provider knows this installation by
    oidc_client_id: str = ""
    #: WAYMARK_OIDC_SECRET_FILE: file that holds the client's secret and nothing else, mode 0600
    oidc_secret_file: str = ""
    #: WAYMARK_OIDC_LABEL: what the button says after "Sign in with"
    oidc_label: str = "your work account"
    #: WAYMARK_OIDC_TENANT: the only tenant (`tid`) that is let in; empty: the provider has none
    oidc_tenant: str = ""
    #: WAYMARK_OIDC_SECOND_STEP: the provider asks everybody for a second step, so that Waymark need not
    oidc_second_step: bool = False
    #: WAYMARK_LOG: how the log on stderr is written: plain, or json for programs that collect it
    log: str = "plain"
    #: WAYMARK_METRICS_TOKEN: what a monitor sends as bearer token to read /metrics; empty: from this machine only
    metrics_token: str = ""
    #: WAYMARK_FAST_COMMITS: do not wait for the disk; for seeding a demonstration and for tests only
    fast_commits: bool = False

    @property
    def main_url(self) -> str:
        """SQLAlchemy address of the main database."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'waymark.db'}"

    @property
    def key_database_url(self) -> str:
        """SQLAlchemy address of the database of wrapped keys."""
        return self.keys_url or f"sqlite:///{self.data_dir.absolute() / 'keys.db'}"

    @property
    def sends_mail(self) -> bool:
        """Notices go out by e-mail, too; never to the invented people of a demonstration."""
        return bool(self.smtp_url) and not self.demo

    @property
    def kek_path(self) -> Path:
        """File of the key-encryption key, mode 0600."""
        return self.data_dir / "kek"

    @property
    def signing_path(self) -> Path:
        """File of the key that signs checkpoints, and of the log's name, mode 0600."""
        return self.data_dir / "signing"

    @property
    def erasure_path(self) -> Path:
        """List of what was erased: replayed when a backup is restored."""
        return Path(self.erasure_file) if self.erasure_file else self.data_dir / "erasures.jsonl"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `WAYMARK_…` variables. Raises UnusableSettings for an unknown name or an unreadable value."""
    known = {f"{PREFIX}{field.name.upper()}": field for field in fields(Settings)}
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    if unknown := sorted(set(given) - set(known)):
        raise UnusableSettings(f"Unknown setting {unknown[0]}. Known: {', '.join(sorted(known))}")
    settings = Settings(**{known[name].name: _read(name, known[name].type, value) for name, value in given.items()})
    _check_mail(settings)
    if settings.database_seconds < SHORTEST_WAIT_SECONDS:
        raise UnusableSettings(f"Expected {PREFIX}DATABASE_SECONDS to be {SHORTEST_WAIT_SECONDS} or more")
    if settings.log not in LOGS:
        raise UnusableSettings(f"Expected {PREFIX}LOG to be {' or '.join(LOGS)}, but it is {settings.log!r}")
    return settings


def _check_mail(settings: Settings) -> None:
    if not settings.smtp_url:
        return
    if not settings.smtp_url.startswith(MAIL_SCHEMES):
        raise UnusableSettings(f"Expected WAYMARK_SMTP_URL to begin with one of {', '.join(MAIL_SCHEMES)}")
    if not (settings.mail_from and settings.public_url):
        raise UnusableSettings("Expected WAYMARK_MAIL_FROM and WAYMARK_PUBLIC_URL beside WAYMARK_SMTP_URL")


def _read(name: str, kind: object, value: str) -> Any:
    if kind is Path:
        return Path(value)
    if kind is bool:
        if value.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise UnusableSettings(f"Expected {name} to be yes or no, but it is {value!r}")
        return value.lower() in {"1", "true", "yes"}
    if kind is int:
        if not value.isdigit():
            raise UnusableSettings(f"Expected {name} to be a whole number, but it is {value!r}")
        return int(value)
    return value
