"""social/, ads/ and blocks/: what is shown where the partner's own mails and pages are not."""

import re
from collections.abc import Iterator, Mapping

from campaigns.kit.fields import Section
from campaigns.kit.markdown import TAG, check_markdown
from campaigns.kit.materials import (
    Ad,
    Block,
    Layout,
    LinkTarget,
    Network,
    Post,
    PostPicture,
    Service,
    SocialPosts,
)
from campaigns.kit.page_blocks import MOST_HEADLINE, asset_of, picture_of

LONGEST_POST = {
    Network.LINKEDIN: 3_000,
    Network.FACEBOOK: 5_000,
    Network.INSTAGRAM: 2_200,
    Network.X: 280,
    Network.BLUESKY: 300,
    Network.MASTODON: 500,
    Network.THREADS: 500,
}
"""Characters a network takes, the link included. Facebook takes more; nobody reads more."""

LENGTH_OF_LINK = {Network.X: 23, Network.MASTODON: 23}
"""What an address counts for where the network counts every address the same."""

TYPICAL_LINK = 60
TYPICAL_NAME = 30
"""What an address of ours and a name that is filled in count for while nobody's brand is known."""

MOST_POSTS, BEST_PER_NETWORK = 21, 3
MOST_KEYWORDS = 50


def counted(text: str, network: Network) -> int:
    """The characters of a post as its network counts them, with its link on a line of its own. Each name
    counts as 30 characters; blocks count as nothing, what stands in them does."""
    named = re.sub(r"\{\{.*?\}\}", "x" * TYPICAL_NAME, text)
    return len(TAG.sub("", named).strip()) + 1 + LENGTH_OF_LINK.get(network, TYPICAL_LINK)


def read_posts(section: Section, files: Mapping[str, bytes]) -> SocialPosts:
    link = section.choice("link", LinkTarget, LinkTarget.MICROSITE)
    picture = _post_picture(section, files)
    posts = tuple(_posts(section))
    for network in dict.fromkeys(post.network for post in posts):
        count = sum(post.network is network for post in posts)
        if count < BEST_PER_NETWORK:
            section.report.note(
                section.path,
                section.line_of("posts"),
                f"Three texts for each network give partners a choice; {network} has {count}.",
            )
    return SocialPosts(link, posts, picture)


def _posts(section: Section) -> Iterator[Post]:
    seen: set[str] = set()
    for entry in section.sections("posts", most=MOST_POSTS):
        post = Post(entry.word("key"), entry.choice("network", Network), entry.source("text", most=6_000))
        if post.key and post.key in seen:
            entry.problem(f"The post '{post.key}' stands twice. Give one of them another key.", "key")
        seen.add(post.key)
        most, length = LONGEST_POST[post.network], counted(post.text, post.network)
        if post.text and length > most:
            entry.problem(
                f"This post has {length} characters with its link; {post.network} takes {most:,}. Shorten it.",
                "text",
            )
        yield post


def _post_picture(section: Section, files: Mapping[str, bytes]) -> PostPicture | None:
    inner = section.section("picture", required=False)
    if inner is None:
        return None
    layouts = []
    for word in dict.fromkeys(inner.texts("layouts", required=False, most=4)) or tuple(Layout):
        if word in set(Layout):
            layouts.append(Layout(word))
        else:
            inner.problem(f"'{word}' is not a layout. It can be: {', '.join(Layout)}.", "layouts")
    picture = PostPicture(
        headline=inner.source("headline", most=MOST_HEADLINE),
        text=inner.source("text", required=False, most=90),
        alt=inner.source("alt", most=200),
        layouts=tuple(layouts),
        background=asset_of(inner, "background", files, (".png", ".jpg", ".jpeg"))
        if inner.has("background")
        else None,
    )
    inner.seen.add("background")
    inner.done()
    return picture


def read_ad(section: Section, files: Mapping[str, bytes]) -> Ad:
    service = section.choice("service", Service)
    search = service is Service.SEARCH
    return Ad(
        service=service,
        link=section.choice("link", LinkTarget, LinkTarget.MICROSITE),
        headlines=_lines(section, "headlines", *((3, 15, 30) if search else (1, 5, 200))),
        descriptions=_lines(section, "descriptions", 2, 4, 90) if search else (),
        introduction="" if search else section.source("introduction", most=600),
        keywords=_lines(section, "keywords", 1, MOST_KEYWORDS, 80) if search else (),
        audience="" if search else section.source("audience", most=500),
        picture=None if search else picture_of(section, files),
    )


def _lines(section: Section, key: str, least: int, most: int, longest: int) -> tuple[str, ...]:
    """Short texts in the grammar, each a line; a name counts as it does in posts."""
    found = section.texts(key, most=100)
    line = section.line_of(key)
    if found and not least <= len(found) <= most:
        section.problem(f"'{key}' needs {least} to {most} entries; there are {len(found)}.", key)
    for text in found:
        length = len(re.sub(r"\{\{.*?\}\}", "x" * TYPICAL_NAME, text))
        if length > longest:
            section.problem(f"'{text[:40]}' has {length} characters. It may have {longest}.", key)
        section.report.template(text, section.path, line, section.language or "en")
    return tuple(found)


def read_block(section: Section, files: Mapping[str, bytes]) -> Block:
    text = section.source("markdown", most=5_000)
    if text:
        check_markdown(text, section.path, section.table.entries["markdown"].line, section.report)
    return Block(
        headline=section.source("headline", most=MOST_HEADLINE),
        markdown=text,
        button=section.source("button", most=40),
        link=section.choice("link", LinkTarget, LinkTarget.MICROSITE),
        picture=picture_of(section, files),
    )
