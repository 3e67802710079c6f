#!/usr/bin/env python3
"""tidy.py finds what it says it finds: each case is a tree of one or two files and the problems."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tidy  # noqa: E402


class TidyTest(unittest.TestCase):
    def problems(self, check, **files):
        """Problems of `check` in a tree of `files`, a text by path."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return [str(problem) for problem in check(tidy.Tree(folder))]

    def test_a_folder_may_include_only_what_is_below_it(self):
        self.assertEqual(
            self.problems(tidy.folders_include_only_what_is_below, **{
                "signals/a.cc": '#include "core/time.h"\n#include "feeds/protocol.h"\n',
                "daemon/b.cc": '#include "feeds/protocol.h"\n#include "tariffd/client.h"\n',
                "signals/b.cc": '#include "tariffd/client.h"\n',
                "feeds/alpaca/c.cc": '#include "feeds/transport/tcp.h"\n',
                "tests/d.cc": '#include "tariffd/client.h"\n'}),
            ["feeds/alpaca/c.cc:1: feeds/alpaca/ may not include feeds/transport/tcp.h",
             "signals/a.cc:2: signals/ may not include feeds/protocol.h",
             "signals/b.cc:1: signals/ may not include tariffd/client.h"])

    def test_a_third_party_header_has_one_door(self):
        self.assertEqual(
            self.problems(tidy.third_party_headers_have_one_door, **{
                "config/document.cc": "#include <toml++/toml.h>\n",
                "signals/scorer.cc": "#include <boost/asio/post.hpp>\n",
                "tests/x_test.cc": "#include <spdlog/logger.h>\n"}),
            ["signals/scorer.cc:1: <boost/asio/post.hpp> comes in by feeds/transport/ or feeds/tape/ "
             "or signals/publish/ or daemon/ only"])

    def test_a_header_begins_with_its_own_name(self):
        self.assertEqual(
            self.problems(tidy.headers_say_what_they_are, **{
                "core/a.h": "#pragma once\n// core/a.h - What it is.\n",
                "core/b.h": "#pragma once\n// core/a.h - Copied.\n",
                "client/cpp/tariffd/c.h": "#pragma once\n// tariffd/c.h - A client.\n",
                "core/d.h": "// core/d.h - No guard.\n"}),
            ["core/b.h:2: does not say '// core/b.h - ' and what it is",
             "core/d.h:1: does not begin with #pragma once",
             "core/d.h:2: does not say '// core/d.h - ' and what it is"])

    def test_a_hot_file_neither_locks_nor_logs(self):
        self.assertEqual(
            self.problems(tidy.hot_files_neither_allocate_nor_wait, **{
                "signals/a.h": "#pragma once\n// signals/a.h - Scores. Thread: scorer.\n// Hot.\n"
                               "#include <mutex>\n",
                "signals/a.cc": "// std::function and throw in a comment cost nothing\n"
                                "  throw Bad();\n",
                "signals/b.h": "#pragma once\n// signals/b.h - Loads. Cold.\n#include <mutex>\n"}),
            ["signals/a.h:4: hot file: no locks", "signals/a.cc:2: hot file: no throw"])

    def test_only_the_clock_reads_the_clock(self):
        self.assertEqual(
            self.problems(tidy.one_file_reads_the_clock, **{
                "core/clock.cc": "clock_gettime(CLOCK_MONOTONIC, &t);\n",
                "signals/a.cc": "const auto now = std::chrono::steady_clock::now();\n"}),
            ["signals/a.cc:1: only core/clock.cc reads a clock; take time as an argument"])

    def path_tree(self):
        files = {f"core/step{n}.cc": f"// PATH {n}/7 next\nvoid Step::go{n}(int x) {{\n"
                 for n in range(1, 8)}
        files["ARCHITECTURE.md"] = "".join(
            f"| PATH {n}/7 | `core/step{n}.cc` | `Step::go{n}` | why |\n" for n in range(1, 8))
        return files

    def test_the_path_of_a_headline_is_the_map(self):
        self.assertEqual(
            self.problems(tidy.path_of_a_headline_is_marked_and_mapped, **self.path_tree()), [])

    def test_a_path_that_left_the_map_is_found(self):
        files = self.path_tree()
        files["core/step2.cc"] = "void f() {}\n"
        files["core/again.cc"] = "// PATH 3/7\n"
        files["core/step4.cc"] = "// PATH 4/7\nvoid renamed() {\n"
        files["ARCHITECTURE.md"] = files["ARCHITECTURE.md"].replace("step5.cc", "moved.cc")
        self.assertEqual(
            self.problems(tidy.path_of_a_headline_is_marked_and_mapped, **files),
            ["ARCHITECTURE.md:1: PATH 2/7 is marked nowhere, not once",
             "ARCHITECTURE.md:1: PATH 3/7 is marked core/again.cc:1, core/step3.cc:1, not once",
             "ARCHITECTURE.md:4: no Step::go4() at core/step4.cc:1",
             "ARCHITECTURE.md:5: PATH 5/7 is in core/step5.cc:1"])

    def test_a_file_has_a_length(self):
        self.assertEqual(
            self.problems(tidy.files_are_short, **{
                "core/a.cc": "x\n" * 400, "core/b.cc": "x\n" * 401, "config/data.toml": "x\n" * 999}),
            ["core/b.cc:401: 401 lines; split it by reason at 400"])

    def test_a_source_that_nobody_builds_is_dead(self):
        self.assertEqual(
            self.problems(tidy.sources_are_built, **{
                "core/CMakeLists.txt": "add_library(core a.cc)\n", "core/a.cc": "", "core/b.cc": ""}),
            ["core/b.cc:1: no CMakeLists.txt names it"])

    def test_no_file_knows_one_machine(self):
        home = "/ho" + "me/ann/"  # in two, or tidy finds it here
        self.assertEqual(
            self.problems(tidy.no_path_of_one_machine, **{
                "run": f"cd {home}tariffd\n", "docs/a.md": "goes to /var/lib/tariffd/\n"}),
            [f"run:1: '{home}' is a path of one machine"])

    def test_a_protocol_comes_with_page_fuzz_target_and_seeds(self):
        self.assertEqual(
            self.problems(tidy.protocols_have_page_fuzz_target_and_seeds, **{
                "feeds/wire/wire_protocol.h": "", "feeds/slip/slip_protocol.h": "",
                "docs/formats/wire.md": "# Wire\n",
                "tests/fuzz/CMakeLists.txt": "tariff_fuzz(wire_fuzz SOURCES a.cc)\n"}),
            ["feeds/slip:1: no docs/formats/slip.md",
             "feeds/slip:1: no tariff_fuzz(slip... in tests/fuzz",
             "tests/fuzz/CMakeLists.txt:1: no seeds in tests/fuzz/seeds/wire_fuzz/"])

    def test_a_page_has_one_title(self):
        self.assertEqual(
            self.problems(tidy.pages_have_one_title, **{
                "docs/good.md": "# One\n```sh\n# a comment\n```\n## Two\n",
                "docs/bad.md": "# One\n\n# Two\n", "docs/none.md": "text\n"}),
            ["docs/bad.md:3: 2 titles ('# ...'), not 1", "docs/none.md:1: 0 titles ('# ...'), not 1"])

    def test_a_link_leads_somewhere(self):
        self.assertEqual(
            self.problems(tidy.links_lead_somewhere, **{
                "docs/a.md": "[b](b.md#part) [up](../README.md) [web](https://debian.org) [x](#x)\n"
                             "[gone](c.md) and `[code](d.md)`\n",
                "docs/b.md": "", "README.md": ""}),
            ["docs/a.md:2: link to c.md leads nowhere"])

    def test_a_setting_is_explained(self):
        self.assertEqual(
            self.problems(tidy.settings_are_explained, **{
                "config/tariffd.toml": "# Who may connect.\n[socket]\npath = 'x'\nmode = '0660'\n\n"
                                       "group = 'desk'\nusers = []  # all\nmore = 1\n\n# limit = 3\n"}),
            ["config/tariffd.toml:6: nothing says what group is",
             "config/tariffd.toml:10: nothing says what limit is"])


if __name__ == "__main__":
    unittest.main()
