#!/usr/bin/env python3
"""Every relative link of the pages named on the command line leads to a file that is there, and to a heading where it names one."""
import pathlib
import re
import sys


def prose(text):
    """Without code, in which brackets are no links and a hash is no heading."""
    text = re.sub(r"^(```+)[^\n]*\n.*?^\1[ \t]*$", "", text, flags=re.M | re.S)
    return re.sub(r"(`+)(?:(?!\1).)+\1", "`", text, flags=re.S)


def anchors(text):
    """The names that GitHub gives to headings."""
    found = {}
    without_blocks = re.sub(r"^(```+)[^\n]*\n.*?^\1[ \t]*$", "", text, flags=re.M | re.S)
    for heading in re.findall(r"^#{1,6} +(.+?) *#* *$", without_blocks, flags=re.M):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found[name] = found.get(name, -1) + 1
        if found[name]:
            found[f"{name}-{found[name]}"] = 0
    return set(found)


def problems(page):
    text = page.read_text()
    for target in re.findall(r"\]\(<?([^)>\s]+)>?(?: [^)]*)?\)", prose(text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        if not file.exists():
            yield f"{page}: {target} leads to nothing"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text()):
            yield f"{page}: {target}: {file} has no such heading"


found = [problem for name in sys.argv[1:] for problem in problems(pathlib.Path(name))]
print("\n".join(found), end="\n" if found else "", file=sys.stderr)
sys.exit(1 if found else 0)
