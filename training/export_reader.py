"""Export the trained reader to int8 ONNX.

    python training/export_reader.py --weights FOLDER/reader.pt      writes qa/model/{glance.onnx,study.onnx,MODEL.json}

`glance.onnx` holds the layers up to the first head, `study.onnx` those from there to the second; the third, and the
layers below it, read no better (docs/log.md) and stay behind. One window at a time goes through both (see `qa.read`),
so there is no padding and no attention mask in the graphs. The tokenizer is the bundled embedder's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from train_reader import HEADS, PackedEmbedding, SpanReader

from qa.confidence import Grounds


class Glance(nn.Module):
    """The first layers for one window: their hidden states, shape ``(1, length, 384)``, and scores, ``(length, 2)``."""

    def __init__(self, reader: SpanReader) -> None:
        super().__init__()
        self.embeddings, self.head = reader.encoder.embeddings, reader.heads[0]
        self.layers = reader.encoder.encoder.layer[: HEADS[0]]

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        """``input_ids`` and ``token_type_ids``: shape ``(1, length)``."""
        hidden = self.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        for layer in self.layers:
            hidden = layer(hidden)
        return hidden, self.head(hidden)[0]


class Study(nn.Module):
    """The layers after those: scores from their hidden states."""

    def __init__(self, reader: SpanReader) -> None:
        super().__init__()
        self.layers, self.head = reader.encoder.encoder.layer[HEADS[0] : HEADS[1]], reader.heads[1]

    def forward(self, hidden: Tensor) -> Tensor:
        """``hidden``: shape ``(1, length, 384)``."""
        for layer in self.layers:
            hidden = layer(hidden)
        scores: Tensor = self.head(hidden)[0]
        return scores


def export(part: nn.Module, example: tuple[Tensor, ...], inputs: list[str], outputs: list[str], path: Path) -> None:
    """Write a part as fp32, its lengths free."""
    lengths = {name: {0 if name == "scores" else 1: "length"} for name in (*inputs, *outputs)}
    torch.onnx.export(
        part.eval(),
        example,
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=lengths,
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    """Export, quantise, and write the model's facts beside it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "qa" / "model")
    parser.add_argument("--fp32", type=Path, help="folder for the fp32 model too, to compare with")
    options = parser.parse_args()
    out, fp32 = options.out.resolve(), options.fp32.resolve() if options.fp32 else None
    reader = SpanReader(attention="eager")
    reader.load_state_dict(torch.load(options.weights, map_location="cpu", weights_only=True))
    words = reader.encoder.embeddings.word_embeddings.weight
    reader.encoder.embeddings.word_embeddings = PackedEmbedding(words)  # type: ignore[assignment]
    ids = torch.randint(1000, 2000, (1, 16))
    parts: dict[str, tuple[nn.Module, tuple[Tensor, ...], list[str], list[str]]] = {
        "glance": (Glance(reader), (ids, ids // 2000), ["input_ids", "token_type_ids"], ["hidden", "scores"]),
        "study": (Study(reader), (torch.randn(1, 16, 384),), ["hidden"], ["scores"]),
    }
    for folder in (out, fp32):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)  # the exporter leaves files where it stands
        for name, (part, example, inputs, outputs) in parts.items():
            export(part, example, inputs, outputs, Path("fp32.onnx"))
            if fp32:
                (fp32 / f"{name}.onnx").write_bytes(Path("fp32.onnx").read_bytes())
            quant_pre_process("fp32.onnx", "prepared.onnx", skip_symbolic_shape=True)
            # Seven of the eight bits: products of eight overflow on CPUs without VNNI, and scores would depend on the
            # CPU.
            quantize_dynamic(
                "prepared.onnx",
                out / f"{name}.onnx",
                op_types_to_quantize=["MatMul"],
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
            )
    nothing = dict.fromkeys((*Grounds._fields, "intercept"), 0)
    facts = {
        "name": "citewire-reader",
        "sha256": {f"{name}.onnx": hashlib.sha256((out / f"{name}.onnx").read_bytes()).hexdigest() for name in parts},
        "glance": nothing | {"glance": 1},
        "calibration": nothing | {"margin": 1},
        "threshold": 0.5,
        "risks": [],
    }
    (out / "MODEL.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(facts)


if __name__ == "__main__":
    main()
