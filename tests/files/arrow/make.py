"""Makes the Arrow files of this folder with pyarrow 26.0.1. Synthetic: nobody was asked."""

import datetime
import pathlib

import pyarrow as pa
import pyarrow.feather as feather

HERE = pathlib.Path(__file__).parent
N = 60
categories = pa.array(["often", "never", None, "often", "rarely"] * (N // 5)).dictionary_encode()
table = pa.table({
    "id": pa.array(range(1, N + 1), pa.int64()),
    "sex": pa.array(["f", "m"] * (N // 2), pa.string()),
    "use": categories,
    "level": pa.DictionaryArray.from_arrays(pa.array([i % 3 for i in range(N)], pa.int8()), pa.array([10, 20, 30])),
    "satisfied": pa.array([i % 5 + 1 if i % 7 else None for i in range(N)], pa.int8()),
    "customer": pa.array([i % 2 == 0 for i in range(N)]),
    "day": pa.array([datetime.date(2026, 3, 2 + i % 9) for i in range(N)]),
    "large": pa.array([f"t{i % 4}" for i in range(N)], pa.large_string()),
    "nothing": pa.nulls(N),
    "weight": pa.array([0.5 + (i % 4) / 2 for i in range(N)], pa.float64()),
})
feather.write_feather(table, HERE / "survey.feather", compression="lz4")
with pa.OSFile(str(HERE / "survey.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
    writer.write_table(table, max_chunksize=25)
with pa.OSFile(str(HERE / "stream.arrows"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
    writer.write_table(table, max_chunksize=25)
zstd = pa.ipc.IpcWriteOptions(compression="zstd")
with pa.OSFile(str(HERE / "zstd.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema, options=zstd) as writer:
    writer.write_table(table)
nested = pa.table({"id": [1, 2], "several": [["a"], ["b", "c"]]})
with pa.OSFile(str(HERE / "nested.arrow"), "wb") as sink, pa.ipc.new_file(sink, nested.schema) as writer:
    writer.write_table(nested)
feather.write_feather(table.select(["id", "sex"]), HERE / "version1.feather", version=1)
