"""What must never happen on a page, whoever looks: noted while the browser works, asserted at the end."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Every text and label a person can see or hear, without symbols drawn by the icon font.
READ = """() => {
  const found = [];
  const shown = (element) => element && element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !shown(parent) || parent.closest('[class*=material-symbols], script, style, noscript')) {
      continue;
    }
    found.push(node.data.trim());
  }
  for (const element of document.querySelectorAll('[placeholder], [title], [aria-label], [alt]')) {
    if (shown(element)) {
      for (const name of ['placeholder', 'title', 'aria-label', 'alt']) {
        found.push((element.getAttribute(name) || '').trim());
      }
    }
  }
  found.push(document.title);
  return found.filter(Boolean);
}"""
TELL = f"""
(() => {{
  const read = {READ};
  const tell = () => window.toldVisible && document.body && window.toldVisible(read());
  document.addEventListener('DOMContentLoaded', tell);
  window.addEventListener('load', () => window.setTimeout(tell, 60));
}})();
"""
WORD = re.compile(r"[A-Za-z]{2,}")
# File endings, technical names without a Chinese word, and the names of accounts.
ALLOWED = {"xlsx", "csv", "PDF", "SHA", "MB", "KB", "AB"}
ACCOUNT = re.compile(r"(?<![A-Za-z])(?:admin|bureau|finance|organisation|(?:clerk|leader)-\d{9})(?![A-Za-z])")
DATA = re.compile(r"(?<![A-Za-z0-9])(?:YS\d{12}|[0-9a-f]{16,64})(?![A-Za-z0-9])")  # certificates, checksums


def english_in(text: str) -> list[str]:
    plain = DATA.sub("", ACCOUNT.sub("", text))
    return [word for word in WORD.findall(plain) if word not in ALLOWED]


@dataclass
class Watch:
    """``expected``: addresses whose refusal (4xx) belongs to the test, and may show in the console."""

    host: str
    visited: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        context.expose_binding("toldVisible", self._read)
        context.add_init_script(TELL)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"脚本出错：{error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def look(self, page: Page) -> None:
        """Once more by hand: what scripts have written since the page was loaded."""
        if page.url.startswith("http"):
            self._texts(page.url, page.evaluate(READ))

    def _read(self, source: dict[str, Any], texts: list[str]) -> None:
        self._texts(source["frame"].url, texts)

    def _texts(self, url: str, texts: list[str]) -> None:
        self.visited.append(urlsplit(url).path)
        for text in texts:
            if words := english_in(text):
                self.faults.append(f"{url} 有未译的文字 {words}：{text[:80]}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.location.get("url") not in self.expected:
            self.faults.append(f"{message.page.url if message.page else ''} 控制台：{message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self.host:
            self.faults.append(f"向外请求：{request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.url not in self.expected):
            self.faults.append(f"{response.status}：{response.url}")

    def assert_clean(self) -> None:
        faults = list(dict.fromkeys(self.faults))
        assert not faults, "\n".join(faults)
        assert self.visited, "一页也没有看到"
