"""More texts that would grow or turn without end; with those of `test_sandbox_attacks` and the nests of
`test_markup` they are over sixty."""

# ruff: noqa: E501  (tables read better in one line a case)

from campaigns.sandbox import Value

fifty: Value = [{"a": "b"}] * 50
LOOP, END = "{% for a in x %}", "{% endfor %}"

MORE_BOMBS: dict[str, tuple[str, dict[str, Value]]] = {
    "loops side by side in loops": (LOOP * 7 + (LOOP + "{{ a.a }}" + END) * 20 + END * 7, {"x": fifty}),
    "loops and ifs in turn": ((LOOP + "{% if x %}") * 4 + "{{ y }}" + ("{% endif %}" + END) * 4, {"x": fifty, "y": "z" * 9_000}),
    "four loops of much text": (LOOP * 4 + "b" * 900 + END * 4, {"x": fifty}),
    "three loops of a value": (LOOP * 3 + "{{ y }}" + END * 3, {"x": fifty, "y": "é" * 900}),
    "a fallback grown by loops": (LOOP * 3 + "{{ z|default('" + "b" * 900 + "') }}" + END * 3, {"x": fifty}),
    "capitals grown by loops": (LOOP * 3 + "{{ y|upper }}" + END * 3, {"x": fifty, "y": "ß" * 900}),
    "escapes grown by loops": (LOOP * 3 + "{{ y }}" + END * 3, {"x": fifty, "y": "<&>'" * 200}),
    "lists in lists": (LOOP + "{{ a }}" + END, {"x": [[["a"] * 50] * 50] * 50}),
    "a list of 100,000": (LOOP + "{{ a }}" + END, {"x": ["a"] * 100_000}),
    "two thousand and one parts": ("{{ x }}a" * 1_001, {"x": "a"}),
    "ten thousand ifs": ("{% if x %}a{% endif %}" * 10_000, {"x": "a"}),
    "ten thousand elses": ("{% if x %}" + "{% else %}" * 10_000 + "{% endif %}", {"x": "a"}),
    "a thousand loops": ((LOOP + END) * 1_200, {"x": fifty}),
    "a hundred thousand ends": ("{% endif %}" * 20_000, {}),
    "a hundred thousand opened": (LOOP * 10_000, {"x": fifty}),
    "opening braces": ("{{" * 120_000, {}),
    "closing braces in a tag": ("{{ x" + "}" * 100_000 + "{{", {"x": "a"}),
    "percents": ("{%" * 120_000, {}),
    "a name of 100,000 letters": ("{{ " + "a" * 100_000 + " }}", {}),
    "a name of 10,000 parts": ("{{ a" + ".b" * 10_000 + " }}", {}),
    "a text of 200,000 letters never closed": ("{{ x|default('" + "a" * 200_000 + " }}", {"x": ""}),
    "backslashes in a text": ("{{ x|default('" + "\\" * 100_001 + "') }}", {"x": ""}),
    "spaces in a tag": ("{{" + " " * 200_000 + "x y }}", {"x": "a"}),
    "line ends in a tag": ("{{ x" + "\n" * 200_000 + "y }}", {"x": "a"}),
    "five filters in a row": ("{{ x|upper|lower|upper|lower|upper }}" * 50, {"x": "a"}),
    "a number of 4,000 digits": ("{{ x|truncate(" + "9" * 4_000 + ") }}", {"x": "a"}),
    "combining marks": ("{{ x }}", {"x": "a" + "\u0301" * 2_000_000}),
    "half letters": ("{{ " + "\ud800" * 90_000 + " }}", {}),
    "300,000 letters of four bytes": ("😀" * 300_000, {}),
}  # fmt: skip
