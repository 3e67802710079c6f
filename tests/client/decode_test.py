"""The Python client's decoders and its numbering, without a socket."""

import datetime
import json
import struct
import unittest

import encode
from tariffd import binary, crc32c, json_lines, messages
from tariffd.session import Options, Session


def decode(record):
    message, end = binary.Decoder().decode(record, 0)
    return message if end == len(record) else None


class BinaryTest(unittest.TestCase):

    def refuses(self, record, why):
        with self.assertRaisesRegex(messages.ProtocolError, why):
            decode(record)

    def test_the_checksum_is_that_of_rfc_3720(self):
        self.assertEqual(crc32c.crc32c(b"123456789"), 0xE3069283)
        self.assertEqual(crc32c.crc32c(bytes(32)), 0x8A9136AA)
        self.assertEqual(crc32c.crc32c(b""), 0)

    def test_reads_every_field_of_a_signal(self):
        self.assertEqual(
            decode(encode.signal(9, -0.75)),
            messages.Signal(9, 7, 100, 200, 30, 42, 1, "FXI", -1, -0.75, 0.5, "cn-equity", 39.5,
                            39.75, 39.625, 0.25, 1_000_000, None, 1.5, -2.0))

    def test_a_signal_says_that_it_replaces_another(self):
        self.assertFalse(decode(encode.signal(9)).replaces)
        self.assertTrue(decode(encode.signal(9, flags=1)).replaces)

    def test_a_signal_without_a_quote_has_no_prices(self):
        signal = decode(encode.signal(9, age_ns=-1))
        self.assertEqual((signal.bid, signal.ask, signal.mid, signal.spread, signal.quote_age_ns),
                         (None,) * 5)

    def test_reads_every_field_of_an_event(self):
        facts = messages.Facts("impose", "tariff", False, True, ("US",), ("CN", "MX"),
                               ("steel", "rare_earths"), 25.0, datetime.date(2025, 11, 1), 0.5,
                               "decider", "US", "impose-rate")
        self.assertEqual(
            decode(encode.event(1, [encode.facts()], "25\u00a0% on all".encode())),
            messages.Event(1, 7, 100, 200, 30, 42, 3, "wire", "example", 0.75, "item-1",
                           "25\u00a0% on all", "escalate", "update", 2, 0.5, 90, True, False,
                           (facts,)))

    def test_reads_retract_status_heartbeat_and_gap(self):
        head = (7, 100, 200, 30)
        self.assertEqual(decode(encode.retract(6, 5)),
                         messages.Retract(6, *head, 42, 2, "denied", 5, "FXI", None, 40.0))
        self.assertIsNone(decode(encode.retract(6, 5, b"")).instrument)
        self.assertEqual(decode(encode.status(7)),
                         messages.Status(7, *head, "feed", "up", "wire", "connected"))
        self.assertEqual(decode(encode.status(8, kind=1, text=b"all down")),
                         messages.Status(8, *head, "blind", None, None, "all down"))
        self.assertEqual(decode(encode.heartbeat(8)), messages.Heartbeat(0, *head, 8))
        self.assertEqual(decode(encode.gap(3, 4)), messages.Gap(0, *head, 3, 4))

    def test_asks_for_more_bytes_at_every_short_length(self):
        for record in (encode.signal(1), encode.event(1, [encode.facts()], b"text")):
            for length in range(len(record)):
                self.assertEqual(binary.Decoder().decode(record[:length], 0), (None, 0), length)

    def test_refuses_every_flipped_bit(self):
        record = encode.heartbeat(5)
        for bit in range(len(record) * 8):
            bad = bytearray(record)
            bad[bit // 8] ^= 1 << bit % 8
            try:
                decoded = binary.Decoder().decode(bad, 0)
            except messages.ProtocolError:
                continue
            # A length that has grown asks for bytes that are not there yet.
            self.assertEqual((decoded, bit // 32), ((None, 0), 1), bit)

    def test_accepts_longer_bodies_and_facts_of_a_newer_version(self):
        facts = [encode.facts(stride=200)] * 2
        event = decode(encode.event(1, facts, b"new" + bytes(9_000), 200, version=2, text_bytes=3))
        self.assertEqual((event.text, len(event.facts)), ("new", 2))
        self.assertEqual(event.facts[1].rule, "impose-rate")

    def test_a_type_it_does_not_know_is_a_bare_message(self):
        self.assertIs(type(decode(encode.record(99, 4, bytes(24)))), messages.Message)

    def test_a_name_it_does_not_know_is_a_question_mark(self):
        self.assertEqual(decode(encode.status(7, kind=200)).kind, "?")

    def test_refuses_what_cannot_be(self):
        self.refuses(b"XX" + encode.signal(1)[2:], "magic")
        self.refuses(encode.record(2, 1, bytes(128), version=0), "version")
        for length in (0, 40, 177, 8_200):
            self.refuses(encode.record(2, 1, bytes(128), length=length), "length")
        for kind in range(1, 8):
            self.refuses(encode.record(kind, 1), "shorter")
        self.refuses(encode.error(b"unknown message"), "refused: unknown message")
        self.refuses(b'{"type":"error","text":"no"}\n', 'refused: {"type":"error"')

    def test_refuses_offsets_counts_and_dates_that_cannot_be(self):
        for at in range(48 + 120, 48 + 130, 2):  # facts_offset .. text_bytes
            event = bytearray(encode.event(1, [encode.facts()], b"text"))
            event[at:at + 2] = b"\xff\xff"
            self.refuses(encode.seal(event), "points out")
        self.refuses(encode.event(1, [encode.facts(actors_count=9)]), "places")
        self.refuses(encode.event(1, [encode.facts(effective=20251399)]), "date")


class JsonTest(unittest.TestCase):
    HEAD = {"seq": 9, "session": 7, "source_ns": 100, "received_ns": 200, "latency_ns": 30}

    def decode(self, **keys):
        line = json.dumps(keys).encode() + b"\n"
        message, end = json_lines.Decoder().decode(bytearray(line), 0)
        self.assertEqual(end, len(line))
        return message

    def test_reads_a_signal_as_the_binary_decoder_does(self):
        signal = self.decode(type="signal", **self.HEAD, event_id="42", revision=1,
                             instrument="FXI", direction=-1, score=-0.75, confidence=0.5,
                             exposure="cn-equity", bid=39.5, ask=39.75, mid=39.625, spread=0.25,
                             quote_age_ns=1_000_000, move_1s_bps=None, move_5s_bps=1.5,
                             move_60s_bps=-2)
        self.assertEqual(signal, decode(encode.signal(9, -0.75)))

    def test_waits_for_the_end_of_the_line(self):
        self.assertEqual(json_lines.Decoder().decode(bytearray(b'{"type":'), 0), (None, 0))

    def test_ignores_types_and_keys_it_does_not_know(self):
        self.assertIs(type(self.decode(type="novelty", **self.HEAD)), messages.Message)
        beat = self.decode(type="heartbeat", **self.HEAD, last_seq=3, mood="fine")
        self.assertEqual(beat.last_seq, 3)

    def test_refuses_what_is_no_message(self):
        for line in (b"nonsense\n", b"[]\n", b'{"type":"gap"}\n', b"\xff\n", b"[" * 9_999 + b"\n"):
            with self.assertRaises(messages.ProtocolError, msg=line[:20]):
                json_lines.Decoder().decode(bytearray(line), 0)
        with self.assertRaisesRegex(messages.ProtocolError, "longer"):
            json_lines.Decoder().decode(bytearray(70_000), 0)


class SessionTest(unittest.TestCase):

    def feed(self, session, *records):
        return [m if isinstance(m, (messages.Gap, messages.Heartbeat)) else m.seq
                for m in session.feed(b"".join(records))]

    def test_says_what_is_wanted(self):
        session = Session(Options(17, ("signal",), ("FXI",), 0.25))
        self.assertEqual(
            session.connected(), b'{"op":"subscribe","format":"binary","from_seq":17,'
            b'"messages":["signal"],"instruments":["FXI"],"min_abs_score":0.25}\n')
        self.assertEqual(Session(Options(format="json")).connected(),
                         b'{"op":"subscribe","format":"json"}\n')
        with self.assertRaises(ValueError):
            Session(Options(format="xml"))

    def test_asks_again_for_a_record_that_was_torn(self):
        session = Session(Options())
        self.assertEqual(self.feed(session, encode.signal(5), encode.signal(6)[:-1]), [5])
        self.assertIn(b'"from_seq":6', session.connected())
        self.assertEqual(self.feed(session, encode.signal(6)), [6])

    def test_takes_bytes_one_by_one(self):
        session = Session(Options())
        received = [m.seq for byte in encode.signal(1) + encode.signal(2)
                    for m in session.feed(bytes([byte]))]
        self.assertEqual(received, [1, 2])

    def test_tells_a_jump_as_a_gap_unless_the_subscription_is_filtered(self):
        gap = messages.Gap(0, 7, 0, 200, 0, 2, 3)
        jump = (encode.signal(1), encode.signal(4))
        self.assertEqual(self.feed(Session(Options()), *jump), [1, gap, 4])
        self.assertEqual(self.feed(Session(Options(messages=("signal",))), *jump), [1, 4])

    def test_goes_on_behind_the_daemons_gap(self):
        session = Session(Options(from_seq=1))
        gap, seq = self.feed(session, encode.gap(1, 99), encode.signal(100))
        self.assertEqual((gap.from_seq, gap.to_seq, seq), (1, 99, 100))

    def test_skips_types_of_a_newer_daemon_but_counts_their_numbers(self):
        unknown = encode.record(99, 2), encode.record(99, 0)
        session = Session(Options())
        self.assertEqual(self.feed(session, encode.signal(1), *unknown, encode.signal(3)), [1, 3])

    def test_resumes_from_the_first_heartbeat_if_nothing_else_came(self):
        session = Session(Options())
        self.feed(session, encode.heartbeat(40))
        self.assertEqual(session.next_seq, 41)

    def test_the_oldest_there_is_begins_anywhere(self):
        session = Session(Options(from_seq=0))
        self.assertIn(b'"from_seq":0', session.connected())
        self.assertEqual(self.feed(session, encode.signal(57)), [57])

    def test_refuses_a_numbering_that_went_back(self):
        for second in (encode.signal(9), encode.heartbeat(5)):
            with self.assertRaisesRegex(messages.ProtocolError, "went back"):
                self.feed(Session(Options()), encode.signal(9), second)

    def test_waits_longer_until_something_is_heard(self):
        session = Session(Options(reconnect_min=1, reconnect_max=3))
        self.assertEqual([session.backoff() for _ in range(4)], [1, 2, 3, 3])
        self.feed(session, encode.heartbeat(0))
        self.assertEqual(session.backoff(), 1)


if __name__ == "__main__":
    unittest.main()
