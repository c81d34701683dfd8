"""Web pages: all of the article, in order, and nothing of what stands around it."""

import pytest

from corpora import BlockKind
from corpora.webpage import read_page

HALL = "The committee met in the old town hall on Monday and heard four witnesses."
NIGHT = "All of them told of the night of the raid, each in other words."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Statement on the raids</title><style>.x{{}}</style></head>
<body class="has-menu"><div id="cookie-bar">We use cookies to make this site work for all. <button>Accept</button></div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav></header>
<form id="page"><div class="wrapper"><div class="column">
<div class="breadcrumbs"><a href="/">Home</a> &raquo; <a href="/news">News</a></div><h1>Statement on the raids</h1>
<div class="meta"><time datetime="2024-03-14">14 March 2024</time></div><div class="share-buttons"><a href="#">Tell others</a></div>
<div class="body">{HALL}<br><br>{NIGHT}
<p>Did you see the men?</p><p>Yes.</p><p>Did they speak?</p><p>Yes.</p>
Both answers were <b>given</b> at once.
<h3>What is asked</h3>
<ol><li>That the detained be told why they are held;<ul><li>in writing;</li></ul></li><li>That they see a lawyer.</li></ol>
<table><tr><th>Village</th><td>East hill</td></tr></table></div>
<div class="related"><h4>Other statements</h4><ul><li><a href="/a">Statement on the wells</a></li></ul></div>
</div><div class="sidebar"><p>Leave your address here and we write to you once a month.</p></div></div></form>
<footer><p>All rights are reserved by the committee and by its members.</p></footer></body></html>"""


def lines(body: str) -> list[str]:
    page = read_page(f"<html><head><title>T</title></head><body>{body}</body></html>")
    return [page.text[block.start : block.end] for block in page.blocks if block.kind is not BlockKind.TITLE]


def test_a_whole_page():
    page = read_page(PAGE)
    paragraph, item, cell = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_CELL
    assert [(block.kind, page.text[block.start : block.end]) for block in page.blocks] == [
        (BlockKind.TITLE, "Statement on the raids"),
        (paragraph, "14 March 2024"),
        (paragraph, HALL),
        (paragraph, NIGHT),
        (paragraph, "Did you see the men?"),
        (paragraph, "Yes."),
        (paragraph, "Did they speak?"),
        (paragraph, "Yes."),
        (paragraph, "Both answers were given at once."),
        (BlockKind.HEADING, "What is asked"),
        (item, "That the detained be told why they are held;"),
        (item, "in writing;"),
        (item, "That they see a lawyer."),
        (cell, "Village"),
        (cell, "East hill"),
    ]
    assert page.date == "2024-03-14"


@pytest.mark.parametrize("shell", ["<article>{}</article>", "<div>{}</div>", "<div class='content'>{}</div>", "{}"])
@pytest.mark.parametrize(
    "where",
    [
        "{bare}<p>{night}</p>",
        "<p>{night}</p>{bare}",
        "<p>{night}</p><div>{bare}<ul><li>one item</li></ul></div>",
        "<div><h2>Found</h2>{bare}</div><p>{night}</p>",
        "<blockquote>{bare}<p>quoted</p></blockquote><p>{night}</p>",
        "<ul><li>{bare}<p>in it</p></li></ul><p>{night}</p>",
        "<p>{night}</p><center>{bare}</center>",
        "<p>{night}</p><font>{bare}</font>",
        "<details><summary>{bare}</summary>inside</details><p>{night}</p>",
        "<div><div><div>{bare}</div></div></div><p>{night}</p>",
    ],
)
@pytest.mark.parametrize("bare", ["The witness said that <b>nothing</b> had been taken.", "Yes."])
def test_bare_text_is_not_lost(shell, where, bare):
    found = lines(shell.format(f"<h1>Head</h1><p>{HALL}</p>" + where.format(bare=bare, night=NIGHT)))
    assert found.count(bare.replace("<b>", "").replace("</b>", "")) == 1


def test_words_within_sentences_stay():
    body = f"<p>{HALL}</p><p>On <time>5 May 2020</time> the <label>men</label> came <del>back</del>.</p><p>{NIGHT}</p>"
    assert lines(f"<div>{body}</div>") == [HALL, "On 5 May 2020 the men came back.", NIGHT]


def test_what_is_hidden_is_not_read():
    body = (
        f"<p>{HALL}</p><p style='display: none'>Not this.</p><script>var words = 1;</script><p hidden>Nor this.</p><p>{NIGHT}</p>"
    )
    assert lines(f"<div>{body}</div>") == [HALL, NIGHT]


def test_paragraphs_of_typed_text():
    assert lines(f"<div><p>{HALL}</p><pre>a line\nand its end\n\nthe next</pre><p>{NIGHT}</p></div>") == [
        HALL,
        "a line and its end",
        "the next",
        NIGHT,
    ]


def test_a_line_broken_once_is_one_paragraph():
    assert lines(f"<div><p>{HALL}<br>{NIGHT}</p><p>{HALL}<br><br>{NIGHT}</p></div>") == [f"{HALL} {NIGHT}", HALL, NIGHT]


@pytest.mark.parametrize("shell", ["<p>{}</p>", "<div>{}</div>", "<font><b>{}</b></font>", "<span>{}</span>", "{}"])
def test_paragraphs_that_only_breaks_part(shell):
    written = [HALL, "They came at night.", "Yes.", NIGHT, "لم يتكلّم أحد منهم بعد ذلك، ولم يكتب أحد ما قيل في القاعة."]
    assert lines(shell.format("<br><br>".join(written))) == written


@pytest.mark.parametrize("tag", ["b", "span", "a", "sup", "label"])
def test_tens_of_thousands_of_inline_elements(tag):
    found = lines(f"<div><p>{HALL}</p><p>{f'some <{tag}>word</{tag}> ' * 20_000}</p></div>")
    assert sum(map(len, found)) > 180_000


def test_references_to_no_character():
    body = f"<p>{HALL}</p>a&#x1;b&#0;c&#31;d&#x1F600;&#10;&#x41;&#65;<br>{NIGHT}"
    assert lines(f"<div>{body}</div>") == [HALL, "a b c d\U0001f600 AA", NIGHT]
