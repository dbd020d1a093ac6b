"""Which elements a mail may use, and why some may not."""

STRUCTURE = frozenset(
    [
        "mjml",
        "mj-head",
        "mj-body",
        "mj-attributes",
        "mj-all",
        "mj-class",
        "mj-breakpoint",
        "mj-style",
        "mj-section",
        "mj-wrapper",
        "mj-group",
        "mj-column",
        "mj-hero",
        "mj-image",
        "mj-divider",
        "mj-spacer",
        "mj-social",
        "mj-raw",
    ]
)
TEXTUAL = frozenset({"mj-text", "mj-button", "mj-table", "mj-social-element"})
HTML = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "a",
        "br",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "s",
        "span",
        "div",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "caption",
        "tr",
        "td",
        "th",
        "blockquote",
        "hr",
        "small",
        "sup",
        "sub",
        "code",
        "pre",
        "img",
    ]
)
PICTURED = {
    "mj-image": "src",
    "img": "src",
    "mj-social-element": "src",
    "mj-section": "background-url",
    "mj-wrapper": "background-url",
    "mj-hero": "background-url",
}
"""Where an element names a picture."""

NEEDS_PICTURE = frozenset({"mj-image", "img", "mj-social-element"})
BODY = frozenset(
    {"mj-body", "mj-column", "mj-group", "mj-divider", "mj-spacer", "mj-social", *PICTURED, *TEXTUAL}
) - {"img"}
"""What mj-attributes may say something of."""

REASONS = {
    "mj-include": "Files are not included from elsewhere. Put the content here.",
    "mj-font": "Fonts are not loaded from other sites. Name fonts in font-family; system fonts are used.",
    "mj-title": "The title comes from the subject in kit.yml. Take this element out.",
    "mj-preview": "The preview line stands in kit.yml. Take this element out.",
    "script": "Scripts are not used in mails. Take it out.",
    "mj-html-attributes": "Attributes are not added to HTML from the head. Write them at the element.",
}
