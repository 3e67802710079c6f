"""CRC-32C (Castagnoli, RFC 3720), which the standard library does not have. Two bytes a step."""

import struct

_POLYNOMIAL_REFLECTED = 0x82F63B78


def _byte_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL_REFLECTED if value & 1 else 0)
        table.append(value)
    return table


def _pair_table(one):
    # What two bytes do is what the first does, pushed through the second, xor what the second does.
    first = [one[value & 0xFF] ^ value >> 8 for value in one]
    return [low ^ one[high] for high in range(256) for low in first]


_ONE = _byte_table()
_PAIR = _pair_table(_ONE)


def crc32c(data: bytes) -> int:
    """The checksum of `data`."""
    crc = 0xFFFFFFFF
    table = _PAIR
    for pair in struct.unpack_from(f"<{len(data) // 2}H", data):
        crc = table[(crc ^ pair) & 0xFFFF] ^ crc >> 16
    if len(data) % 2:
        crc = _ONE[(crc ^ data[-1]) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF
