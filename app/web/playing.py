"""Plays scenarios beside the requests, so that no page waits for them. What they showed is kept by `app.studio`."""

import logging
import threading
from typing import cast

from flask import Flask, current_app

from app.model.definition import Bundle
from app.studio import reports

log = logging.getLogger(__name__)

#: one bundle after the other: playing takes all a processor has
_turn = threading.Lock()
_EXTENSION = "waymark_playing"


def begin(bundle: Bundle) -> None:
    """Have the scenarios of a bundle played, unless they are being played, or a fault of this program stopped it."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    asked: set[str] = app.extensions.setdefault(_EXTENSION, set())
    if bundle.digest not in asked:
        asked.add(bundle.digest)
        threading.Thread(target=_play, args=(app, bundle, asked), name="scenarios", daemon=True).start()


def _play(app: Flask, bundle: Bundle, asked: set[str]) -> None:
    with _turn, app.app_context():
        try:
            if reports.known(bundle) is None:
                reports.play(bundle)
        except Exception:
            log.exception("The scenarios of %s could not be played", bundle.key)
            return  # asked for still: the next page does not try again
        asked.discard(bundle.digest)
