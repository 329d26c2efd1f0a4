"""What the suite costs is told by folder."""

from pathlib import Path

from tests.house.seconds import by_folder, table

REPORT = """<testsuites><testsuite>
<testcase classname="tests.rules.test_cases" name="a" time="0.5"/>
<testcase classname="tests.rules.test_edges" name="b" time="1.0"/>
<testcase classname="tests.web.test_no_leaks" name="c" time="9.0"/>
</testsuite></testsuites>"""


def test_tests_and_seconds_are_added_up_by_folder(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT, encoding="utf-8")
    found = by_folder(str(report))
    assert found == {"rules": (2, 1.5), "web": (1, 9.0)}
    assert [line.split() for line in table(found)] == [
        ["web", "1", "9.0"],
        ["rules", "2", "1.5"],
        ["total", "3", "10.5"],
    ]
