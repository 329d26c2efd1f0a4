"""The watch itself: what it is there for, it sees."""

import pytest
from playwright.sync_api import Browser

from tests.browser.site import Site
from tests.browser.watch import Watch, english_in

WRITE = """() => {
  const said = document.createElement('p');
  said.textContent = 'Save changes';
  document.body.append(said);
  console.error('出错了');
}"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Save", ["Save"]),
        ("共3 results", ["results"]),
        ("下载xlsx，用户clerk-150404001", []),
        ("校验值7ce0cf3bcc32f0d7…", []),
        ("证书YS202100000001", []),
        ("A岗", []),
    ],
)
def test_english_is_told_from_data(text: str, found: list[str]) -> None:
    assert english_in(text) == found


def test_faults_of_a_page_are_noted(site: Site, browser: Browser) -> None:
    watch = Watch(f"127.0.0.1:{site.port}")
    context = browser.new_context(base_url=site.url)
    watch.over(context)
    page = context.new_page()
    page.goto("/login/")
    page.evaluate(WRITE)
    watch.look(page)
    context.route("**/broken/", lambda route: route.fulfill(status=500, body="-"))
    page.goto("/broken/")
    page.goto("about:blank")
    page.set_content("<img src='http://example.invalid/x.png'>", wait_until="commit")
    page.wait_for_timeout(300)
    context.close()
    faults = "\n".join(watch.faults)
    for part in ("Save changes", "控制台：出错了", "500：", "向外请求：http://example.invalid/x.png"):
        assert part in faults
    with pytest.raises(AssertionError, match="Save"):
        watch.assert_clean()
