"""The grammar of written texts."""

from datetime import date
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.errors import ContentError
from campaigns.sandbox import Template, Value, parse


def shown(source: str, values: dict[str, Value] | None = None, **more: dict[str, str]) -> str:
    return parse(source).render(values or {}, escape=escape, **more)


def refusal(source: str) -> str:
    with pytest.raises(ContentError) as caught:
        parse(source, path="emails/02.mjml")
    return str(caught.value)


def test_a_name_prints_its_escaped_value() -> None:
    assert (
        shown("Hello {{ contact.first_name }}!", {"contact.first_name": "Anna & Co"})
        == "Hello Anna &amp; Co!"
    )


def test_text_around_names_is_kept_byte_for_byte() -> None:
    source = "\n <p>a }} b {x} %}</p>\r\n\t{# gone #}.card { color: red }"
    assert shown(source) == source.replace("{# gone #}", "")


def test_contact_data_is_printed_as_typed() -> None:
    typed = "{{7*7}}{% for x in y %}{# z #}"
    assert shown("Hello {{ contact.first_name }}", {"contact.first_name": typed}) == f"Hello {typed}"


def test_if_and_else_choose_by_presence() -> None:
    source = "{% if contact.first_name %}Hello {{ contact.first_name }},{% else %}Hello,{% endif %}"
    assert shown(source, {"contact.first_name": "Anna"}) == "Hello Anna,"
    assert shown(source, {"contact.first_name": ""}) == "Hello,"
    assert shown(source) == "Hello,"


@pytest.mark.parametrize("value", ["", 0, False, None, []])
def test_if_not_holds_for_everything_empty(value: Value) -> None:
    assert shown("{% if not x %}none{% else %}some{% endif %}", {"x": value}) == "none"


def test_if_compares_with_a_text() -> None:
    source = "{% if partner.country == 'CH' %}Grüezi{% else %}Hello{% endif %}"
    assert shown(source, {"partner.country": "CH"}) == "Grüezi"
    assert shown(source, {"partner.country": "AT"}) == "Hello"


def test_for_goes_through_texts_and_mappings() -> None:
    assert shown("{% for n in names %}[{{ n }}]{% endfor %}", {"names": ["a", "<b>"]}) == "[a][&lt;b&gt;]"
    people: list[Value] = [{"name": "Anna"}, {"name": "Marc"}]
    assert shown("{% for p in people %}{{ p.name }};{% endfor %}", {"people": people}) == "Anna;Marc;"


def test_a_loop_item_hides_an_outer_name_only_inside_the_loop() -> None:
    source = "{{ p.name }}{% for p in people %}{{ p.name }}{% endfor %}"
    assert shown(source, {"p.name": "outer ", "people": [{"name": "inner"}]}) == "outer inner"
    assert parse(source).names() == {"p.name", "people"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ x|upper }}", "ANNA VAN DER MEER"),
        ("{{ x|lower }}", "anna van der meer"),
        ("{{ x|title }}", "Anna Van Der Meer"),
        ("{{ x|truncate(12) }}", "anna van…"),
        ('{{ x|truncate("5") | upper }}', "ANNA…"),
        ('{{ empty|default("there") }}', "there"),
        ('{{ missing|default("there")|title }}', "There"),
        ('{{ x|default("there") }}', "anna van der meer"),
    ],
)
def test_filters(source: str, expected: str) -> None:
    assert shown(source, {"x": "anna van der meer", "empty": ""}) == expected


def test_dates_are_written_in_the_language_of_the_text() -> None:
    day: dict[str, Value] = {"day": date(2026, 12, 3)}
    assert parse('{{ day|date("long") }}', locale="en").render(day, escape=str) == "December 3, 2026"
    assert parse('{{ day|date("long") }}', locale="de").render(day, escape=str) == "3. Dezember 2026"


def test_a_fallback_fills_the_gap_but_if_does_not_see_it() -> None:
    source = "{% if contact.company %}at {{ contact.company }}{% else %}at {{ contact.company }}.{% endif %}"
    assert (
        shown(source, {"contact.company": ""}, fallbacks={"contact.company": "your firm"}) == "at your firm."
    )


def test_a_printed_name_without_any_value_is_an_error_with_its_line() -> None:
    with pytest.raises(ContentError, match=r"line 2: There is no value for 'partner\.nmae'"):
        parse("one\n{{ partner.nmae }}", path="emails/01.mjml").render({}, escape=escape)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("one\ntwo {{ 7*7 }}", "emails/02.mjml line 2: '7*7' is not a name"),
        ("{% if x %}\n\n", "line 1: The if opened here is never closed"),
        ("\n{% endif %}", "line 2: This endif has no if before it"),
        ("{% if x %}{% endfor %}", "This endfor has no for before it"),
        ("{% else %}", "This else has no if"),
        ("{% if x %}{% else %}{% else %}{% endif %}", "This else has no if"),
        ("{{ x|shell }}", "There is no filter 'shell'"),
        ("{{ x|default }}", "needs a text"),
        ("{{ x|upper|upper|upper|upper|upper }}", "At most 4 filters"),
        ("{{ x", "'{{' is not closed"),
        ("{# x", "'{#' is not closed"),
        ("{% while x %}", "'while' is not understood here"),
        ("{% if not x == 'a' %}{% endif %}", "either 'not' or '=='"),
        ("{% for in in x %}{% endfor %}", "cannot be a name"),
    ],
)
def test_what_does_not_parse_is_named_with_file_line_and_sentence(source: str, sentence: str) -> None:
    assert sentence in refusal(source)


def test_binding_fills_the_partners_values_and_leaves_the_contacts_open() -> None:
    bound = parse("{{ partner.name }} writes to {{ contact.first_name }}").bind(
        {"partner.name": "Müller & Söhne"}, escape=escape
    )
    assert bound.source() == "Müller &amp; Söhne writes to {{ contact.first_name }}"
    assert bound.names() == {"contact.first_name"}


def test_binding_goes_into_open_blocks_and_decides_those_it_can() -> None:
    source = (
        "{% if partner.phone %}{% if contact.first_name %}{{ partner.phone }}{% else %}-{% endif %}"
        "{% endif %}"
        "{% for c in contact.list %}{{ c }}{{ partner.phone }}{% endfor %}"
    )
    bound = parse(source).bind({"partner.phone": "044"}, escape=escape)
    assert bound.source() == (
        "{% if contact.first_name %}044{% else %}-{% endif %}"
        "{% for c in contact.list %}{{ c }}044{% endfor %}"
    )


def test_a_bound_value_that_looks_like_a_tag_stays_data_when_stored_and_read_again() -> None:
    hostile = "{{7*7}}{% if x %}{"
    bound = parse("{{ partner.name }}{{ contact.first_name }}").bind({"partner.name": hostile}, escape=escape)
    again = parse(bound.source())
    assert again.names() == {"contact.first_name"}
    assert again.render({"contact.first_name": "Anna"}, escape=escape) == hostile + "Anna"


_texts = st.text(alphabet="ab{}%# \n\"'<", max_size=12)
_pieces = st.recursive(
    st.one_of(
        st.text(alphabet="ab}% \n\"'", max_size=8),
        st.sampled_from(["{{ a }}", "{{ b.c|upper }}", '{{ a|default("x y") }}', "{# no #}", '{{ "{" }}']),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        inner.map(lambda body: f"{{% if a %}}{body}{{% endif %}}"),
        st.tuples(inner, inner).map(
            lambda two: f'{{% if b.c == "x" %}}{two[0]}{{% else %}}{two[1]}{{% endif %}}'
        ),
        inner.map(lambda body: f"{{% for i in items %}}{body}{{{{ i }}}}{{% endfor %}}"),
    ),
    max_leaves=6,
)


def _parsed(source: str) -> Template | None:
    try:
        return parse(source)
    except ContentError:
        return None


@given(_pieces)
def test_source_written_again_is_the_same_template(source: str) -> None:
    template = _parsed(source)
    if template is not None:
        assert parse(template.source()).nodes == template.nodes


@given(_pieces, _texts, _texts, st.lists(_texts, max_size=3))
def test_binding_then_rendering_equals_rendering_at_once(
    source: str, a: str, c: str, items: list[str]
) -> None:
    template = _parsed(source)
    if template is None:
        return
    values: dict[str, Value] = {"a": a, "b.c": c, "items": list(items)}
    first = {"a": a, "items": values["items"]}
    stored = parse(template.bind(first, escape=escape).source())
    assert stored.render(values, escape=escape) == template.render(values, escape=escape)
