"""The standard library's HTML parser, without its assertions about what people write."""

from html.parser import HTMLParser


class ForgivingParser(HTMLParser):
    """A marked section of a kind that nobody knows ("<![a") ends at the next ">", as browsers read it."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:  # the parser's way to say that it does not know the keyword
            return self.rawdata.find(">", i) + 1 or -1
