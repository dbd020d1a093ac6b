"""The child process that compiles MJML: mails in as one JSON list, one line of JSON out for each, in order.

It imports nothing of the product, so that it starts quickly; its arguments are the folders of its libraries. It may
wait for its mails as long as its parent lives. A mail that takes the compiler down takes only this process down, and
the first answer that is missing tells the parent which mail it was.
"""

import json
import resource
import sys

sys.path += sys.argv[1:]

import css_inline
import mjml

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS_PER_MAIL = 2

BASE_STYLE = '<style type="text/css">\n#outlook a'
BASE_STYLE_LEFT_ALONE = '<style type="text/css" data-css-inline="ignore">\n#outlook a'


def main() -> None:
    given = sys.stdin.buffer.read()
    if not given:  # its parent has ended
        return
    sources: list[str] = json.loads(given)
    seconds = CPU_SECONDS_PER_MAIL + len(sources) // 4
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
    # Only what a kit's own mj-style says is inlined; inlined into every cell, the compiler's own rules for
    # tables would double the size of the mail and are understood from the head by the programs that need
    # them.
    inliner = css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)
    for source in sources:
        try:
            html = mjml.mjml2html(source, fonts={}, disable_comments=True)
            html = inliner.inline(html.replace(BASE_STYLE, BASE_STYLE_LEFT_ALONE, 1))
            answer = {"html": html}
        except (ValueError, css_inline.InlineError) as error:
            answer = {"error": str(error)[:300]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
