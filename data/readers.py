"""Read the data files that the demo's packages describe: bytes in, a table of cells out.

Pure. Each reader knows one layout (CSV, TopoJSON, the time zone tables, ...) and nothing of where
the bytes came from. `READERS` is the list that recipes name them from.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under the titles of their columns.

    Attributes:
        columns: the titles.
        rows: the cells, in the order of the titles.
        media_type: what the file is, as a MIME type.
        null_words: for cells that are text: those that stand for no value. None: the cells are
            JSON values already.
    """

    columns: list[str]
    rows: list[list[Any]]
    media_type: str
    null_words: frozenset[str] | None = None

    def keep(self, columns: list[str]) -> Table:
        """Return the table with only *columns*, in that order."""
        places = [self.columns.index(column) for column in columns]
        rows = [[row[place] for place in places] for row in self.rows]
        return Table(columns, rows, self.media_type, self.null_words)


def read_csv(content: bytes, null_words: frozenset[str] = frozenset({""})) -> Table:
    """Read comma-separated values whose first row holds the titles."""
    titles, *rows = csv.reader(io.StringIO(content.decode("utf-8")))
    return Table(titles, rows, "text/csv", null_words)


def read_csv_with_na(content: bytes) -> Table:
    """Read comma-separated values in which `NA` stands for no value."""
    return read_csv(content, frozenset({"", "NA"}))


def read_json_records(content: bytes) -> Table:
    """Read an array of JSON objects; a key that one of them lacks is null there."""
    return _table(json.loads(content))


def read_earthquakes(content: bytes) -> Table:
    """Read a GeoJSON earthquake feed: one row an event, its place on Earth left nested.

    Times come as milliseconds since 1970 and leave as UTC date-times.
    """
    records = []
    for feature in json.loads(content)["features"]:
        facts = feature["properties"]
        records.append(
            {
                "id": feature["id"],
                "time": _utc(facts["time"]),
                "updated": _utc(facts["updated"]),
                "mag": facts["mag"],
                "magType": facts["magType"],
                "place": facts["place"],
                "type": facts["type"],
                "status": facts["status"],
                "net": facts["net"],
                "nst": facts["nst"],
                "gap": facts["gap"],
                "rms": facts["rms"],
                "felt": facts["felt"],
                "tsunami": facts["tsunami"],
                "geometry": feature["geometry"],
            }
        )
    return _table(records)


def read_countries(content: bytes) -> Table:
    """Read the countries of a TopoJSON file: their numbers and, where it has them, their names."""
    return _table(_shapes(content, "countries"))


def read_counties(content: bytes) -> Table:
    """Read the counties of a TopoJSON file; a county's number starts with that of its state."""
    shapes = _shapes(content, "counties")
    return _table(
        {"fips": shape["id"], "name": shape["name"], "state_fips": shape["id"][:2]}
        for shape in sorted(shapes, key=lambda shape: shape["id"])
    )


def read_zone_table(content: bytes) -> Table:
    """Read the table of time zones, its coordinates as they are written there."""
    columns = ["country_codes", "coordinates", "zone", "comments"]
    rows = [[*row, ""][:4] for row in _uncommented(content, "\t")]
    return Table(columns, rows, "text/tab-separated-values", frozenset({""}))


def read_zone_table_in_degrees(content: bytes) -> Table:
    """Read the table of time zones, its coordinates as decimal degrees, north and east positive."""
    return _table(
        {
            "country_codes": codes,
            "zone": zone,
            "latitude": latitude,
            "longitude": longitude,
            "comments": comments or None,
        }
        for codes, coordinates, zone, comments in read_zone_table(content).rows
        for latitude, longitude in [degrees(coordinates)]
    )


def read_leap_seconds(content: bytes) -> Table:
    """Read the list of leap seconds: the day that each one ends, and 1 for a second put in."""
    return _table(
        {
            "date": f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}",
            "time": time,
            "correction": {"+": 1, "-": -1}[sign],
        }
        for _, year, month, day, time, sign, _ in _uncommented(content, None)
    )


READERS: dict[str, Callable[[bytes], Table]] = {
    "csv": read_csv,
    "csv with NA": read_csv_with_na,
    "JSON records": read_json_records,
    "earthquakes": read_earthquakes,
    "countries": read_countries,
    "counties": read_counties,
    "zone table": read_zone_table,
    "zone table in degrees": read_zone_table_in_degrees,
    "leap seconds": read_leap_seconds,
}


def degrees(coordinates: str) -> tuple[float, float]:
    """Return latitude and longitude of an ISO 6709 text such as `+4230+00131`.

    Four or five digits are degrees and minutes, six or seven have seconds too. Rounded to four
    places, about ten metres, which is finer than what is written.
    """
    latitude, longitude = re.findall(r"[+-][0-9]+", coordinates)
    return _decimal(latitude, 2), _decimal(longitude, 3)


def _decimal(text: str, width: int) -> float:
    sign, digits = -1 if text[0] == "-" else 1, text[1:]
    whole, minutes, seconds = digits[:width], digits[width : width + 2], digits[width + 2 :] or "0"
    return sign * round(int(whole) + int(minutes) / 60 + int(seconds) / 3600, 4)


def _table(records: Iterable[dict[str, Any]]) -> Table:
    """Return JSON objects as a table, with the keys in the order in which they first occur."""
    records = list(records)
    columns = list(dict.fromkeys(key for record in records for key in record))
    rows = [[record.get(column) for column in columns] for record in records]
    return Table(columns, rows, "application/json")


def _shapes(content: bytes, layer: str) -> list[dict[str, Any]]:
    """Return number and attributes of each shape in one layer of a TopoJSON file."""
    shapes = json.loads(content)["objects"][layer]["geometries"]
    return [{"id": shape.get("id")} | shape.get("properties", {}) for shape in shapes]


def _uncommented(content: bytes, separator: str | None) -> list[list[str]]:
    lines = content.decode("utf-8").splitlines()
    return [line.split(separator) for line in lines if line and not line.startswith("#")]


def _utc(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
