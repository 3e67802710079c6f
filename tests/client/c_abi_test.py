"""The shared library of the C client: c_abi_test.py LIBRARY. It gives the functions of its header and
nothing else, needs libc alone, and a C compiler takes the header as C99."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

LIBRARY = pathlib.Path(sys.argv.pop())
HEADERS = pathlib.Path(os.environ["TARIFF_SOURCE_DIR"]) / "client" / "c"


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


class Abi(unittest.TestCase):

    def test_it_gives_what_the_header_declares_and_nothing_else(self):
        declared = re.findall(r"(?m)^TARIFFD_API [^(]*?(\w+)\(", (HEADERS / "tariffd.h").read_text())
        given = [line.split()[-1] for line in run("nm", "-D", "--defined-only", LIBRARY).splitlines()]
        self.assertEqual(sorted(given), sorted(declared))
        self.assertEqual(len(declared), 5)

    def test_it_needs_libc_and_libm_alone(self):
        needed = re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", LIBRARY))
        self.assertLessEqual(set(needed), {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2",
                                           "ld-linux-aarch64.so.1"})

    def test_a_c_compiler_builds_the_example_against_it(self):
        with tempfile.TemporaryDirectory() as folder:
            program = f"{folder}/strategy"
            run("cc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{HEADERS}",
                HEADERS / "example_strategy.c", f"-L{LIBRARY.parent}", "-ltariffd_client", "-o", program)
            self.assertIn("libtariffd_client.so.0", run("readelf", "-d", program))


if __name__ == "__main__":
    unittest.main()
