"""Stage: trim the vocabulary to what the texts use."""

from dataclasses import replace

from foretype.compress.batches import tokenizer_of
from foretype.compress.settings import Vocabulary
from foretype.compress.vocabulary import trim
from foretype.compress.watch import counting
from foretype.compress.workbench import Result, Workbench
from foretype.model.dense_model import EMBEDDING, DenseModel, Scales


def trim_vocabulary(settings: Vocabulary, model: DenseModel, bench: Workbench) -> Result:
    """The rows of the embedding that are kept do not change."""
    counts = bench.mix.count(tokenizer_of(model.vocabulary), counting(bench.watch))
    trimmed = trim(model.vocabulary, counts, size=settings.tokens)
    old = trimmed.old_ids
    begin = trimmed.new_id(model.config.begin_token)
    config = replace(model.config, vocabulary=len(old), begin_token=begin)
    weights = {**model.weights, EMBEDDING: model.weights[EMBEDDING][old]}
    scales = dict(model.scales)
    if EMBEDDING in scales:
        of_all = scales[EMBEDDING]
        scales[EMBEDDING] = Scales(of_all.group_scale[old], of_all.row_scale[old])
    notes = {"tokens_before": model.config.vocabulary, "tokens": len(old)}
    changed = replace(
        model, config=config, vocabulary=trimmed.vocabulary, weights=weights, scales=scales
    )
    # Fewer common tokens may no longer fill whole blocks of rows.
    return Result(changed.with_rows_alike(), notes)
