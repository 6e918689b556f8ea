"""Pictures of single lines → their characters, offline. Touches the model file inside the package `rapidocr`.

The model is PP-OCRv6 small (a CTC line reader), run by onnxruntime itself: rapidocr's own code, which fetches a
model that it misses, is never imported, so nothing can be downloaded.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from crawler.errors import ReadError

Grey = npt.NDArray[np.uint8]  # height × width, 255 is paper

THREADS = 2
HEIGHT = 48  # pixels of a line, fixed by the model
MIN_WIDTH = 64  # narrower strips leave the model too few steps (one per 8 pixels)
MAX_WIDTH = 4_800  # a line of 100 characters
_BATCH_WIDTH = 640  # pixels of all strips that are read at once; more is slower and takes more memory
_MODEL = Path("models", "PP-OCRv6_rec_small.onnx")
_FIGURES = frozenset("0123456789.,")
# Signs that stand for a figure among figures. No bars (|) and no squares (口): in a cell these may be anything.
_LOOKALIKES = {"O": "0", "o": "0", "〇": "0", "○": "0", "l": "1", "I": "1", "，": ",", "．": "."} | {
    chr(0xFF10 + figure): str(figure) for figure in range(10)
}
_BLANK = 0  # CTC's "no character"


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in one strip; `confidence` (0 to 1) is that of the least certain character, 0 for no text."""

    text: str
    confidence: float


def read(strips: Sequence[Grey]) -> list[Reading]:
    """One reading for each strip, in their order. A strip is one line with a little paper around it.

    Raises ReadError where the recognition is not installed completely.
    """
    engine = _engine()
    scaled = [_scaled(strip) for strip in strips]
    found: list[Reading] = [Reading("", 0.0)] * len(strips)
    batch: list[int] = []
    for number in sorted(range(len(scaled)), key=lambda index: scaled[index].shape[1]):
        width = scaled[number].shape[1]
        if batch and width * (len(batch) + 1) > _BATCH_WIDTH:
            _read_batch(engine, scaled, batch, found)
            batch = []
        batch.append(number)
    if batch:
        _read_batch(engine, scaled, batch, found)
    return found


def _read_batch(engine: _Engine, scaled: Sequence[Grey], batch: Sequence[int], found: list[Reading]) -> None:
    width = max(scaled[number].shape[1] for number in batch)
    block = np.zeros((len(batch), 3, HEIGHT, width), dtype=np.float32)  # 0 is mid-grey: the model's own padding
    for place, number in enumerate(batch):
        strip = scaled[number]
        block[place, :, :, : strip.shape[1]] = strip.astype(np.float32) / 127.5 - 1.0
    for number, chances in zip(batch, engine.run(block), strict=True):
        found[number] = _decoded(chances, engine)


def _scaled(strip: Grey) -> Grey:
    height, width = strip.shape
    wide = min(max(round(width * HEIGHT / height), 8), MAX_WIDTH)
    method = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    resized = cv2.resize(strip, (wide, HEIGHT), interpolation=method)
    lacking = max(MIN_WIDTH - wide, 0)
    if lacking:
        left = lacking // 2
        resized = cv2.copyMakeBorder(resized, 0, 0, left, lacking - left, cv2.BORDER_REPLICATE)
    return np.asarray(resized, dtype=np.uint8)


def _decoded(chances: npt.NDArray[np.float32], engine: _Engine) -> Reading:
    """CTC, greedy: the best sign of each step, repeats joined, blanks dropped.

    In a text of figures alone, a figure and its lookalikes (0 and O) are one sign with their chances together.
    """
    reading = _greedy(chances, engine.characters)
    if reading.text and all(sign in _FIGURES or sign in _LOOKALIKES for sign in reading.text):
        folded = chances.copy()
        for figure, twins in engine.twins:
            folded[:, figure] += folded[:, twins].sum(axis=1)
            folded[:, twins] = 0
        return _greedy(folded, engine.characters)
    return reading


def _greedy(chances: npt.NDArray[np.float32], characters: Sequence[str]) -> Reading:
    best = chances.argmax(axis=1)
    signs: list[str] = []
    least = 1.0
    before = _BLANK
    for step, sign in enumerate(best.tolist()):
        if sign not in (_BLANK, before):
            signs.append(characters[sign])
            least = min(least, float(chances[step, sign]))
        before = sign
    text = "".join(signs).strip()
    return Reading(text, least if text else 0.0)


class _Engine:
    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a waiting thread burns no time
        options.enable_cpu_mem_arena = False  # strips differ in width: an arena keeps a block for every width
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        known: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        self.characters = ("", *known["character"].splitlines(), " ")
        place = {sign: number for number, sign in enumerate(self.characters)}
        self.twins = tuple(
            (place[figure], [place[sign] for sign, twin in _LOOKALIKES.items() if twin == figure and sign in place])
            for figure in sorted(set(_LOOKALIKES.values()))
        )
        self._input = self._session.get_inputs()[0].name

    def run(self, block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """(strips, 3, HEIGHT, width) → (strips, steps, chance of each character)."""
        results: Any = self._session.run(None, {self._input: block})
        return np.asarray(results[0], dtype=np.float32)


@functools.cache
def _engine() -> _Engine:
    """One engine a process, built at the first picture."""
    spec = importlib.util.find_spec("rapidocr")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    model = next((Path(folder) / _MODEL for folder in folders if (Path(folder) / _MODEL).is_file()), None)
    if model is None:
        raise ReadError(
            "不能识别图片：缺少 OCR 模型（Python 包 rapidocr 没有装全），请重新安装 rapidocr。"
            " / Recognition is not available: the package rapidocr lacks its model; install it again."
        )
    return _Engine(model)
