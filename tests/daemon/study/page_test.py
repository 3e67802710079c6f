"""The page of `tariffd replay --html` in headless Chromium: it is laid out, draws its plots and says
nothing on the console. Speaks the DevTools protocol. Skipped where there is no Chromium."""

import asyncio
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import websockets

from study_data import a_market_that_falls_when_told, replay

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PATIENCE_S = 60
LOOK = """(() => {
  const boxes = [...document.querySelectorAll("svg")].map(s => s.getBoundingClientRect());
  const dots = [...document.querySelectorAll("circle")].map(c => c.getBoundingClientRect());
  const inside = d => boxes.some(b => d.left >= b.left - 1 && d.right <= b.right + 1 &&
                                      d.top >= b.top - 1 && d.bottom <= b.bottom + 1);
  return JSON.stringify({
    title: document.title, plots: boxes.map(b => [b.width, b.height]), dots: dots.length,
    outside: dots.filter(d => !inside(d)).length, rows: document.querySelectorAll("tr").length,
    columns: [...new Set([...document.querySelectorAll("tr")].map(
      r => [...r.cells].reduce((n, c) => n + c.colSpan, 0)))],
    colour: getComputedStyle(document.querySelector(".value")).fill,
    loaded: performance.getEntriesByType("resource").map(e => e.name)});
})()"""


class Browser:
    """A tab of a Chromium of its own, and what went wrong in it."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-port=0", f"--user-data-dir={folder}/profile", "about:blank"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.address = ""
        self.errors = []
        self._number = 0
        for line in self.process.stderr:
            if line.startswith("DevTools listening on "):
                self.address = line.split()[-1]
                break

    def close(self):
        self.process.kill()
        self.process.communicate()

    async def look(self, url, expression):
        async with websockets.connect(self.address, max_size=None) as socket:
            target = (await self._call(socket, "Target.createTarget", url="about:blank"))["targetId"]
            session = (await self._call(socket, "Target.attachToTarget", targetId=target,
                                        flatten=True))["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                await self._call(socket, f"{domain}.enable", session)
            await self._call(socket, "Page.navigate", session, url=url)
            await self._until(socket, lambda m: m.get("method") == "Page.loadEventFired")
            result = await self._call(socket, "Runtime.evaluate", session, expression=expression)
            return result["result"].get("value")

    async def _call(self, socket, method, session=None, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        await socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        answer = await self._until(socket, lambda m: m.get("id") == message["id"])
        assert "error" not in answer, answer
        return answer["result"]

    async def _until(self, socket, wanted):
        while True:
            message = json.loads(await asyncio.wait_for(socket.recv(), PATIENCE_S))
            if message.get("method") in ("Log.entryAdded", "Runtime.consoleAPICalled",
                                         "Runtime.exceptionThrown", "Network.loadingFailed"):
                self.errors.append(message)
            if wanted(message):
                return message


class Page(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.browser = Browser(self.folder)
        self.addCleanup(self.browser.close)

    def look(self, path):
        return asyncio.run(self.browser.look(path.as_uri(), LOOK))

    def test_it_is_drawn_and_says_nothing_on_the_console(self):
        news, bars = a_market_that_falls_when_told(self.folder)
        page = self.folder / "study.html"
        result = replay(news, "--bars", f"SPY={bars}", "--report", "--html", page)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        seen = json.loads(self.look(page))
        self.assertEqual(self.browser.errors, [])
        self.assertEqual(seen["title"], "What the signals were worth")
        self.assertEqual(len(seen["plots"]), 4)
        for width, height in seen["plots"]:
            self.assertGreater(min(width, height), 100, "a plot has a size")
        self.assertGreaterEqual(seen["dots"], 35, "a dot for each signal at least")
        self.assertEqual(seen["outside"], 0, "every dot is in its plot")
        self.assertEqual(seen["columns"], [13], "all rows of all tables have the same columns")
        self.assertEqual(seen["colour"], "rgb(10, 95, 180)", "the style is in force")
        self.assertEqual(seen["loaded"], [], "it needs nothing but itself")

    def test_a_broken_page_would_be_noticed(self):
        page = self.folder / "broken.html"
        page.write_text('<svg class="value"></svg><img src="nowhere.png"><script>throw 1</script>')
        self.look(page)
        self.assertTrue(any(m["method"] == "Runtime.exceptionThrown" for m in self.browser.errors))
        self.assertTrue(any(m["method"] == "Network.loadingFailed" for m in self.browser.errors))


if __name__ == "__main__":
    if not CHROMIUM:
        print("skipped: there is no chromium")
        sys.exit(77)
    unittest.main()
