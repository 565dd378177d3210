"""Documents of a case: adding one, and sending its bytes so that no browser runs what is in them."""

from flask import g, request
from werkzeug.wrappers import Response

from app import forms
from app.access.actions import Action
from app.cases.additions import Upload, add_document
from app.forms import HEAD_BYTES, MAX_FILE_BYTES
from app.web.downloads import download
from app.web.pages.cases import allowed, back, page, pages
from app.web.reader import command

#: a file opened in the browser all the same may do nothing there
SANDBOX = "default-src 'none'; sandbox"


@pages.post("/cases/<reference>/documents")
def add_a_document(reference: str) -> Response | tuple[str, int]:
    """Keep a file with the case."""
    sent = request.files.get("file")
    name = (sent.filename or "") if sent else ""
    if sent is None or not name:
        return page({"file": "Choose a file"}), 422
    content = sent.stream.read(MAX_FILE_BYTES + 1)
    problem = forms.check_file(name, content[:HEAD_BYTES], len(content))
    if problem is None:
        sent.stream.seek(0)
        problem = forms.check_archive(name, sent.stream)
    if problem:
        return page({"file": problem}), 413 if len(content) > MAX_FILE_BYTES else 422
    may_parents_see = bool(request.form.get("may_parents_see"))
    is_restricted = bool(request.form.get("restricted")) and Action.SEE_RESTRICTED in allowed()
    upload = Upload(name, forms.media_type(name), content, may_parents_see and not is_restricted)
    add_document(g.case.id, upload, is_restricted, command())
    return back("document")


@pages.get("/cases/<reference>/documents/<document_id>")
def document(reference: str, document_id: str) -> Response:
    """The bytes of one document, always as a download."""
    found = download(document_id)
    response = Response(found.content, mimetype=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
