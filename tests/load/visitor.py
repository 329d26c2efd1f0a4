"""A person at a browser, without the browser: session, CSRF, forms; every answer timed and every fault kept."""

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser

import requests

from tests.load.forms import Form, form_with, forms_of

PATIENCE = 120
PASSWORD = "demo-2022"
ERRORS = re.compile(r"<ul class=\"[^\"]*errorlist[^\"]*\".*?</ul>", re.S)
# A colleague computed the draft again after the page with its slips was opened: a new slip has a new address.
MAY_BE_GONE = {"explain"}
SILENT = {"script", "style", "title"}


@dataclass
class Notes:
    """What all visitors saw; written by many threads."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: list[str] = field(default_factory=list)
    edits: dict[str, str] = field(default_factory=dict)  # accepted: the note written → who wrote it
    refused_edits: set[str] = field(default_factory=set)
    approved: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, kind: str, seconds: float) -> None:
        with self.lock:
            self.seconds[kind].append(seconds)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1

    def fault(self, text: str) -> None:
        with self.lock:
            self.faults.append(text)


class Visitor:
    def __init__(self, site: str, username: str, notes: Notes) -> None:
        self.site, self.username, self.notes = site, username, notes
        self.session = requests.Session()
        self.session.trust_env = False

    def sign_in(self) -> bool:
        page = self.get("sign in", "/login/")
        answer = self.send(
            "sign in", "/login/", form_with(page.text, "csrfmiddlewaretoken"), username=self.username, password=PASSWORD
        )
        if "/login/" in answer.url:
            self.notes.fault(f"{self.username} could not sign in")
            return False
        return True

    def get(self, kind: str, path: str) -> requests.Response:
        return self._ask(kind, "GET", path)

    def send(self, kind: str, path: str, form: Form, **changes: str) -> requests.Response:
        return self._ask(kind, "POST", path, data=form.filled(**changes))

    def press(self, kind: str, path: str, page: str, action: str, **changes: str) -> str:
        """Press a button on a page already open; returns what the next page told."""
        form = next((one for one in forms_of(page) if one.value("csrfmiddlewaretoken")), Form({}))
        token = {"csrfmiddlewaretoken": form.value("csrfmiddlewaretoken")}
        return told(self._ask(kind, "POST", path, data={**token, "action": action, **changes}).text)

    def upload(self, kind: str, path: str, page: str, content: bytes, name: str) -> requests.Response:
        form = form_with(page, "csrfmiddlewaretoken")
        return self._ask(kind, "POST", path, data=form.fields, files={"workbook": (name, content)})

    def _ask(self, kind: str, method: str, path: str, **given: object) -> requests.Response:
        begun = time.monotonic()
        send = partial(self.session.request, method, f"{self.site}{path}", timeout=PATIENCE, **given)
        try:
            answer = self._once_more(method, partial(send, headers={"Referer": f"{self.site}/"}))
        except requests.RequestException as fault:
            self.notes.fault(f"{self.username} {method} {path}: {fault}")
            raise
        self.notes.took(kind, time.monotonic() - begun)
        if answer.status_code >= 500:
            self.notes.fault(f"{self.username} {method} {path}: {answer.status_code}")
        elif answer.status_code == 404 and kind in MAY_BE_GONE:
            self.notes.count(f"{kind}: gone meanwhile")
        elif answer.status_code >= 400:
            self.notes.fault(f"{self.username} {method} {path}: {answer.status_code} {told(answer.text)[:80]}")
        return answer

    def _once_more(self, method: str, send: Callable[[], requests.Response]) -> requests.Response:
        """A browser asks again for a page when a kept connection turns out closed, as one is whose process is renewed;
        it never sends a form again by itself."""
        try:
            return send()
        except requests.ConnectionError:
            if method != "GET":
                raise
            self.notes.count("pages asked for again")
            return send()


class _Text(HTMLParser):
    """The words of a page; scripts and styles say nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words += data.split()


def told(page: str) -> str:
    """All a page says, in one line of text."""
    reader = _Text()
    reader.feed(page)
    return " ".join(reader.words)


def errors(page: str) -> str:
    """What a refused form says is wrong."""
    return "；".join(told(found) for found in ERRORS.findall(page))
