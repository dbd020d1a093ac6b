import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaigns import markup, markup_clean
from campaigns.errors import ContentError
from campaigns.markup_holes import Holes
from campaigns.markup_scan import scan


def a_mail(inside: str, head: str = "") -> str:
    return (
        f"<mjml><mj-head>{head}</mj-head><mj-body><mj-section><mj-column>{inside}"
        "</mj-column></mj-section></mj-body></mjml>"
    )


def refusal(source: str) -> str:
    with pytest.raises(ContentError) as refused:
        markup.compile_mail(source, path="emails/01.mjml")
    return str(refused.value)


def nest(name: str, depth: int, inside: str = "x") -> str:
    return f"<{name}>" * depth + inside + f"</{name}>" * depth


@pytest.mark.parametrize(
    "hole",
    [
        "{{ contact.first_name }}",
        '{{ contact.first_name|default("A & <b>") }}',
        "{% if contact.first_name %}Hello {{ contact.first_name }},{% else %}Good morning,{% endif %}",
        "{% if contact.company == 'a < b' %}x{% endif %}",
    ],
)
def test_placeholders_come_through_unchanged(hole: str) -> None:
    assert hole in markup.compile_mail(a_mail(f"<mj-text>{hole}</mj-text>"))


def test_a_link_of_ours_may_be_a_placeholder_and_a_persons_value_may_not() -> None:
    button = '<mj-button href="{{ link.unsubscribe }}">a</mj-button>'
    assert 'href="{{ link.unsubscribe }}"' in markup.compile_mail(a_mail(button))

    sentence = refusal(a_mail('<mj-text><a href="{{ contact.company }}">b</a></mj-text>'))
    assert "{{ contact.company }} stands where the mail cannot hold it" in sentence


def test_braces_that_are_not_placeholders_cannot_become_some() -> None:
    html = markup.compile_mail(a_mail("<mj-text>&#123;{7*7}} &#123;&#37; if x %}</mj-text>"))

    assert re.search(r"\{[{%#]", html) is None
    assert "&#123;&#123;7*7}}" in html


def test_conditional_comments_for_outlook_and_the_dark_block_are_kept() -> None:
    dark = "<mj-style>.t { color: #111111 } "
    dark += "@media (prefers-color-scheme: dark) { .t { color: #eceef0 !important } }</mj-style>"
    html = markup.compile_mail(a_mail('<mj-text css-class="t">Hi</mj-text>', dark))

    assert "<!--[if mso | IE]><table" in html and "<![endif]-->" in html
    assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in html
    assert "@media (prefers-color-scheme: dark) { .t { color: #eceef0 !important } }" in html
    assert re.search(r'class="t"[^>]*style="[^"]*color: ?#111111', html)


def test_nothing_is_loaded_from_elsewhere() -> None:
    html = markup.compile_mail(a_mail('<mj-text font-family="Roboto, Inter">Hi</mj-text>'))
    assert "fonts.googleapis" not in html and "<link" not in html


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src='x' onerror='alert(1)' />",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;'>x</a>",
    "<svg onload='alert(1)'><script>alert(1)</script></svg>",
    "<iframe src='https://x.example/'></iframe>",
    "<object data='https://x.example/'></object>",
    "<form action='https://x.example/'><input name='p' /></form>",
    "<meta http-equiv='refresh' content='0;url=https://x.example/' />",
    "<base href='https://x.example/' />",
    "<link rel='stylesheet' href='https://x.example/a.css' />",
    "<style>@import url(https://x.example/a.css); p { background: url(javascript:alert(1)) }</style>",
    "<p style='background:url(javascript:alert(1));behavior:url(x)'>x</p>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<!--[if mso]><script>alert(1)</script><img src='x' onerror='alert(1)' /><![endif]-->",
    "<!--[if gte mso 9]><p>--!><script>alert(1)</script></p><![endif]-->",
    "<title></title><img src='x' onerror='alert(1)' />",
    "<noscript><p title='&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;'>x</p></noscript>",
]
RUNS = re.compile(
    r"<script|<iframe|<object|<form|<input|<base|<link|<svg|<math|http-equiv=\"refresh|<\w[^>\"]*(?:\"[^\"]*\"[^>\"]*)*\son\w+=|"
    r"(?:href|src|action)=\"\s*(?:javascript|vbscript|data):|@import|url\(",
    re.IGNORECASE,
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_could_run_is_neutral_after_compiling(hostile: str) -> None:
    try:
        html = markup.compile_mail(a_mail(f"<mj-raw>{hostile}</mj-raw><mj-text>{hostile}</mj-text>"))
    except ContentError as refused:
        assert str(refused).strip()
    else:
        assert RUNS.search(html) is None


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_could_run_is_neutral_after_cleaning_alone(hostile: str) -> None:
    assert RUNS.search(markup_clean.clean(hostile)) is None


@given(st.text(alphabet="<>\"'=/ !-[]abonerrscipt:&;{%x\n", max_size=60))
@example("<![a")
@example("<![a]>b")
@example("<![ ]x<!-[")
@settings(max_examples=300)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = markup_clean.clean(text)
    assert markup_clean.clean(once) == once
    assert RUNS.search(once) is None


DEEP = [
    nest("mj-section", 5_000),
    nest("mj-column", 20_000),
    nest("mj-wrapper", 100),
    nest("div", 5_000),
    nest("table", 61),
    "<mj-text>" + nest("b", 1_000) + "</mj-text>",
    "<mj-raw>" + nest("div", 10_000) + "</mj-raw>",
    "<mj-section>" * 50_000,
    "</mj-section>" * 50_000,
    "<mj-text>" * 3 + "</mj-text>",
    "<mj-text><p>unclosed</mj-text>",
    "<mj-text>" + "<br />" * 6_000 + "</mj-text>",
    "<mj-text>" + "x" * 300_000 + "</mj-text>",
    "<mj-text " + " " * 200_000,
    "<mj-text a" + '="1" a' * 20_000,
    "<!--" * 50_000,
    "<![CDATA[" + nest("mj-text", 30),
    "<mj-include path='/etc/passwd' />",
    "<mj-text>a < b</mj-text>",
    "<mj-image src=x />",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>",
]


@pytest.mark.parametrize("inside", DEEP, ids=range(len(DEEP)))
def test_a_deep_or_broken_nest_is_refused_with_a_sentence(inside: str) -> None:
    assert re.match(r"emails/01\.mjml( line \d+)?: [A-Z<].+\.", refusal(a_mail(inside)))


def test_a_crash_of_the_compiler_costs_one_mail_and_not_the_process() -> None:
    good = a_mail("<mj-text>fine</mj-text>")
    deadly = a_mail(nest("mj-wrapper", 60_000))
    jobs = {
        path: markup._Job(Holes(source), source)
        for path, source in {"a": good, "b": deadly, "c": good}.items()
    }

    answers = markup._run(jobs, markup.TIMEOUT_SECONDS)

    assert "fine" in answers["a"]["html"] and "fine" in answers["c"]["html"]
    assert answers["b"]["error"].startswith("The compiler gave up on this mail")


def test_several_mails_are_compiled_by_one_child_and_every_problem_is_named() -> None:
    good = a_mail("<mj-text>fine</mj-text>")
    assert list(markup.compile_mails({"a": good, "b": good})) == ["a", "b"]

    with pytest.raises(ContentError) as refused:
        markup.compile_mails({"a": good, "b": "<mjml>", "c": "hello"})
    assert [problem.path for problem in refused.value.problems] == ["b", "c"]


def test_an_unknown_tag_is_reported_with_its_line() -> None:
    problems = markup.check(
        "<mjml>\n<mj-body>\n<mj-sektion></mj-sektion>\n</mj-body></mjml>",
        path="emails/02.mjml",
    )
    assert str(problems[0]).startswith("emails/02.mjml line 3: <mj-sektion> is not known here.")


def test_a_script_and_a_handler_are_reported() -> None:
    problems = markup.check(a_mail("<mj-raw><script>x</script><img src='x' onerror='y' /></mj-raw>"))
    assert [problem.sentence[:20] for problem in problems] == [
        "Scripts do not run i",
        "onerror runs a scrip",
    ]


def test_a_condition_between_elements_is_refused_instead_of_lost() -> None:
    source = a_mail("{% if contact.company %}<mj-text>a</mj-text>{% endif %}")
    assert "'{% if contact.company %}' stands directly in <mj-column>." in refusal(source)
    assert [p.line for p in markup.check(source)] == [1, 1]


def test_the_scan_finds_where_an_element_ends() -> None:
    source = '<mjml><mj-body><mj-text css-class="rg-a t">x<br>y</mj-text></mj-body></mjml>'
    tags = scan(source)
    text = next(tag for tag in tags if tag.name == "mj-text")

    assert text.classes == ["rg-a", "t"]
    assert source[text.end : tags[text.closed_at].start] == "x<br>y"


def test_a_picture_behind_a_section_is_kept_and_no_other() -> None:
    behind = 'background-url="https://go.example/i/a.png" background-color="#123456"'
    styled = "<mj-text><p style=\"background:url('https://b.example/b.png');color:#111111\">x</p></mj-text>"
    source = a_mail(styled).replace("<mj-section>", f"<mj-section {behind}>")
    html = markup.compile_mail(source)

    assert re.search(r"background:\s*#123456 url\((?:'|&#x27;)https://go\.example/i/a\.png", html)
    assert "b.example" not in html and re.search(r"color:\s*#111111", html)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://a.example/a.png');color:red;x:url('https://b.example/",
        "//a.example/a.png",
        "a b",
    ],
)
def test_a_harmful_picture_behind_a_section_is_left_out(address: str) -> None:
    html = markup.compile_mail(
        a_mail("<mj-text>x</mj-text>").replace("<mj-section>", f'<mj-section background-url="{address}">')
    )
    assert not re.search(r"style=\"[^\"]*url\(", html)


def test_a_hero_of_fluid_height_is_as_high_as_its_picture() -> None:
    sides = 'background-width="600px" background-height="240px"'
    hero = f'<mj-hero mode="{{}}" css-class="a" {sides}><mj-text>x</mj-text></mj-hero>'
    around = "<mjml><mj-body>{}</mj-body></mjml>"
    fluid = markup.compile_mail(around.format(hero.format("fluid-height") * 2))
    assert (
        len(re.findall(r'class="a tc-fluid-40".*?<td style="[^"]*padding-bottom: ?40%', fluid, re.DOTALL))
        == 2
    )
    assert "padding-bottom: 40%" not in markup.compile_mail(around.format(hero.format("fixed-height")))


def waiting_compilers() -> list[int]:
    """Process ids of this process's children that wait to compile a mail."""
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "markup_child.py" in line]


def test_a_compiler_that_died_while_it_waited_is_replaced() -> None:
    markup.compile_mail(a_mail("<mj-text>One</mj-text>"))
    [child] = waiting_compilers()
    os.kill(child, signal.SIGKILL)
    while child in waiting_compilers():
        time.sleep(0.01)
    assert "Two" in markup.compile_mail(a_mail("<mj-text>Two</mj-text>"))
    assert child not in waiting_compilers()


def test_a_compiler_that_waits_ends_with_its_parent() -> None:
    program = "from campaigns import markup, markup_compiler; markup_compiler.answers([], 5)"
    program += "; print(markup_compiler._waiting[0].pid)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    folder, end = Path("/proc", ended.stdout.strip()), time.monotonic() + 10
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert not folder.exists()
