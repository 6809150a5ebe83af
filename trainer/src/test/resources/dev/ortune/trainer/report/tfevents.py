"""Writes events.out.tfevents.golden beside itself: three records of an event file as TensorBoard reads them.

Nothing but Python's standard library: CRC-32C bit by bit from its polynomial, protocol buffers by hand after
tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto, frames after the TFRecord format.
"""

import pathlib
import struct


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(message):
    length = struct.pack("<Q", len(message))
    return length + masked(length) + message + masked(message)


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, wire, payload):
    return varint(number << 3 | wire) + payload


def chunk(number, payload):
    return field(number, 2, varint(len(payload)) + payload)


def scalar(wall_time, step, tag, value):
    point = chunk(1, tag.encode()) + field(2, 5, struct.pack("<f", value))
    return field(1, 1, struct.pack("<d", wall_time)) + field(2, 0, varint(step)) + chunk(5, chunk(1, point))


assert crc32c(b"123456789") == 0xE3069283  # the check value of CRC-32C
assert crc32c(bytes(32)) == 0x8A9136AA  # RFC 3720, B.4

version = field(1, 1, struct.pack("<d", 1700000000.25)) + chunk(3, b"brain.Event:2")
events = record(version)
events += record(scalar(1700000001.5, 1, "train/loss", 0.6875))
events += record(scalar(1700000002.5, 300, "eval/mcc", -0.1))
pathlib.Path(__file__).with_name("events.out.tfevents.golden").write_bytes(events)
