"""A receiver of Waymark's events in one file to copy: it takes only what is signed, fresh and new. Needs Python only.

`SECRET=whsec_… python3 waymark_receiver.py 8000` prints each event once. Put HTTPS in front of it.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
OLDEST_SECONDS = 300
seen: set[str] = set()  # keep this where a restart does not lose it, as long as Waymark tries: three days


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what it took, now or before, and 401 to what Waymark did not send."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        name, stamp = self.headers["webhook-id"] or "", self.headers["webhook-timestamp"] or "0"
        made = hmac.digest(SECRET, f"{name}.{stamp}.".encode() + body, hashlib.sha256)
        given = (self.headers["webhook-signature"] or "").split()  # two for a day after the secret was changed
        is_signed = any(hmac.compare_digest(one, "v1," + base64.b64encode(made).decode()) for one in given)
        is_genuine = is_signed and abs(time.time() - int(stamp)) < OLDEST_SECONDS
        if is_genuine and name not in seen:
            print(json.dumps(json.loads(body)), flush=True)  # do your work here, within ten seconds
            seen.add(name)
        self.send_response(204 if is_genuine else 401)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
