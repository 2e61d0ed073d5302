"""Stage: name the common tokens, which the output head is computed for whoever writes."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch

from foretype.compress.batches import tokenizer_of
from foretype.compress.network import Network
from foretype.compress.quantise import head_importance
from foretype.compress.settings import Common
from foretype.compress.solver import round_plainly
from foretype.compress.vocabulary import commonest, coverage
from foretype.compress.watch import counting
from foretype.compress.workbench import Result, Workbench
from foretype.errors import SettingError
from foretype.model.dense_model import EMBEDDING, OTHERS, DenseModel, Encoding, Scales
from foretype.model.layout import ROW_BLOCK

SEQUENCES, LENGTH = 16, 256  # that the embedding's columns are weighed by


def name_common(settings: Common, model: DenseModel, bench: Workbench) -> Result:
    """Changes the order of the head's rows when the model is converted; no weight of a common one.

    Rows of all other tokens are rounded to fewer levels where the settings say so.
    """
    counts = bench.mix.count(tokenizer_of(model.vocabulary), counting(bench.watch))
    common = commonest(model.vocabulary, counts, settings.tokens)
    if settings.others is not None:
        common = _whole_blocks(common, model, counts)
    notes = {
        "tokens": len(common),
        "coverage": round(coverage(counts, settings.tokens), 4),
        "of": model.config.vocabulary,
    }
    named = replace(model.with_rows_alike(), vocabulary=replace(model.vocabulary, common=common))
    if settings.others is not None:
        named = _round_others(Encoding(settings.others), named, bench)
    return Result(named, notes)


def _whole_blocks(common: list[int], model: DenseModel, counts: npt.ArrayLike) -> list[int]:
    """With the next commonest, until their rows fill whole blocks."""
    missing = -len(common) % ROW_BLOCK
    known = {*common, *model.vocabulary.specials}
    order = np.argsort(-np.asarray(counts), kind="stable").tolist()
    more = [token for token in order if token not in known][:missing]
    if len(more) < missing:
        raise SettingError("The stage common has no other tokens left: ask for fewer tokens.")
    return sorted([*common, *more])


def _round_others(encoding: Encoding, model: DenseModel, bench: Workbench) -> DenseModel:
    """The embedding's rows of all tokens that are not common, on fewer levels."""
    scales = model.scales[EMBEDDING]
    weights = bench.tensors(model)
    batches = bench.batches(model, length=LENGTH, purpose="quantise")
    tokens = batches.batch(range(SEQUENCES))[:, :-1].to(bench.device)
    importance = head_importance(Network(model.config, weights), tokens)
    others = np.ones(model.config.vocabulary, np.bool_)
    others[np.asarray(model.vocabulary.common, np.intp)] = False
    before = bench.unrounded() or model
    exact = torch.from_numpy(before.weights[EMBEDDING][others]).to(bench.device)
    solved = round_plainly(exact, importance, encoding.bits)
    assert solved.scales is not None
    embedding = model.weights[EMBEDDING].copy()
    embedding[others] = solved.weights.cpu().numpy()
    group_scale, row_scale = scales.group_scale.copy(), scales.row_scale.copy()
    group_scale[others] = solved.scales.group_scale
    row_scale[others] = solved.scales.row_scale
    return replace(
        model,
        weights={**model.weights, EMBEDDING: embedding},
        scales={**model.scales, EMBEDDING: Scales(group_scale, row_scale)},
        encodings={**model.encodings, OTHERS: encoding},
    )
