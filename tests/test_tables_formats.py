"""Each format is well formed, whatever a method calls itself; the command writes and checks."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tables_result import estimate, result, write

from medbench.cli.main import main
from medbench.leaderboards.tables.build import BEGIN, END, build, render

HOSTILE = (
    "<img src=x onerror=alert(1)> | \\input{x} $ % & # _ ^ ~ *b* `c` [d](e) http://f.g www.h.i j@k.l \n | = "
)
DOCS = Path(__file__).parents[1] / "docs" / "tables.md"


@pytest.fixture
def hostile(tmp_path):
    figures = (estimate("diagnosis_accuracy", 0.5, 0.4, 0.6), estimate("face_matching_rate", 0.1, 0.0, 0.2))
    return write(tmp_path / "results", result("bad", "mema-mini", *figures, title=HOSTILE))


@pytest.fixture
def call(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["tables", *map(str, arguments)])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


class Tags(HTMLParser):
    """Every tag that opens, and the depth left open at the end."""

    def __init__(self):
        super().__init__()
        self.seen, self.open, self.text = set(), [], ""

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_html_shows_names_as_text(hostile):
    page = Tags()
    page.feed(render(build(results=hostile), "html"))
    assert not page.open
    assert page.seen.isdisjoint({"img", "script", "a", "link"})
    assert "<img src=x onerror=alert(1)>" in page.text


def test_html_rows_have_as_many_cells_as_there_are_columns(hostile):
    for table in build(results=hostile):
        rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", render([table], "html"), re.DOTALL)
        assert [row.count("<td") for row in rows] == [len(table.about) + len(table.columns)] * len(table.rows)


def test_markdown_tables_keep_their_shape(hostile):
    for table in build(results=hostile):
        rows = [line for line in render([table], "md").split("\n") if line.startswith("| ")]
        width = 1 + len(table.about) + len(table.columns)
        assert len(rows) == 2 + len(table.rows)
        assert {len(re.split(r"(?<!\\)\|", row)) - 2 for row in rows} == {width}
    text = render(build(results=hostile), "md")
    assert "<img" not in text and "\\`c\\`" in text and "\\*b\\*" in text
    assert not re.search(r"://|www\.|@", text)


def test_latex_is_balanced_and_escaped(hostile):
    text = render(build(results=hostile), "latex")
    assert "\\input{" not in text and "\\textbackslash{}input\\{x\\}" in text
    bare = re.sub(r"\\[{}\\%&$#_]", "", text)
    depth = 0
    for character in bare:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert sorted(re.findall(r"\\begin\{(\w+)", text)) == sorted(re.findall(r"\\end\{(\w+)", text))
    assert not set(text) & set("↑↓−×²λκ′–")
    for table in build(results=hostile):
        body = render([table], "latex").split("\\hline")[2]
        rows = [row for row in body.strip().split("\n") if row]
        assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {len(table.about) + len(table.columns)}


def test_csv_keeps_labels_apart_and_holds_no_formula(hostile):
    text = render(build("mema", "3", hostile), "csv")
    head, *rows = csv.reader(io.StringIO(text))
    ours = next(row for row in rows if row[0] == "Ours")
    added = next(row for row in rows if row[0].startswith("'+ <img"))
    place = {title: n for n, title in enumerate(head)}
    assert ours[place["Classification (%) / All [P value]"]] == "86.70"
    assert ours[place["Classification (%) / All [M value]"]] == ""
    assert added[place["Classification (%) / All [M value]"]] == "50.00"
    assert added[place["Classification (%) / All [M low]"]] == "40"
    assert added[place["Classification (%) / All [P value]"]] == ""
    assert not any(one[:1] in "=+@" for row in rows for one in row if one)


def test_no_figure_stands_without_a_label(hostile):
    for line in render(build("mema", "7", hostile), "md").split("\n"):
        if line.startswith("| ") and not line.startswith(("| Method", "| ---")):
            for one in line.strip("| ").split(" | ")[2:]:
                assert one == "–" or re.match(r"[PRM] \d", one), line


def test_the_command_prints_json_and_refuses_what_is_not(call):
    code, out, _ = call("--paper", "mema", "--table", "10", "--json")
    (table,) = json.loads(out)
    assert code == 0 and table["rows"][0]["cells"][2]["values"][0]["value"] == 86.7
    code, _, err = call("--paper", "mema", "--table", "11")
    assert code == 2 and "no table '11'" in err and "fig8" in err
    assert call("--check")[0] == 2
    assert call("--results", "no/such/folder")[0] == 2


def test_the_ending_chooses_the_format(call, tmp_path):
    for ending, begins in ((".csv", "mema 2"), (".tex", "%"), (".html", "<!doctype"), (".md", "P: ")):
        out = tmp_path / f"table{ending}"
        assert call("--paper", "mema", "--table", "2", "--out", out)[0] == 0
        assert out.read_text(encoding="utf-8").startswith(begins)


def test_a_changed_digit_is_found(call, tmp_path, hostile):
    out = tmp_path / "page.md"
    out.write_text(f"before\n{BEGIN}\n{END}\nafter\n", encoding="utf-8")
    asked = ("--results", hostile, "--out", out)
    assert call(*asked, "--check")[0] == 1
    assert call(*asked)[0] == 0
    assert call(*asked, "--check")[0] == 0
    text = out.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "86.70" in text
    (file,) = hostile.rglob("*.json")
    file.write_text(
        file.read_text(encoding="utf-8").replace('"value": 0.5', '"value": 0.51'), encoding="utf-8"
    )
    code, said, _ = call(*asked, "--check")
    assert code == 1 and "differs" in said
    assert out.read_text(encoding="utf-8") == text


def test_the_page_in_the_docs_is_what_the_results_give(call):
    assert call("--out", DOCS, "--check")[:2] == (0, f"{DOCS}: as the results give it\n")
