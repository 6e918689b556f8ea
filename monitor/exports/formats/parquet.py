"""Parquet: typed columns, compressed with zstd, in row groups of bounded size. Touches the folder it is given.

Decimals are DECIMAL(38, 18), which holds every number that the reader can give exactly; days are DATE; moments are
TIMESTAMP in microseconds with the zone Asia/Shanghai. Every column carries its two descriptions.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from monitor.exports.formats.contract import File
from monitor.exports.model import Kind, Row, Table

GROUP_BYTES = 8 * 2**20  # of columns in memory; a row group is written when it is reached
TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(38, 18),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.MOMENT: pa.timestamp("us", tz="Asia/Shanghai"),
    Kind.JSON: pa.string(),
}


class Parquet:
    NAME: ClassVar[str] = "parquet"

    def __init__(self, folder: Path) -> None:
        self.files: list[File] = []
        self.folder = folder

    def open(self, table: Table, expected: int) -> "_Writer":
        return _Writer(self, table)

    def finish(self, tables: Sequence[Table]) -> None:
        """Nothing is left."""


class _Writer:
    def __init__(self, format_: Parquet, table: Table) -> None:
        self._format = format_
        self._table = table
        self._name = f"{table.name}.parquet"
        self._schema = pa.schema(
            [
                pa.field(one.name, TYPES[one.kind], nullable=not one.required, metadata={"zh": one.zh, "en": one.en})
                for one in table.fields
            ],
            metadata={"zh": table.zh, "en": table.en},
        )
        self._file = pq.ParquetWriter(format_.folder / self._name, self._schema, compression="zstd")
        self._held: list[pa.RecordBatch] = []
        self._held_bytes = 0
        self._rows = 0

    def write(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        columns = [
            pa.array(values, type=one.type) for values, one in zip(zip(*rows, strict=True), self._schema, strict=True)
        ]
        batch = pa.record_batch(columns, schema=self._schema)
        self._held.append(batch)
        self._held_bytes += batch.nbytes
        self._rows += len(rows)
        if self._held_bytes >= GROUP_BYTES:
            self._write_group()

    def _write_group(self) -> None:
        if self._held:
            group = pa.Table.from_batches(self._held)
            self._file.write_table(group, row_group_size=max(1, group.num_rows))
            self._held, self._held_bytes = [], 0

    def close(self) -> None:
        self._write_group()
        self._file.close()
        media_type = "application/vnd.apache.parquet"
        self._format.files.append(File(self._name, self._format.NAME, media_type, (self._table.name,), self._rows))

    def discard(self) -> None:
        self._file.close()
