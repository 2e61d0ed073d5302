"""Stage: name the common tokens, which the output head is computed for whoever writes."""

from dataclasses import replace

from foretype.compress.batches import tokenizer_of
from foretype.compress.settings import Common
from foretype.compress.vocabulary import commonest, coverage
from foretype.compress.watch import counting
from foretype.compress.workbench import Result, Workbench
from foretype.model.dense_model import DenseModel


def name_common(settings: Common, model: DenseModel, bench: Workbench) -> Result:
    """No weight changes; the head's rows are put into another order when the model is converted."""
    counts = bench.mix.count(tokenizer_of(model.vocabulary), counting(bench.watch))
    common = commonest(model.vocabulary, counts, settings.tokens)
    notes = {
        "tokens": len(common),
        "coverage": round(coverage(counts, settings.tokens), 4),
        "of": model.config.vocabulary,
    }
    vocabulary = replace(model.vocabulary, common=common)
    return Result(replace(model, vocabulary=vocabulary), notes)
