"""The files around a foreign mail: kit.yml and a page to rewrite."""

import json
from collections.abc import Iterable, Mapping

from campaigns.kit.foreign.proposals import Proposal
from campaigns.regions import RegionContent

MERGE_FIELDS = {
    "contact.first_name": ("First name", "there"),
    "contact.last_name": ("Last name", "reader"),
    "contact.company": ("Company", "your firm"),
}
_MANIFEST = """\
# Made from a mail in MJML. Every key is explained in docs/kit-format.md; "tcma kit check <folder>" names every mistake.
kit: 1
name: {name}
promise: Say in one sentence what the partner gains by running this.
languages: [{language}]
sale: transactional
offer: standalone
engagement: funded
for: both
sizes: [1-100]

sequence:
  - key: page
    kind: microsite
    name: Page
    file: microsite/page.yml

  - key: mail
    kind: email
    name: Mail
    day: 0
    at: "09:30"
    file: {file}
    subject: {subject}
    preview: {preview}
{merge_fields}{regions}
consents:
  - key: information
    version: 1
    purpose: information
    party: partner
    text: >-
      {{{{ partner.name }}}} uses your answers to send you what you asked for and to get in touch about it. The offer
      is made together with {{{{ vendor.name }}}}, who receives your answers only if you agree to it below.
  - key: sharing
    version: 1
    purpose: sharing
    party: vendor
    text: "{{{{ partner.name }}}} may share my answers with {{{{ vendor.name }}}} for this request."
"""
_PAGE = """\
# A page to rewrite: the mail leads here.
title: {title}
description: Who it is for and what they get, in one sentence.

hero:
  headline: {headline}
  text: Two lines. What is it, how long does it take, what does it cost?
  button: Send it to me

person:
  heading: Who you are talking to
  text: I look after firms like yours every day, and I answer my own phone.

form:
  heading: Where may we send it?
  button: Send it to me
  information: information
  consents: [sharing]
  fields:
    - {{name: email, label: Work e-mail}}
    - {{name: name, label: Your name}}
    - {{name: company, label: Company}}

thanks:
  headline: It is on its way
  text: Look into your inbox in a minute.
  next: "{{{{ partner.contact.name }}}} gets in touch within one working day."

confirmation:
  subject: What you asked for
  text: |
    Hello,

    here is the page you asked for: {{{{ link.microsite }}}}

    {{{{ partner.contact.name }}}}
    {{{{ partner.name }}}}
"""


def manifest(
    *,
    name: str,
    language: str,
    file: str,
    subject: str,
    preview: str,
    personal: Iterable[str],
    fallbacks: Mapping[str, str],
    regions: Iterable[Proposal],
) -> bytes:
    """kit.yml. `subject` and `preview` are in the grammar; `personal` are the names of a person that are used."""
    fields = "".join(
        f"  {one}: {{label: {MERGE_FIELDS[one][0]}, fallback: {_quoted(fallbacks.get(one) or MERGE_FIELDS[one][1])}}}\n"
        for one in personal
    )
    described = "".join(_region(one) for one in regions)
    return _MANIFEST.format(
        name=_quoted(name),
        language=_quoted(language),
        file=file,
        subject=_quoted(subject),
        preview=_quoted(preview),
        merge_fields=f"\nmerge_fields:\n{fields}" if fields else "",
        regions=f"\nregions:\n{described}" if described else "",
    ).encode()


def page(headline: str) -> bytes:
    return _PAGE.format(title=_quoted(headline), headline=_quoted(headline)).encode()


def _region(one: Proposal) -> str:
    lines = [f"  {one.name}:"]
    if one.content is not RegionContent.TEXT:
        lines.append(f"    content: {one.content}")
    lines.append(f"    label: {_quoted(one.label)}")
    if one.reason:
        lines.append(f"    reason: {_quoted(one.reason)}")
    if one.most:
        lines.append(f"    max: {one.most}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text in YAML's double quotes, which are JSON's."""
    return json.dumps(text, ensure_ascii=False)
