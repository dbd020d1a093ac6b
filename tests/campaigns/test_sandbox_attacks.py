"""Hostile texts: nothing is evaluated, nothing grows without bound, no process dies."""

# ruff: noqa: E501  (tables read better in one line a case)

import subprocess
import sys
import time
from html import escape

import pytest

from campaigns.errors import ContentError
from campaigns.sandbox import Value, parse
from tests.campaigns.template_bombs import MORE_BOMBS
from tests.campaigns.test_markup import DEEP

PAYLOADS = [
    "{{7*7}}", "{{7*'7'}}", "{{ 7 + 7 }}", "{{ 'a'*1000000 }}", "{{ 1 }}", "{{ -1 }}", "{{ [] }}", "{{ {} }}",
    "{{ () }}", "{{ ''.__class__ }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ x.__class__ }}",
    "{{ x.__init__.__globals__ }}", "{{ x.__dict__ }}", "{{ x['__class__'] }}", '{{ x["a"] }}', "{{ x[0] }}",
    "{{ x|attr('__class__') }}", "{{ x|attr('\\x5f\\x5fclass\\x5f\\x5f') }}", "{{ x()|upper }}", "{{ x.upper() }}",
    "{{ config }}{{ config.items() }}", "{{ self._TemplateReference__context }}", "{{ request.application.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os }}", "{{ namespace.__init__.__globals__.os }}", "{{ url_for.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}", "{{ g.pop.__globals__.__builtins__ }}", "{{ range(10) }}",
    "{% for i in range(1000000) %}{{ i }}{% endfor %}", "{% set x = 1 %}", "{% import 'os' as os %}", "{% from 'a' import b %}",
    "{% include 'etc/passwd' %}", "{% extends 'base' %}", "{% block a %}{% endblock %}", "{% macro a() %}{% endmacro %}",
    "{% call a() %}{% endcall %}", "{% filter upper %}a{% endfilter %}", "{% raw %}{{ x }}{% endraw %}",
    "{% autoescape false %}{{ x }}{% endautoescape %}", "{% with a = 1 %}{% endwith %}", "{% do x.append(1) %}",
    "{% debug %}", "{% load os %}", "{% python %}", "{% exec x %}", "{% if 1 %}a{% endif %}", "{% if 1 == 1 %}a{% endif %}",
    "{% if x.y() %}a{% endif %}", "{% if x and y %}a{% endif %}", "{% if x or y %}a{% endif %}", "{% if x is defined %}a{% endif %}",
    "{% if x != 'a' %}a{% endif %}", "{% if x > 1 %}a{% endif %}", "{% if x == y %}a{% endif %}", "{% elif x %}",
    "{% for a, b in x %}{% endfor %}", "{% for a in x if a %}{% endfor %}", "{% for a in x recursive %}{% endfor %}",
    "{% for a.b in x %}{% endfor %}", "{% for a in x.y() %}{% endfor %}", "{% for a in [1, 2] %}{% endfor %}",
    "{{ x|safe }}", "{{ x|e }}", "{{ x|tojson }}", "{{ x|format('%s') }}", "{{ '%s'|format(x) }}", "{{ x|map('upper') }}",
    "{{ x|join(',') }}", "{{ x|replace('a', 'b') }}", "{{ x|default(y) }}", "{{ x|default('a', true) }}",
    "{{ x|truncate(99999999) }}", "{{ x|truncate(-1) }}", "{{ x|truncate('abc') }}", "{{ x|date('%Y') }}",
    "{{ x|default('{{ y }}') }}", "{{ x if y else z }}", "{{ x ~ y }}", "{{ x + y }}", "{{ not x }}", "{{ x == y }}",
    "{{ _x }}", "{{ x._y }}", "{{ X }}", "{{ x..y }}", "{{ .x }}", "{{ x. }}", "{{ x.y.z.a.b.c }}", "{{ }}", "{%%}",
    "{{ x\x00 }}", "{{ x; y }}", "{{ x|upper; }}", "{{ {{ x }} }}", "{{{ x }}}", "{{# x }}", "{{> x }}", "{{& x }}",
    "{{= 7*7 }}", "{{! x }}", "{{ $x }}", "{{ @x }}", "{{ x:y }}", "{{constructor.constructor('alert(1)')()}}",
    "{{ ｘ }}", "{{ x\u2024y }}", "{{ x|ｕpper }}", "{% ｉf x %}{% endif %}",
]  # fmt: skip

DATA = [
    "${7*7}", "#{7*7}", "<%= 7*7 %>", "*{7*7}", "@(7*7)", "[[7*7]]", "{7*7}", "$(id)", "`id`", "%{7*7}",
    "%s%s%n", "{0.__class__}", "{x!r}", "<!--#exec cmd='id'-->", "<?php echo 7*7 ?>", "#set($x=7*7)$x", "~[7*7]",
]  # fmt: skip

VALUES: dict[str, Value] = {"x": "value", "y": "other", "x.y": "inner"}


def test_there_are_a_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) >= 100


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_template_is_refused_with_a_sentence(payload: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse(payload, path="emails/01.mjml")
    assert str(caught.value).startswith("emails/01.mjml")


@pytest.mark.parametrize("payload", DATA)
def test_what_is_no_tag_here_is_printed_as_it_stands(payload: str) -> None:
    assert parse(payload).render(VALUES, escape=escape) == payload


@pytest.mark.parametrize("payload", PAYLOADS + DATA)
def test_a_payload_in_contact_data_is_printed_as_typed(payload: str) -> None:
    template = parse("{% for n in names %}{{ n }}{% endfor %}|{{ name }}")
    printed = template.render({"name": payload, "names": [payload]}, escape=str)
    stored = parse(template.bind({"name": payload, "names": [payload]}, escape=str).source())
    assert printed == stored.render({}, escape=str) == f"{payload}|{payload}"


def test_an_object_that_is_not_plain_is_refused() -> None:
    with pytest.raises(ContentError, match="neither a text"):
        parse("{{ x }}").render({"x": sys}, escape=escape)  # type: ignore[dict-item]
    with pytest.raises(ContentError, match="neither a text"):
        parse("{% for a in x %}{{ a.b }}{% endfor %}").render({"x": [{"b": sys}]}, escape=escape)  # type: ignore[dict-item]


def nested(depth: int, opening: str, inside: str, closing: str) -> str:
    return opening * depth + inside + closing * depth


fifty: Value = [{"a": "b"}] * 50
BOMBS: dict[str, tuple[str, dict[str, Value]]] = {
    "eight loops of fifty": (nested(8, "{% for a in x %}", "{{ a.a }}", "{% endfor %}"), {"x": fifty}),
    "eight loops that print nothing": (nested(8, "{% for a in x %}", "", "{% endfor %}"), {"x": fifty}),
    "a list of millions": ("{% for a in x %}{{ a }}{% endfor %}", {"x": ["a"] * 2_000_000}),
    "a list of 51": ("{% for a in x %}{{ a }}{% endfor %}", {"x": ["a"] * 51}),
    "blocks a hundred thousand deep": (nested(20_000, "{% if x %}", "", "{% endif %}"), {"x": "a"}),
    "nine levels": (nested(9, "{% if x %}", "a", "{% endif %}"), {"x": "a"}),
    "source of a megabyte": ("a" * 1_000_000, {}),
    "source of a quarter megabyte of tags": ("{{ x }}" * 36_000, {"x": "a"}),
    "unclosed tags": ("{{ x " * 50_000, {"x": "a"}),
    "unclosed comments": ("{# " * 80_000, {}),
    "a value of ten megabytes": ("{{ x }}", {"x": "a" * 10_000_000}),
    "a text grown by loops": ("{% for a in x %}" + "b" * 20_000 + "{% endfor %}", {"x": fifty}),
    "a value grown by loops": ("{% for a in x %}{{ y }}{% endfor %}", {"x": fifty, "y": "é" * 50_000}),
    "spaces between filters": ("{{ x" + " |upper" * 10_000 + " }}", {"x": "a"}),
    "filters without end": ("{{ x" + "|upper" * 40 + " }}", {"x": "a"}),
    "brackets for a backtracking parser": ("{{ x" + "|default('" * 29 + " }}", {"x": "a"}),
}


ALL_BOMBS = BOMBS | MORE_BOMBS


def test_there_are_sixty_bombs_with_the_nests_of_mails() -> None:
    assert len(ALL_BOMBS) == len(BOMBS) + len(MORE_BOMBS)
    assert len(ALL_BOMBS) + len(set(DEEP)) >= 60


@pytest.mark.parametrize("deed", ["render", "bind"])
@pytest.mark.parametrize("name", ALL_BOMBS)
def test_a_bomb_is_refused_within_a_second(name: str, deed: str) -> None:
    source, values = ALL_BOMBS[name]
    started = time.process_time()
    with pytest.raises(ContentError):
        template = parse(source)
        if deed == "bind":
            template.bind(values, escape=escape)
        else:
            template.render(values, escape=escape)
    assert time.process_time() - started < 1


def test_all_bombs_together_leave_a_small_process_alive() -> None:
    """With 512 MB of address space, where unbounded growth would end in a MemoryError or a dead process."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))\n"
        "from campaigns.errors import ContentError\nfrom campaigns.sandbox import parse\n"
        "refused = 0\n"
        "for source in ['{% for a in x %}' * 8 + '{{ a }}' + '{% endfor %}' * 8, '{{ x|upper }}' * 900, '{{' * 99999]:\n"
        "    try: parse(source).render({'x': ['a' * 90000] * 50}, escape=str)\n"
        "    except ContentError: refused += 1\n"
        "print(refused)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stdout.strip()) == (0, "3"), done.stderr
