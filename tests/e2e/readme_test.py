"""What the README and the pages tell a newcomer to type works as it stands, and shows what it says."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import tomllib
import unittest

from daemon import PATIENCE_S, SOURCE, TARIFFD, tariffd, until

# A machine of its own: the README installs into /etc and /var/lib and listens on fixed ports.
ON_AN_EMPTY_MACHINE = """set -e
scratch=$(mktemp -d)
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$scratch/upper,workdir=$scratch/work" /etc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
ip link set lo up
sudo() { "$@"; }
"""
SANDBOX = ["unshare", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child", "bash"]


def why_no_sandbox():
    if not shutil.which("unshare") or not shutil.which("ip"):
        return "needs unshare and ip"
    made = subprocess.run([*SANDBOX, "-c", ON_AN_EMPTY_MACHINE], capture_output=True, text=True, check=False)
    return made.stderr.strip() if made.returncode else ""


def commands(heading):
    """The blocks of shell under a heading of the README, for the tariffd that is tested."""
    text = (SOURCE / "README.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {heading}$(.*?)^## ", text, re.M | re.S).group(1)
    blocks = re.findall(r"^```\n(.*?)^```$", section, re.M | re.S)
    return [block.replace("build/release/tariffd", TARIFFD) for block in blocks]


class Readme(unittest.TestCase):

    def test_explain_shows_the_event_and_the_arithmetic(self):
        explain, _ = commands("Try it")
        shown = subprocess.run(["bash", "-e", "-c", explain], cwd=SOURCE, capture_output=True, text=True,
                               timeout=PATIENCE_S, check=True).stdout
        for word in ("impose", "US", "CN", "25", "2025-11-01", "steel", "SPY"):
            self.assertIn(word, shown)

    def test_the_daemon_prints_one_event_and_its_signals(self):
        if why := why_no_sandbox():
            if os.environ.get("TARIFF_LAB_REQUIRED"):
                self.fail(why)
            self.skipTest(why)
        _, daemon = commands("Try it")
        machine = subprocess.Popen([*SANDBOX, "-c", ON_AN_EMPTY_MACHINE + daemon + "\nwait"], cwd=SOURCE,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            lines = ({"type": "told", "line": line} if not line.startswith("{") else
                     {"type": re.search(r'"type":"(\w+)"', line).group(1)} for line in machine.stdout)
            seen = [message["type"] for message in until(lines, lambda m: m["type"] == "signal")]
        finally:
            machine.kill()
            machine.wait()
            machine.stdout.close()
        self.assertEqual(seen.count("event"), 1)

    def test_every_command_that_the_documents_name_is_there(self):
        there = set(re.findall(r"^  ([a-z]+) ", tariffd("--help").stdout, re.M))
        self.assertIn("run", there)
        for page in [SOURCE / "README.md", *SOURCE.glob("docs/**/*.md"), SOURCE / "systemd/README.md"]:
            named = re.findall(r"`(?:build/release/)?tariffd ([a-z]+)\b", page.read_text(encoding="utf-8"))
            self.assertLessEqual(set(named), there, page)


class AddARule(unittest.TestCase):
    """docs/howto/add-a-rule.md, typed and pasted from the top."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "config").symlink_to(SOURCE / "config")
        shutil.copy(SOURCE / "tests/headlines/desks.ndjson", self.folder / "mine.ndjson")

    def type_in(self, block):
        typed = subprocess.run(["bash", "-e", "-c", f'tariffd() {{ "{TARIFFD}" "$@"; }}\n{block}'],
                               cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(typed.returncode, 0, block + typed.stderr)
        return typed.stdout

    def paste(self, block):
        """A table that is there is edited, and must not lose a word by it; another one is added."""
        where, entry = block.split("\n", 1)
        file = self.folder / where.removeprefix("# ")
        text = file.read_text(encoding="utf-8")
        table = re.search(rf"^{re.escape(entry.splitlines()[0])}\n.*?(?=^\[|\Z)", text, re.M | re.S)
        if entry.startswith("[[") or not table:
            file.write_text(f"{text}\n{entry}", encoding="utf-8")
            return
        (before,), (after,) = (tomllib.loads(shown)["concept"].values() for shown in (table[0], entry))
        for key, words in before.items():
            self.assertLessEqual(set(words), set(after.get(key, [])), f"{entry}: {key} is not whole")
        file.write_text(text.replace(table[0], f"{entry}\n"), encoding="utf-8")

    def test_its_commands_and_entries_do_what_it_says(self):
        page = (SOURCE / "docs/howto/add-a-rule.md").read_text(encoding="utf-8")
        shown = {}
        for kind, block in re.findall(r"^   ```(\w*)\n(.*?)^   ```$", page, re.M | re.S):
            block = re.sub(r"^   ", "", block, flags=re.M)
            if kind == "toml":
                self.paste(block)
            else:
                shown[block] = self.type_in(block)
        thwacks, caught, chinese, _, score, fit = shown.values()
        self.assertRegex(thwacks, r"hit-with .*but no hit_with!propose")
        self.assertIn("net none", thwacks)
        self.assertIn("net none", caught)
        self.assertIn("impose tariff: US -> NU", chinese)
        self.assertIn("event_f1", score)
        self.assertIn("[confidence]", fit)
        for headline, rule in (("thwacks", "hit-with"), ("caught", "caught-in")):
            command = re.search(rf"tariffd explain --rules changed .*{headline}.*", page)[0]
            self.assertRegex(self.type_in(command), rf"impose tariff: US -> NU .*\[{rule};")


if __name__ == "__main__":
    unittest.main()
