"""What is wrong with a kit is told by file and line, in a sentence."""

# ruff: noqa: E501  (tables read better in one line a case)

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import kit
from campaigns.errors import ContentError
from tests.campaigns.kit_files import MAIL, MANIFEST, a_picture, found, some_files, with_change

INVITE, PAGE = "emails/01-invite.mjml", "microsite/page.yml"
FIGURE = "<p>81 in 100 come at night.</p>"


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("kit.yml", "sale: transactional", "sale: cheap", "kit.yml line 5: 'cheap' is not a sale. It can be: transactional, complex."),
        ("kit.yml", "sale: transactional", "sail: x", "kit.yml line 5: 'sail' is not known here. Did you mean 'sale'?"),
        ("kit.yml", "promise: Owners ask you for a checklist.\n", "", "kit.yml line 1: 'promise' is missing."),
        ("kit.yml", "sizes: [1-100]", "sizes: [small]", "kit.yml line 9: 'small' is not a size. Write people in the firm, such as 1-100 or 501+."),
        ("kit.yml", "sizes: [1-100]", "sizes: [1-100]\ntopics: [" + "x" * 31 + "]", f"kit.yml line 10: '{'x' * 31}' is not a topic. Write 1 to 30 characters."),
        ("kit.yml", "sizes: [1-100]", "sizes: [1-100]\ntopics: [a, b, c, d, e, f]", "kit.yml line 10: 'topics' has to be a list of at most 5 entries."),
        ("kit.yml", "languages: [en]", "languages: [english]", "kit.yml line 4: 'english' is not a language. Use codes such as en, de or fr."),
        ("kit.yml", "currency: CHF", "currency: Fr.", "kit.yml line 10: 'Fr.' is not a currency. Use three capitals such as CHF."),
        ("kit.yml", "cap: 400", "cap: 4e9", "kit.yml line 10: '4e9' is not an amount of CHF. Write it like 400 or 400.00."),
        ("kit.yml", "key: reminder", "key: invite", "kit.yml line 24: The key 'invite' stands twice; the first is in line 16."),
        ("kit.yml", "not_clicked:invite", "not_clicked:nobody", "kit.yml line 28: The condition names 'nobody', which is not an earlier mail of this sequence."),
        ("kit.yml", "not_clicked:invite", "not_clicked:reminder", "kit.yml line 28: The condition names 'reminder', which is not an earlier mail of this sequence."),
        ("kit.yml", "not_clicked:invite", "not_clicked:page", "kit.yml line 28: The condition names 'page', which is not an earlier mail of this sequence."),
        ("kit.yml", "not_clicked:invite", "registered", "kit.yml line 28: 'registered' is not a condition. Write one of not_clicked, answered, not_answered, registered, not_registered, attended, not_attended, a colon and the key of an earlier touch, such as not_clicked:invite."),
        ("kit.yml", "day: 4", "day: 0", "kit.yml line 28: 'reminder' goes out on the same day as 'invite', before anybody could click."),
        ("kit.yml", "day: 4", "day: soon", "kit.yml line 27: 'day' has to be a whole number from 0 to 365, not 'soon'."),
        ("kit.yml", '"09:30"', "9h30", "kit.yml line 20: '9h30' is not a time. Write it in quotes, like \"09:30\"."),
        ("kit.yml", "    subject: One question\n", "", "kit.yml line 24: 'subject' is missing."),
        ("kit.yml", "{{ contact.company }}", "{{ contact.compny }}", "kit.yml line 22: There is no name 'contact.compny'. Did you mean 'contact.company'?"),
        ("kit.yml", "{{ contact.company }}", "{{ 7*7 }}", "kit.yml line 22: '7*7' is not a name. Write a name such as {{ contact.first_name }}, with a filter if needed such as |default(\"there\")."),
        ("kit.yml", ", fallback: your firm", "", "kit.yml line 33: 'fallback' is missing."),
        ("kit.yml", "{{ contact.company }}", "{{ contact.last_name }}", "kit.yml line 22: 'contact.last_name' has no fallback. Describe it under merge_fields in kit.yml."),
        ("kit.yml", "emails/02-reminder.mjml", "emails/02.mjml", "kit.yml line 29: There is no file 'emails/02.mjml'."),
        ("kit.yml", "emails/02-reminder.mjml", "../02.mjml", "kit.yml line 29: '../02.mjml' has to be a file emails/<name>.mjml."),
        ("kit.yml", "kind: microsite", "kind: fax", "kit.yml line 13: 'fax' is not a kind. It can be: email, microsite, webinar, social, block, ad, call_script, sales_guide, event, trial."),
        ("kit.yml", "kind: microsite", "kind: webinar", "kit.yml line 15: 'microsite/page.yml' has to be a file webinar.yml."),
        ("kit.yml", ", reason: It is quoted.", "", "kit.yml line 36: 'reason' is missing."),
        ("kit.yml", "  lead:", "  spare: {label: Spare}\n  lead:", "kit.yml line 37: The region 'spare' is described but used nowhere. Take it out."),
        ("kit.yml", "label: Headline}", "label: Headline, max: 90}", "kit.yml line 35: A headline may have at most 60 characters. Set 'max' to 60 or less."),
        ("kit.yml", "purpose: sharing", "purpose: news", "kit.yml: 'named_where_agreed' needs a consent with purpose sharing on the form of the page."),
        (INVITE, "rg-figure", "rg-offer", "emails/01-invite.mjml line 10: region 'offer' is used but not described in kit.yml."),
        (INVITE, "rg-figure", "rg-headline", "emails/01-invite.mjml line 10: The region 'headline' stands twice in this mail. Give one of them another name."),
        (INVITE, "<h1>Sleep well</h1>", f"<h1>{'long ' * 13}</h1>", "emails/01-invite.mjml line 9: The headline has more than 60 characters. Shorten it."),
        (INVITE, "<h1>Sleep well</h1>", "<p>Sleep well</p>", "emails/01-invite.mjml: Each mail needs exactly one <h1>; this one has 0."),
        (INVITE, "</mjml>", "", "emails/01-invite.mjml line 17: This is not well-formed: no element found. Close every tag; write &amp; for &, &#160; for a space."),
        (INVITE, FIGURE, "<p>Fish & chips</p>", "emails/01-invite.mjml line 10: This is not well-formed: not well-formed (invalid token). Close every tag; write &amp; for &, &#160; for a space."),
        (INVITE, FIGURE, "<p>{{ contact.email }}</p>", "emails/01-invite.mjml line 10: There is no name 'contact.email'. Did you mean 'partner.contact.email'?"),
        (INVITE, ' css-class="platform-footer"', "", 'emails/01-invite.mjml: Each mail needs exactly one empty <mj-section css-class="platform-footer">, for sender, address and unsubscribe.'),
        (INVITE, '"platform-lockup">', '"platform-lockup"><mj-column></mj-column>', "emails/01-invite.mjml line 6: The section 'platform-lockup' has to be empty; the product fills it."),
        (INVITE, '"platform-footer"', '"platform-footer platform-person"', "emails/01-invite.mjml line 14: 'platform-person' belongs on the mj-text about the contact person, not on mj-section."),
        (INVITE, "<mj-button", '<mj-text css-class="platform-person">a</mj-text>' * 2 + "<mj-button", "emails/01-invite.mjml: Only one mj-text may be 'platform-person'; this mail has 2."),
        (INVITE, FIGURE, "<script>x</script>", "emails/01-invite.mjml line 10: Scripts are not used in mails. Take it out. (<script>)"),
        (INVITE, FIGURE, '<p onclick="x">a</p>', "emails/01-invite.mjml line 10: 'onclick' starts a script. Take it out."),
        (INVITE, FIGURE, '<a href="http://a.example">a</a>', "emails/01-invite.mjml line 10: The link 'http://a.example' has to start with https://, mailto: or tel:, or be a name."),
        (INVITE, FIGURE, '<a href="javascript:x">a</a>', "emails/01-invite.mjml line 10: The link 'javascript:x' has to start with https://, mailto: or tel:, or be a name."),
        (INVITE, FIGURE, '<a href="{{ contact.company }}">a</a>', "emails/01-invite.mjml line 10: A link may be a name only for link.microsite, link.recording, link.webinar, partner.website, vendor.website."),
        (INVITE, FIGURE, '<img src="https://a.example/a.png" />', 'emails/01-invite.mjml line 10: Pictures come with the kit: src="assets/<file>".'),
        (INVITE, "<mj-button", '<mj-social><mj-social-element name="facebook" alt="F" /></mj-social><mj-button', 'emails/01-invite.mjml line 11: Pictures come with the kit: src="assets/<file>".'),
        (INVITE, "<mj-section>", '<mj-section background-url="https://a.example/b.png">', 'emails/01-invite.mjml line 7: Pictures come with the kit: background-url="assets/<file>".'),
        (INVITE, "81 in 100", "<iframe></iframe>", "emails/01-invite.mjml line 10: <iframe> is not used inside text. Use p, h1, a, strong, em, br, lists and tables."),
        (INVITE, FIGURE, '<p style="background:url(https://a.example)">a</p>', "emails/01-invite.mjml line 10: 'style' may not load or run anything, and styles are put inline by the product."),
        (INVITE, "a { color", "@import 'x'; a { color", "emails/01-invite.mjml line 3: Styles may not load or run anything. Take '@import' out."),
        (INVITE, "<mj-head>", '<mj-head><mj-include path="a.mjml" />', "emails/01-invite.mjml line 2: Files are not included from elsewhere. Put the content here. (<mj-include>)"),
        (INVITE, "<mj-head>", '<mj-head><mj-font name="a" href="https://a.example" />', "emails/01-invite.mjml line 2: Fonts are not loaded from other sites. Name fonts in font-family; system fonts are used. (<mj-font>)"),
        (INVITE, "<mj-head>", "<mj-head><mj-preview>a</mj-preview>", "emails/01-invite.mjml line 2: The preview line stands in kit.yml. Take this element out. (<mj-preview>)"),
        (INVITE, "<mj-head>", "<mj-head><mj-raw><script>x</script></mj-raw>", "emails/01-invite.mjml line 2: Scripts are not used in mails. Take it out. (<script>)"),
        (INVITE, "<mj-body>", "<mj-body><mj-raw><p>x</p></mj-raw>", "emails/01-invite.mjml line 5: mj-raw may hold only <meta> elements, in mj-head."),
        (INVITE, "<mj-body>", "<mj-body><mj-carousel />", "emails/01-invite.mjml line 5: <mj-carousel> is not an MJML element that mails may use."),
        (INVITE, "<mj-body>", "<mj-body>{% if partner.name %}{% endif %}", "emails/01-invite.mjml line 5: A name or a block may not stand between elements, only inside mj-text, mj-button and mj-table."),
        (INVITE, "<mj-button", '<mj-image src="assets/hero.png" /><mj-button', 'emails/01-invite.mjml line 11: The picture needs alt="...": words for those who do not see it.'),
        (INVITE, "<mj-button", '<mj-image alt="a" src="https://a.example/a.png" /><mj-button', 'emails/01-invite.mjml line 11: Pictures come with the kit: src="assets/<file>".'),
        (INVITE, "<mj-button", '<mj-image alt="a" src="assets/no.png" /><mj-button', "emails/01-invite.mjml line 11: There is no file 'assets/no.png'. Put it into assets/."),
        (INVITE, "<mjml", "<!DOCTYPE a [<!ENTITY b 'c'>]><mjml", "emails/01-invite.mjml line 1: A document type is not used here. Start with <mjml>."),
        (INVITE, "{{ link.microsite }}", "https://a.example", "emails/01-invite.mjml: This mail does not lead to the page. Use {{ link.microsite }} in its button."),
        (PAGE, ", alt: A quiet desk", "", "microsite/page.yml line 7: The picture needs 'alt': words for those who do not see it."),
        (PAGE, "hero.png", "zero.png", "microsite/page.yml line 7: There is no file 'assets/zero.png'. Put it into assets/."),
        (PAGE, "headline: Sleep well", f"headline: {'long ' * 13}", "microsite/page.yml line 4: The headline has more than 60 characters. Shorten it."),
        (PAGE, "region: lead", "region: led", "microsite/page.yml line 5: region 'led' is used but not described in kit.yml."),
        (PAGE, "consents: [sharing]", "consents: [sharing, news]", "microsite/page.yml: The form asks for the consent 'news', which kit.yml does not describe."),
        (PAGE, "name: email", "name: phone", "microsite/page.yml line 16: The first question has to be the e-mail, and it cannot be optional."),
        (PAGE, "next: We call you.", "next: We call {{ contact.company }}.", "microsite/page.yml line 22: 'contact.company' is not used on a page: a forwarded mail would name somebody else."),
        (PAGE, "here it is: {{ link.microsite }}", "here it is: {{ page.address }}", "microsite/page.yml line 27: There is no name 'page.address'. Names start with campaign, contact, link, partner, vendor, webinar."),
        (PAGE, "file: microsite/checks.md", "file: microsite/other.md", "microsite/page.yml line 10: There is no file 'microsite/other.md'. Texts of the page are microsite/<name>.md."),
        ("microsite/checks.md", "Does it", "<b>Does</b> it", "microsite/checks.md line 1: HTML is not used here. Write Markdown: **bold**, lists, [links](https://)."),
        ("microsite/checks.md", "Does it", "[Does](http://a.example) it", "microsite/checks.md line 1: The link 'http://a.example' has to start with https://."),
        ("microsite/checks.md", "Does it", "![Does](assets/hero.png) it", "microsite/checks.md line 1: Pictures are not used in texts. The page has its own place for one."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_sentence(path: str, old: str, new: str, expected: str) -> None:
    assert expected in found(with_change(path, old, new))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("kit: 1\nname: &a x\npromise: *a\n", "kit.yml line 2: Anchors (&) and aliases (*) are not used in kits. Write the value out."),
        ("kit: !!python/object/apply:os.system [id]\n", "kit.yml line 1: Tags such as"),
        ("kit: 1\nname: a\nname: b\n", "kit.yml line 3: 'name' stands twice here; the first is in line 2."),
        ("kit: " + "[" * 5_000, "kit.yml line 1: This is nested more than 12 levels deep."),
        ("kit: " + "{a: " * 40, "kit.yml line 1: This is nested more than 12 levels deep."),
        ("kit: 1\n---\nkit: 2\n", "kit.yml line 2: Only one document may stand in a file. Take the '---' out."),
        ("kit: 1\n  name: x\n", "kit.yml line 2: This is not valid YAML: mapping values are not allowed"),
        ("kit: 1\nname: {{ partner.name }}\n", "kit.yml line 2: A key has to be a plain word."),
        ("- a\n- b\n", "kit.yml line 1: This file has to be a list of 'key: value' lines."),
        ("", "kit.yml: This file is empty."),
        ("# nothing\n", "kit.yml line 1: This file has to be a list of 'key: value' lines."),
        ("kit: \x07\n", "kit.yml"),
        ("kit: 1 #" + "x" * 300_000, "kit.yml: This file is larger than 256 KB. Shorten it."),
        ("kit: [" + "a," * 20_000 + "]", "kit.yml line 1: This file has more than 10,000 entries."),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "kit.yml line 1: Anchors"),
    ],
)  # fmt: skip
def test_yaml_that_is_no_plain_description_is_refused(source: str, expected: str) -> None:
    first = found(some_files({"kit.yml": source}))[0]
    assert first.startswith(expected)


def test_text_that_is_not_utf8_is_told_with_its_line() -> None:
    files = some_files({INVITE: MAIL.replace("night", "nächt").encode("latin-1")})
    assert "emails/01-invite.mjml line 10: This is not UTF-8 text. Save the file as UTF-8." in found(files)


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("../evil.png", b"x", "leads out of the kit"),
        ("/etc/passwd", b"x", "leads out of the kit"),
        ("assets/../../evil.png", b"x", "leads out of the kit"),
        ("assets\\evil.png", b"x", "leads out of the kit"),
        ("assets/a\x00.png", b"x", "File names may have letters"),
        ("assets/.hidden.png", b"x", "File names may have letters"),
        ("a/b/c/d/e.png", b"x", "File names may have letters"),
        ("assets/run.exe", b"MZ", "has no place in a kit"),
        ("assets/logo.svg", b"<svg/>", "has no place in a kit"),
        ("assets/page.html", b"<html>", "has no place in a kit"),
        ("kit.yaml", b"x", "has no place in a kit"),
        ("assets/a.png", b"GIF89a", "not a PNG picture"),
        ("assets/a.png", b"\x89PNG\r\n\x1a\n", "not a PNG picture"),
        ("assets/a.jpg", a_picture("PNG"), "not a JPEG picture"),
        ("assets/a.png", b"x" * 2_000_000, "larger than 1 MB"),
        ("assets/a.pdf", b"<html>", "not a PDF"),
        ("assets/a.pdf", b"%PDF-1.4 /JavaScript (x)", "contains scripts"),
        ("assets/HERO.png", a_picture(), "differs from assets/HERO.png only by capital letters"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_belong_is_refused(path: str, content: bytes, expected: str) -> None:
    assert any(expected in sentence for sentence in found(some_files({path: content})))


def test_a_file_nobody_uses_is_noted() -> None:
    assert found(some_files({"assets/spare.png": a_picture()})) == [
        "assets/spare.png: Nothing uses this file. Take it out or name it in kit.yml."
    ]


def test_a_mail_that_breaks_off_is_told_alone_without_guesses_about_what_it_might_use() -> None:
    assert (
        len(found(some_files({INVITE: MAIL.partition("<mj-text")[0], "emails/02-reminder.mjml": MAIL}))) == 1
    )
    assert len(found(with_change(INVITE, "{{ link.microsite }}", "{{ link.microsite"))) == 1


@pytest.mark.parametrize(
    "text",
    ["![" * 4_900, "[" * 9_900, "a\n" * 4_900, "*a " * 3_300, "`a" * 120_000, "{{" * 120_000, "{#" * 4_900],
)
def test_markdown_made_to_be_slow_is_read_or_refused_within_two_seconds(text: str) -> None:
    started = time.process_time()
    kit.check(some_files({"microsite/checks.md": text}))
    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", ["{{" * 120_000, "{#" * 120_000, "<p>" * 80_000, "<p a='{{ b }}' " * 17_000])
def test_a_mail_made_to_be_slow_is_refused_within_a_second(text: str) -> None:
    started = time.process_time()
    assert found(some_files({INVITE: text}))
    assert time.process_time() - started < 1


@pytest.mark.parametrize("depth", [41, 5_000, 60_000])
def test_a_deep_nest_is_refused_at_once(depth: int) -> None:
    nest = "<span>" * depth + "</span>" * depth
    started = time.process_time()
    sentences = found(with_change(INVITE, FIGURE, nest[:250_000] if depth > 50_000 else nest))
    assert any(
        "nested more than 40 deep" in sentence or "larger than 256 KB" in sentence for sentence in sentences
    )
    assert time.process_time() - started < 1


def test_a_folder_is_read_without_hidden_files_and_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "kit.yml").write_text(MANIFEST)
    (tmp_path / ".git").write_text("x")
    (tmp_path / "assets/hero.png").write_bytes(a_picture())
    assert set(kit.read_folder(tmp_path)) == {"kit.yml", "assets/hero.png"}
    (tmp_path / "assets/secret.png").symlink_to("/etc/passwd")
    (tmp_path / "notes.exe").write_text("x")
    with pytest.raises(ContentError) as caught:
        kit.read_folder(tmp_path)
    assert [problem.path for problem in caught.value.problems] == ["assets/secret.png", "notes.exe"]


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    for number in range(501):
        (tmp_path / f"assets/{number}.png").touch()
    with pytest.raises(ContentError, match="at most 500 files"):
        kit.read_folder(tmp_path)
    with pytest.raises(ContentError, match="no folder"):
        kit.read_folder(tmp_path / "absent")


_kit_paths = st.sampled_from(["kit.yml", INVITE, PAGE, "microsite/checks.md"])


@settings(max_examples=150, deadline=None)
@given(
    _kit_paths,
    st.integers(0, 2_000),
    st.integers(0, 40),
    st.sampled_from(["", "{{", "<", ":", "- ", "\t", "é", "}", '"', "\n"]),
)
def test_no_damage_to_a_file_makes_the_check_crash(path: str, at: int, length: int, put: str) -> None:
    files = some_files({})
    text = files[path].decode()
    files[path] = (text[:at] + put + text[at + length :]).encode()
    for problem in kit.check(files):
        assert problem.sentence.endswith((".", "?", ")"))
