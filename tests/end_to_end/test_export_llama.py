"""An exported GGUF file under llama.cpp: its logits are those of our slow twin."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

import foretype.replay.llama
from foretype.export import export
from foretype.reference.llama import ReferenceModel
from foretype.reference.tiny_model import write_tiny_model

TOKENS = [0, 75, 104, 104, 100, 261, 35, 270, 290, 35, 111]
ASK = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("process", sys.argv[1])
process = importlib.util.module_from_spec(spec)
spec.loader.exec_module(process)
model = process.Model(sys.argv[2])
print(json.dumps([model.read(json.loads(sys.argv[3])).tolist(), model.begin]))
"""


@pytest.mark.parametrize("numbers", ["f32", "f16", "q8_0"])
def test_llama_cpp_computes_our_logits(tmp_path: Path, numbers: str) -> None:
    python = os.environ.get("FORETYPE_PEER_PYTHON")
    if not python:
        pytest.skip("FORETYPE_PEER_PYTHON names no Python that has llama-cpp-python")
    tiny = write_tiny_model(tmp_path / "tiny", heads=4, kv_heads=2, merges=50)
    gguf = export(tiny, tmp_path / "tiny.gguf", to="gguf", numbers=numbers)
    program = foretype.replay.llama.__path__[0] + "/process.py"
    done = subprocess.run(
        [python, "-c", ASK, program, str(gguf), json.dumps(TOKENS)],
        capture_output=True,
        check=True,
    )
    found, begin = json.loads(done.stdout)
    expected = ReferenceModel.load(tiny).logits(np.array(TOKENS))[-1]
    assert begin == 0
    assert np.argmax(found) == np.argmax(expected)
    assert np.abs(found - expected).max() < 0.02 * np.abs(expected).max()
