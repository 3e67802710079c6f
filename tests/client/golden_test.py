"""Every golden record, in both encodings, is the same message to the Python client."""

import dataclasses
import os
import pathlib
import struct
import unittest

from tariffd import binary, json_lines, messages

GOLDEN = pathlib.Path(os.environ["TARIFF_SOURCE_DIR"]) / "tests" / "golden"
TYPES = {
    "event": messages.Event,
    "signal": messages.Signal,
    "retract": messages.Retract,
    "status": messages.Status,
    "heartbeat": messages.Heartbeat,
    "gap": messages.Gap,
}


DOUBLES = {"bid", "ask", "mid", "spread", "mid_then", "mid_now"}


def comparable(value):
    """JSON has the shortest text of a 32-bit float, a record its bits: compare the bits."""
    if isinstance(value, float):
        return struct.pack("<f", value)
    if isinstance(value, dict):
        return {k: v if k in DOUBLES else comparable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [comparable(each) for each in value]
    return value


def decode(decoder, name):
    data = (GOLDEN / name).read_bytes()
    message, end = decoder.decode(bytearray(data), 0)
    assert end == len(data), name
    return message


class GoldenTest(unittest.TestCase):

    def test_both_encodings_are_the_same_message(self):
        for name, kind in TYPES.items():
            with self.subTest(name):
                from_binary = decode(binary.Decoder(), name + ".bin")
                from_json = decode(json_lines.Decoder(), name + ".json")
                self.assertIs(type(from_binary), kind)
                self.assertEqual(comparable(dataclasses.asdict(from_binary)),
                                 comparable(dataclasses.asdict(from_json)))

    def test_both_errors_are_the_same_refusal(self):
        told = []
        for decoder, name in ((binary.Decoder(), "error.bin"),
                              (json_lines.Decoder(), "error.json")):
            with self.assertRaises(messages.ProtocolError) as raised:
                decode(decoder, name)
            told.append(str(raised.exception))
        self.assertRegex(told[0], "^the daemon refused: .")
        self.assertEqual(*told)

    def test_the_event_is_what_its_json_says(self):
        event = decode(binary.Decoder(), "event.bin")
        self.assertIn('"id":"%d"' % event.event_id, (GOLDEN / "event.json").read_text())
        self.assertGreater(len(event.facts), 0)


if __name__ == "__main__":
    unittest.main()
