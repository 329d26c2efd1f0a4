"""What a clerk and the bureau do all day, each act a few requests. An answer nobody foresaw is a fault."""

import io
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from random import Random
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import requests

from songshan_cw.words.periods import label, parse
from tests.load.forms import Form, form_with, forms_of
from tests.load.visitor import Notes, Visitor, errors, told
from tests.workbook import build

FIRST = parse("2026-07")
OPENING = 180  # seconds for everybody to sign in
HOT = 5  # people of a street whom all its clerks edit
POOL = 100  # new people a street's workbooks may bring
PERSON = re.compile(r"/people/(\d+)/")
SLIP = re.compile(r"/pay/explain/(\d+)/")
PENDING = re.compile(r"/pay/(\d{4}-\d\d)/(\d+)/")
SEEN = re.compile(r'name="seen-(\d+)" value="([^"]+)"')
LOOK = re.compile(r'name="look" value="([^"]+)"')
CONFIRM = re.compile(r"/import/\w+/confirm/")
VIEWS = (
    "/",
    "/people/",
    "/people/?q=王",
    "/pay/",
    "/contracts/",
    "/limits/",
    "/staffing/",
    "/import/",
    "/performance/",
)


@dataclass(frozen=True)
class Street:
    code: str
    name: str
    community: str
    number: int


@dataclass(frozen=True)
class Day:
    """``seconds`` long; on a slow machine longer, until everything that must happen has, ``longest`` at the most."""

    begin: threading.Barrier
    seconds: float
    longest: float
    most_acts: int
    pause: float
    edits: int
    refused: bool  # an edit overtaken by another's must have happened

    def is_over(self, past: float, notes: Notes) -> bool:
        happened = len(notes.edits) >= self.edits and notes.counts["imports"]
        happened = happened and (notes.refused_edits or not self.refused)
        return past > self.longest or (past > self.seconds and bool(happened and notes.counts["approvals"]))


class Worker:
    """Somebody at work until told to stop: one act after another, chosen by chance, with a pause between them."""

    acts: tuple[tuple[int, str], ...] = ()

    def __init__(self, site: str, username: str, notes: Notes, seed: int) -> None:
        self.visitor, self.notes, self.chance = Visitor(site, username, notes), notes, Random(seed)
        self.username, self.serial = username, 0

    def sign_in(self) -> bool:
        return self.visitor.sign_in()

    def work(self, day: Day) -> None:
        """The day begins when everybody has signed in."""
        try:
            signed_in = self.sign_in()
            day.begin.wait(timeout=OPENING)
            if not signed_in:
                return
            begun = time.monotonic()
            names, weights = [name for _, name in self.acts], [weight for weight, _ in self.acts]
            for _ in range(day.most_acts):
                if day.is_over(time.monotonic() - begun, self.notes):
                    break
                act: Callable[[], None] = getattr(self, self.chance.choices(names, weights)[0])
                act()
                time.sleep(self.chance.uniform(0, 2 * day.pause))
        except requests.RequestException:
            pass  # noted where it happened
        except Exception as fault:  # a page without the expected form is as much a fault as a 500
            self.notes.fault(f"{self.username}: {type(fault).__name__} {fault}")
        finally:
            self.visitor.session.close()

    def token(self) -> str:
        self.serial += 1
        return f"压测{self.username}-{self.serial}"


class Clerk(Worker):
    acts = ((8, "look"), (4, "look_at_person"), (6, "edit"), (4, "record"), (2, "bring"), (5, "pay"), (1, "take"))

    def __init__(self, site: str, username: str, notes: Notes, seed: int, street: Street) -> None:
        super().__init__(site, username, notes, seed)
        self.street, self.month, self.people = street, FIRST, list[str]()

    def look(self) -> None:
        page = self.visitor.get("view", self.chance.choice(VIEWS))
        if urlsplit(page.url).path == "/people/" and "q=" not in page.url:
            self.people = list(dict.fromkeys(PERSON.findall(page.text)))

    def somebody(self, among: int | None = None) -> str:
        if not self.people:
            page = self.visitor.get("view", "/people/")
            self.people = list(dict.fromkeys(PERSON.findall(page.text)))
        return self.chance.choice(self.people[:among])

    def look_at_person(self) -> None:
        tab = self.chance.choice(["", "?tab=pay", "?tab=posts", "?tab=changes"])
        self.visitor.get("person", f"/people/{self.somebody()}/{tab}")

    def edit(self) -> None:
        """Open the person's form, think, save; the second of two is told whose change came first."""
        path, note = f"/workers/worker/{self.somebody(HOT)}/change/", self.token()
        form = form_with(self.visitor.get("edit: open", path).text, "seen_version")
        time.sleep(self.chance.uniform(0, 0.5))
        answer = self.visitor.send("edit: save", path, form, note=note)
        if answer.history:
            self.notes.edits[note] = self.username
        elif "已被他人修改（" in answer.text:
            self.notes.refused_edits.add(note)
        else:
            self.notes.fault(f"edit {path}: {errors(answer.text) or told(answer.text)[:1500]}")
        return None

    def record(self) -> None:
        """A dated fact: form, preview, confirm."""
        kind, given = self.chance.choice(EVENTS)(self.chance)
        path = f"/people/{self.somebody()}/do/{kind}/"
        note = self.token()
        form = form_with(self.visitor.get("event: open", path).text, "note")
        shown = self.visitor.send("event: preview", path, form, note=note, step="preview", **given)
        if 'name="seen"' not in shown.text:
            return self.notes.count("events refused")
        done = self.visitor.send("event: confirm", path, form_with(shown.text, "seen"), step="confirm")
        if done.history:
            self.notes.edits[note] = self.username
        return self.notes.count("events recorded" if done.history else "events overtaken")

    def bring(self) -> None:
        """A workbook with a few new people, who may be known by now to a colleague's workbook."""
        page = self.visitor.get("import: open", "/import/").text
        shown = self.visitor.upload("import: upload", "/import/", page, self.book(), "压测.xlsx")
        found = CONFIRM.search(shown.text)
        if found is None:
            self.notes.count("imports without change" if "预览" in shown.text else "imports refused")
            return
        form = form_with(shown.text, "csrfmiddlewaretoken")
        done = told(self.visitor.send("import: confirm", found.group(), form).text)
        if "已导入：" in done:
            self.notes.count("imports")
        elif "预览之后有人改动" in done or "导入时有人改动" in done:
            self.notes.count("imports overtaken")
        else:
            self.notes.fault(f"import: {done[:300]}")

    def book(self) -> bytes:
        first = self.street.number * POOL + self.chance.randrange(POOL - 5)
        place: dict[str, Any] = {"街道(乡镇)": self.street.name, "社区": self.street.community}
        phones = [f"139{self.chance.randrange(10**8):08d}" for _ in range(5)]
        rows = [build.person(first + at, 联系电话=phone, **place) for at, phone in enumerate(phones)]
        target = io.BytesIO()
        workbook = openpyxl.Workbook()
        sheet = workbook.worksheets[0]
        sheet.title = "花名册"
        for row in [build.HEADERS["花名册"], *rows]:
            sheet.append(row)
        workbook.save(target)
        return target.getvalue()

    def pay(self) -> None:
        """Look at the month under way; compute it, or submit what is shown."""
        path = f"/pay/{label(self.month)}/{self.street.code}/"
        page = self.visitor.get("run: open", path).text
        slips = SLIP.findall(page)
        if slips and self.chance.random() < 0.3:
            self.visitor.get("explain", f"/pay/explain/{self.chance.choice(slips)}/")
        seen = next((form.value("seen") for form in forms_of(page) if form.value("seen")), "")
        if seen and self.chance.random() < 0.6:
            self.hand_in(path)
        elif 'value="compute"' in page:
            done = self.visitor.press("run: compute", path, page, "compute")
            self.notes.count(outcome(done, "computations"))
            self.hand_in(path)
        elif slips and "已审核" in told(page) and 'value="submit"' not in page and "待审核" not in told(page):
            self.month += 1

    def hand_in(self, path: str) -> None:
        """Submit at once what was computed: facts that move in between would make it stale."""
        page = self.visitor.get("run: open", path).text
        if seen := next((form.value("seen") for form in forms_of(page) if form.value("seen")), ""):
            self.notes.count(outcome(self.visitor.press("run: submit", path, page, "submit", seen=seen), "submits"))

    def take(self) -> None:
        """Away with a file."""
        if self.chance.random() < 0.5:
            form = form_with(self.visitor.get("export: open", "/export/").text, "numbers")
            self.visitor.send("export: workbook", "/export/", form)
            return
        path = f"/pay/2026-06/{self.street.code}/download/{self.chance.choice(['sheet', 'bank', 'print'])}/"
        self.visitor.get("export: pay", path)


class Bureau(Worker):
    """Views, returns, and approves — pressing together with a colleague who sees the same page."""

    acts = ((3, "look"), (9, "decide"), (1, "send_back"), (1, "take"))

    def __init__(self, site: str, username: str, notes: Notes, seed: int, colleague: Visitor) -> None:
        super().__init__(site, username, notes, seed)
        self.colleague = colleague

    def sign_in(self) -> bool:
        return self.visitor.sign_in() and self.colleague.sign_in()

    def work(self, day: Day) -> None:
        try:
            super().work(day)
        finally:
            self.colleague.session.close()

    def look(self) -> None:
        self.visitor.get("bureau: view", self.chance.choice([*VIEWS[:-2], "/secondments/", "/forecast/", "/budget/"]))

    def waiting_month(self) -> str:
        """A month with something submitted, out of what the start page lists."""
        months = sorted({month for month, _ in PENDING.findall(self.visitor.get("bureau: view", "/").text)})
        return self.chance.choice(months) if months else label(FIRST)

    def decide(self) -> None:
        path = f"/pay/{self.waiting_month()}/"
        pages = [one.get("bureau: month", path).text for one in (self.visitor, self.colleague)]
        seen = [dict(SEEN.findall(page)) for page in pages]
        both = sorted(set(seen[0]) & set(seen[1]))
        if not both:
            return
        chosen = self.chance.sample(both, self.chance.randint(1, len(both)))
        self.review(path)
        together, answers = threading.Barrier(2), list[str]()

        def approve(visitor: Visitor, page: str, shown: dict[str, str]) -> None:
            form = form_with(page, f"seen-{chosen[0]}")
            fields = [pair for pair in form.fields if pair[0] == "csrfmiddlewaretoken" or pair[0][5:] in chosen]
            fields += [("street", code) for code in chosen] + [("action", "approve")]
            form.fields = fields
            together.wait(timeout=60)
            answers.append(told(visitor.send("bureau: approve", path, form).text))

        second = threading.Thread(target=quietly, args=(approve, self.colleague, pages[1], seen[1]))
        second.start()
        approve(self.visitor, pages[0], seen[0])
        second.join()
        self.judge(path, chosen, answers)
        if all("不能提交或审核" in answer for answer in answers):
            self.give_back(path, chosen)

    def review(self, path: str) -> None:
        """Tick what one hand entered, as the bureau must before it approves."""
        page = self.visitor.get("bureau: review", f"{path}review/").text
        if looks := LOOK.findall(page):
            token = form_with(page, "csrfmiddlewaretoken").value("csrfmiddlewaretoken")
            fields = [("csrfmiddlewaretoken", token), *(("look", unescape(look)) for look in looks)]
            self.visitor.send("bureau: tick", f"{path}review/", Form({}, fields))

    def judge(self, path: str, chosen: list[str], answers: list[str]) -> None:
        won = [answer for answer in answers if "已审核通过：" in answer]
        for answer in answers:
            self.notes.count("approvals" if answer in won else "approvals overtaken")
            if answer not in won and not re.search(r"不能审核（最近：|重新计算过|不能提交或审核|须先复核", answer):
                self.notes.fault(f"approval {path}: {answer[:400]}")
        for _ in won:
            for code in chosen:
                self.notes.approved[f"{path.split('/')[2]} {code}"] += 1

    def send_back(self) -> None:
        path = f"/pay/{self.waiting_month()}/"
        page = self.visitor.get("bureau: month", path).text
        codes = list(dict(SEEN.findall(page)))
        if codes:
            self.give_back(path, codes[:1])

    def give_back(self, path: str, codes: list[str]) -> None:
        """Return runs; those whose facts have moved on must be computed again."""
        for code in codes:
            page = self.visitor.get("bureau: month", path).text
            answer = self.visitor.press("bureau: return", path, page, "return", street=code, reason="压测退回，请核对")
            self.notes.count(outcome(answer, "returns"))

    def take(self) -> None:
        self.visitor.get("export: pay", f"/pay/2026-06/download/{self.chance.choice(['sheet', 'register', 'bank'])}/")


def quietly(act: Callable[..., None], *given: Any) -> None:
    """In a second thread, whose faults are noted where they happen."""
    try:
        act(*given)
    except (requests.RequestException, threading.BrokenBarrierError):
        return


def outcome(answer: str, what: str) -> str:
    """Done, or refused in words."""
    refused = re.search(r"不能(重新计算|提交|退回|审核)|重新计算过|没有可", answer)
    return f"{what} overtaken" if refused else what


def _day(chance: Random) -> str:
    return f"{chance.randint(2022, 2026)}-{chance.randint(1, 5):02d}-{chance.randint(1, 28):02d}"


def _gap(chance: Random) -> tuple[str, dict[str, str]]:
    day = _day(chance)
    return "gap", {"first_day": day, "last_day": f"{day[:8]}28", "reason": "病假"}


def _certificate(chance: Random) -> tuple[str, dict[str, str]]:
    levels = ["助理社会工作师", "社会工作师", "高级社会工作师"]
    return "certificate", {"level": chance.choice(levels), "approved_on": _day(chance), "number": "压测"}


def _degree(chance: Random) -> tuple[str, dict[str, str]]:
    return "degree", {"level": chance.choice(["大学本科", "硕士研究生"]), "earned_on": _day(chance)}


def _placement(chance: Random) -> tuple[str, dict[str, str]]:
    return "placement", {
        "month": _day(chance)[:7],
        "credited_months": str(chance.randint(12, 240)),
        "document_no": "压测",
    }


EVENTS = (_gap, _certificate, _degree, _placement)
