"""Bars and headlines of the tests' own making: a market that answers each headline as told."""

import datetime
import json
import os
import pathlib
import subprocess

SOURCE = pathlib.Path(os.environ["TARIFF_SOURCE_DIR"])
TARIFFD = os.environ["TARIFFD"]
DAY = datetime.datetime(2025, 3, 3, 14, 0, tzinfo=datetime.timezone.utc)
ESCALATES = "US to impose 25% tariff on all imports from China, effective June {}"
EASES = "US and China agree to lift all tariffs on each other's goods, round {}"


def tariffd(*arguments):
    return subprocess.run([TARIFFD, *map(str, arguments)], text=True, capture_output=True,
                          timeout=120, check=False)


def replay(*arguments):
    return tariffd("replay", *arguments, "--rules", SOURCE / "config")


def stamp(minutes, day=0, seconds=0):
    at = DAY + datetime.timedelta(days=day, minutes=minutes, seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def headline(identity, text, published, source="official"):
    return {"id": identity, "text": text, "published_at": published, "source": source}


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_bars(path, closes_by_day):
    """One bar a minute from 14:00 on; `closes_by_day` is a list of lists."""
    lines = ["ts,open,high,low,close,volume"]
    for day, closes in enumerate(closes_by_day):
        lines += [f"{stamp(minute, day)},{c},{c},{c},{c},100" for minute, c in enumerate(closes)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def a_market_that_falls_when_told(folder, days=35):
    """A headline that escalates half an hour into every second day, so that each is a story of its
    own; 1 % down within the minute after it."""
    quiet = [500 + minute % 3 * 0.1 for minute in range(90)]
    falls = quiet[:30] + [495 + minute % 3 * 0.1 for minute in range(60)]
    bars = write_bars(folder / "spy.csv", [falls, quiet] * days)
    news = write_lines(folder / "news.ndjson",
                       [headline(f"h{day}", ESCALATES.format(1 + day % 28), stamp(30, 2 * day, 5))
                        for day in range(days)])
    return news, bars
