"""What `./run demo` shows: the week over a provider's WebSocket, and a summary at the end."""

import subprocess
import unittest

from daemon import SOURCE, TARIFFD


class Demo(unittest.TestCase):

    def test_the_week_is_played_and_summed_up(self):
        result = subprocess.run([SOURCE / "config/demo/demo.sh", TARIFFD], text=True,
                                capture_output=True, timeout=200, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        for words in ("100% TARIFF ON CHINA FROM NOV 1", "impose tariff  US -> CN  100%",
                      "confirmation r2", " events (", " signals, ", "receipt to publication: p50 ",
                      "subscribe: socat - UNIX-CONNECT:", "tape-quotes"):
            self.assertIn(words, result.stdout)
        self.assertNotIn("hypocritical", result.stdout, "no news, no event")


if __name__ == "__main__":
    unittest.main()
