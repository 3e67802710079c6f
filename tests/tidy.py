#!/usr/bin/env python3
"""Rules of this repository that no compiler sees. `tidy.py [ROOT]` prints `file:line: problem` for
each breach and exits 1 if there is any. A check is a function that yields problems; tidy_test.py
holds it to a small bad tree."""

import functools
import pathlib
import re
import sys
from typing import Iterator, NamedTuple

# Folder -> the folders it may include. The whole architecture.
MAY_INCLUDE = {
    "core": set(),
    "config": {"core"},
    "feeds": {"core", "config"},
    "signals": {"core", "config"},
    "client": {"core"},
    "daemon": {"core", "config", "feeds", "signals", "client"},  # `tariffd watch` is a subscriber
    "bench": {"core", "config", "feeds", "signals", "daemon", "client"},
    "tests": {"core", "config", "feeds", "signals", "daemon", "client"},
}
# The same inside a folder: what decides does not know what performs the I/O.
NEVER_INCLUDES = {
    "feeds/alpaca/": ("feeds/transport/", "feeds/tape/", "feeds/ndjson/"),
    "feeds/ndjson/": ("feeds/transport/", "feeds/tape/", "feeds/alpaca/"),
    "feeds/transport/": ("feeds/alpaca/", "feeds/ndjson/", "feeds/tape/"),
    "signals/reading/": ("signals/publish/",),
}
# Third-party header -> the doors through which it may come in. Tests and benches use what they test.
DOORS = {
    "concurrentqueue/": ["core/handoff.h"],
    "toml++/": ["config/document.cc"],
    "spdlog/": ["daemon/log.cc"],
    "CLI/": ["daemon/"],
    "simdjson.h": ["feeds/", "signals/publish/", "daemon/"],
    "boost/asio": ["feeds/transport/", "feeds/tape/", "signals/publish/", "daemon/"],
    "boost/beast": ["feeds/transport/", "feeds/tape/"],
    "openssl/": ["feeds/transport/", "feeds/tape/", "daemon/"],
}
# Not in a file whose head says "Hot": each of these allocates, locks, waits or formats.
HOT_BANS = [
    (r"#include <(mutex|shared_mutex|condition_variable|semaphore|future)>", "no locks"),
    (r"#include <(iostream|sstream|fstream|cstdio|regex|spdlog/.*)>", "no streams, no regex"),
    (r"\bstd::function\b", "std::function may allocate"),
    (r"\blog_(debug|info|warning|error)\(", "no log"),
    (r"(^|[^\w\"])throw\s", "no throw"),
]
CLOCK_CALLS = r"\b(clock_gettime|gettimeofday|(system|steady|high_resolution)_clock::now)\s*\("
MACHINE_PATHS = r"(?<![\w./$}])/(work|root|home/\w+)/"  # of somebody's machine, not of every one
LINES_MAX = 400
PATH_STEPS = 7
CODE = {".h", ".cc", ".py", ".sh", ".cmake"}
SKIPPED = {".git", "build", "node_modules", "__pycache__"}


class Problem(NamedTuple):
    file: str
    line: int
    text: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text}"


class Tree:
    """The files of the repository, without what is built."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = sorted(self._walk(self.root))

    def _walk(self, folder):
        for path in folder.iterdir():
            if path.name in SKIPPED:
                continue
            if path.is_dir():
                yield from self._walk(path)
            else:
                yield path.relative_to(self.root).as_posix()

    def matching(self, *prefixes, suffixes=None):
        return [f for f in self.files if f.startswith(prefixes or ("",)) and
                (suffixes is None or pathlib.PurePosixPath(f).suffix in suffixes)]

    @functools.cache
    def lines(self, file):
        try:
            return (self.root / file).read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError):
            return []  # data, or not there

    def numbered(self, *prefixes, suffixes=None):
        for file in self.matching(*prefixes, suffixes=suffixes):
            for number, line in enumerate(self.lines(file), 1):
                yield file, number, line


Problems = Iterator[Problem]


def folders_include_only_what_is_below(tree: Tree) -> Problems:
    for file, number, line in tree.numbered(suffixes={".h", ".cc"}):
        folder = file.split("/")[0]
        included = re.match(r'\s*#\s*include "([^"]+)"', line)
        if not included or folder not in MAY_INCLUDE:
            continue
        target = included[1].split("/")[0]
        # A strategy puts client/cpp on its include path, so headers there are "tariffd/x.h".
        target = "client" if target == "tariffd" else target
        if target != folder and target not in MAY_INCLUDE[folder]:
            yield Problem(file, number, f"{folder}/ may not include {included[1]}")
        for inside, forbidden in NEVER_INCLUDES.items():
            if file.startswith(inside) and included[1].startswith(forbidden):
                yield Problem(file, number, f"{inside} may not include {included[1]}")


def third_party_headers_have_one_door(tree: Tree) -> Problems:
    for file, number, line in tree.numbered(suffixes={".h", ".cc"}):
        included = re.match(r"\s*#\s*include <([^>]+)>", line)
        if not included or file.startswith(("tests/", "bench/")):
            continue
        for header, doors in DOORS.items():
            if included[1].startswith(header) and not file.startswith(tuple(doors)):
                yield Problem(file, number, f"<{included[1]}> comes in by {' or '.join(doors)} only")


def headers_say_what_they_are(tree: Tree) -> Problems:
    for file in tree.matching(*MAY_INCLUDE, suffixes={".h"}):
        lines = tree.lines(file) + ["", ""]
        if lines[0] != "#pragma once":
            yield Problem(file, 1, "does not begin with #pragma once")
        named = re.match(r"// (\S+) - \S", lines[1])
        # The path as an #include has it, which may begin below the root (client/cpp).
        if not named or not f"/{file}".endswith(f"/{named[1]}"):
            yield Problem(file, 2, f"does not say '// {file} - ' and what it is")


def _head(lines):
    """The comment at the top of a header."""
    comment = []
    for line in lines[1:]:
        if not line.startswith("//"):
            break
        comment.append(line.removeprefix("//").strip())
    return " ".join(comment)


def hot_files_neither_allocate_nor_wait(tree: Tree) -> Problems:
    for header in tree.matching("core/", "feeds/", "signals/", "client/", suffixes={".h"}):
        if not re.search(r"\bHot\b", _head(tree.lines(header))):
            continue
        for file in (header, header.removesuffix(".h") + ".cc"):
            for number, line in enumerate(tree.lines(file), 1):
                code = line.split("//")[0]
                for pattern, why in HOT_BANS:
                    if re.search(pattern, code):
                        yield Problem(file, number, f"hot file: {why}")


def one_file_reads_the_clock(tree: Tree) -> Problems:
    for file, number, line in tree.numbered("core/", "config/", "feeds/", "signals/",
                                            suffixes={".h", ".cc"}):
        if file != "core/clock.cc" and re.search(CLOCK_CALLS, line.split("//")[0]):
            yield Problem(file, number, "only core/clock.cc reads a clock; take time as an argument")


def path_of_a_headline_is_marked_and_mapped(tree: Tree) -> Problems:
    """`// PATH n/7 ...` once each in the sources; ARCHITECTURE.md lists the same steps with the file
    and the function that follows the mark."""
    found = {}
    for file, number, line in tree.numbered("core/", "feeds/", "signals/", "daemon/",
                                            suffixes={".h", ".cc"}):
        if mark := re.search(r"// PATH (\d)/7\b", line):
            found.setdefault(int(mark[1]), []).append((file, number))
    listed = {}
    for number, line in enumerate(tree.lines("ARCHITECTURE.md"), 1):
        if row := re.match(r"\W*PATH (\d)/7\W+([\w/]+\.(?:cc|h))\W+([\w:~]+)", line):
            listed.setdefault(int(row[1]), []).append((number, row[2], row[3]))
    for step in range(1, PATH_STEPS + 1):
        marks, rows = found.get(step, []), listed.get(step, [])
        if len(marks) != 1:
            where = ", ".join(f"{f}:{n}" for f, n in marks) or "nowhere"
            yield Problem("ARCHITECTURE.md", 1, f"PATH {step}/7 is marked {where}, not once")
        if len(rows) != 1:
            yield Problem("ARCHITECTURE.md", 1, f"PATH {step}/7 is listed {len(rows)} times, not once")
        if len(marks) == 1 and len(rows) == 1:
            (file, at), (number, named_file, function) = marks[0], rows[0]
            name = function.split("::")[-1]
            near = "\n".join(tree.lines(file)[at - 1:at + 12])
            if file != named_file:
                yield Problem("ARCHITECTURE.md", number, f"PATH {step}/7 is in {file}:{at}")
            elif not re.search(rf"\b{re.escape(name)}\s*\(", near):
                yield Problem("ARCHITECTURE.md", number, f"no {function}() at {file}:{at}")


def files_are_short(tree: Tree) -> Problems:
    for file in tree.matching(suffixes=CODE) + [f for f in ("run", ".ci/run") if f in tree.files]:
        if (count := len(tree.lines(file))) > LINES_MAX:
            yield Problem(file, LINES_MAX + 1, f"{count} lines; split it by reason at {LINES_MAX}")


def sources_are_built(tree: Tree) -> Problems:
    for file in tree.matching(suffixes={".cc"}):
        path = pathlib.PurePosixPath(file)
        lists = ["\n".join(tree.lines(str(folder / "CMakeLists.txt"))) for folder in path.parents]
        if not any(path.name in text for text in lists):
            yield Problem(file, 1, "no CMakeLists.txt names it")


def no_path_of_one_machine(tree: Tree) -> Problems:
    for file, number, line in tree.numbered():
        if path := re.search(MACHINE_PATHS, line):
            yield Problem(file, number, f"'{path[0]}' is a path of one machine")


def protocols_have_page_fuzz_target_and_seeds(tree: Tree) -> Problems:
    protocols = sorted({f.split("/")[1] for f in tree.matching("feeds/")
                        if re.fullmatch(r"feeds/(\w+)/\1_protocol\.h", f)})
    fuzz_list = "\n".join(tree.lines("tests/fuzz/CMakeLists.txt"))
    targets = re.findall(r"^\s*tariff_fuzz\((\w+)", fuzz_list, re.MULTILINE)
    if not protocols:
        yield Problem("feeds/", 1, "no protocol found as feeds/NAME/NAME_protocol.h")
    for protocol in protocols:
        if f"docs/formats/{protocol}.md" not in tree.files:
            yield Problem(f"feeds/{protocol}", 1, f"no docs/formats/{protocol}.md")
        if not any(target.startswith(protocol) for target in targets):
            yield Problem(f"feeds/{protocol}", 1, f"no tariff_fuzz({protocol}... in tests/fuzz")
    for target in targets:
        if not tree.matching(f"tests/fuzz/seeds/{target}/"):
            yield Problem("tests/fuzz/CMakeLists.txt", 1, f"no seeds in tests/fuzz/seeds/{target}/")


def _prose(tree, file):
    """The numbered lines of a Markdown page outside its code blocks."""
    fenced = False
    for number, line in enumerate(tree.lines(file), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def pages_have_one_title(tree: Tree) -> Problems:
    for file in tree.matching(suffixes={".md"}):
        titles = [number for number, line in _prose(tree, file) if re.match(r"# \S", line)]
        if len(titles) != 1:
            yield Problem(file, titles[1] if titles else 1, f"{len(titles)} titles ('# ...'), not 1")


def links_lead_somewhere(tree: Tree) -> Problems:
    for file in tree.matching(suffixes={".md"}):
        for number, line in _prose(tree, file):
            for link in re.findall(r"\]\(<?([^)\s>]+)>?[^)]*\)", re.sub(r"`[^`]*`", "", line)):
                target = link.split("#")[0]
                if not target or re.match(r"[a-z]+:", link):
                    continue
                if not (tree.root / file).parent.joinpath(target).exists():
                    yield Problem(file, number, f"link to {target} leads nowhere")


def settings_are_explained(tree: Tree) -> Problems:
    """In tariffd.toml each key, also one that is commented out, has a comment on its line or above it
    in the same paragraph."""
    explained = False
    for number, line in enumerate(tree.lines("config/tariffd.toml"), 1):
        # "# key = value" is a setting at its default; a sentence has no such shape.
        setting = re.match(r"\s*#?\s*([a-z]\w*|\"[^\"]+\") = (.*)", line)
        if not line.strip():
            explained = False
        elif "#" in (setting[2] if setting else line):
            explained = True
        elif setting and not explained:
            yield Problem("config/tariffd.toml", number, f"nothing says what {setting[1]} is")


CHECKS = [
    folders_include_only_what_is_below,
    third_party_headers_have_one_door,
    headers_say_what_they_are,
    hot_files_neither_allocate_nor_wait,
    one_file_reads_the_clock,
    path_of_a_headline_is_marked_and_mapped,
    files_are_short,
    sources_are_built,
    no_path_of_one_machine,
    protocols_have_page_fuzz_target_and_seeds,
    pages_have_one_title,
    links_lead_somewhere,
    settings_are_explained,
]


def main(root) -> int:
    tree = Tree(root)
    problems = sorted(problem for check in CHECKS for problem in check(tree))
    for problem in problems:
        print(problem)
    print(f"tidy: {len(problems)} problems in {len(tree.files)} files")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent))
