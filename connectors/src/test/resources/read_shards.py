"""Reads shards as a training script would, as one data set, decodes their audio, and says what it found as JSON.

python read_shards.py FOLDER OUTPUT

FOLDER holds shards (*.parquet), and for each of their rows its raw PCM as <path>.<width>.pcm: samples as in the audio
file, interleaved, little-endian; the width is s16le, s24le or f32le.
"""

import json
import os
import sys
from pathlib import Path

import datasets
import numpy
import pyarrow.parquet

WIDTHS = {"s16le": 2, "s24le": 3, "f32le": 4}


def main(folder, output):
    shards = [str(shard) for shard in sorted(folder.glob("*.parquet"))]
    data = datasets.load_dataset("parquet", data_files=shards, split="train")
    streamed = datasets.load_dataset("parquet", data_files=shards, split="train", streaming=True)
    found = {
        "features": {name: feature.dtype if name != "audio" else repr(feature) for name, feature in data.features.items()},
        # Whether the files have, to the last null, the schema that datasets would give them.
        "schema_as_datasets_writes_it": [
            pyarrow.parquet.read_schema(shard).equals(data.features.arrow_schema) for shard in shards
        ],
        "rows": [facts(row, folder) for row in data],
        "streamed": [row["path"] for row in streamed],
    }
    output.write_text(json.dumps(found))


def facts(row, folder):
    audio = row.pop("audio")
    width = next(width for width in WIDTHS if pcm_file(row, width, folder).exists())
    expected = samples(pcm_file(row, width, folder).read_bytes(), width, row["channels"])
    row["audio_path"] = audio["path"]
    row["decoded_rate"] = audio["sampling_rate"]
    row["decoded_shape"] = list(audio["array"].shape)
    row["decoded_exactly"] = bool(numpy.array_equal(audio["array"], expected))
    return row


def pcm_file(row, width, folder):
    return folder / f"{row['path']}.{width}.pcm"


def samples(pcm, width, channels):
    """As libsndfile gives them: float64, integers divided by their largest magnitude; a row for each channel."""
    if width == "f32le":
        interleaved = numpy.frombuffer(pcm, dtype="<f4").astype(numpy.float64)
    else:
        octets = numpy.frombuffer(pcm, dtype=numpy.uint8).reshape(-1, WIDTHS[width])
        # Into the upper bytes of 32 bits, where the sign stands.
        wide = numpy.zeros((len(octets), 4), dtype=numpy.uint8)
        wide[:, 4 - WIDTHS[width] :] = octets
        interleaved = wide.view("<i4").reshape(-1) / 2.0**31
    return interleaved if channels == 1 else interleaved.reshape(-1, channels).T


main(Path(sys.argv[1]), Path(sys.argv[2]))
# No tidy end: threads of pyarrow that outlive what they read for now and then abort it (apache/arrow#45214).
os._exit(0)
