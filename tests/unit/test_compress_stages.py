"""Each stage alone, on a tiny random model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from compress_samples import TORCH_MISSING, dense_model, workbench

torch = pytest.importorskip("torch", reason=TORCH_MISSING)

from foretype import Engine  # noqa: E402
from foretype.compress.batches import tokenizer_of  # noqa: E402
from foretype.compress.grids import Grids  # noqa: E402
from foretype.compress.network import Network, text_loss  # noqa: E402
from foretype.compress.settings import (  # noqa: E402
    SCORES,
    Adapt,
    Common,
    Depth,
    Local,
    Prune,
    Quantise,
    Rebalance,
    Recover,
    StageSettings,
    Threshold,
    Vocabulary,
    Width,
)
from foretype.compress.size import stored_bytes  # noqa: E402
from foretype.compress.stages import carry_out  # noqa: E402
from foretype.compress.workbench import Result  # noqa: E402
from foretype.model.convert import convert  # noqa: E402
from foretype.model.dense_model import (  # noqa: E402
    EMBEDDING,
    DenseModel,
    Encoding,
    read_dense,
    write_dense,
)
from foretype.reference.llama import ReferenceModel  # noqa: E402

TOKENS = np.random.default_rng(7).integers(3, 279, 20)
SHORT = {"sequences": 4, "length": 32}
TRAINING = {"length": 32, "batch": 4, "micro_batch": 2, "learning_rate": 1e-3}


def done(stage: StageSettings, model: DenseModel, folder: Path, **more: DenseModel) -> Result:
    result = carry_out(stage, model, workbench(folder, **more))
    result.model.check()
    return result


def hidden(model: DenseModel, tokens: list[int] | np.ndarray = TOKENS) -> torch.Tensor:
    weights = {name: torch.from_numpy(each) for name, each in model.weights.items()}
    return Network(model.config, weights).hidden(torch.tensor(tokens)[None])[0]


def test_the_network_is_the_reference(tmp_path: Path) -> None:
    model = dense_model()
    reference = ReferenceModel(model.config, dict(model.weights), model.weights[EMBEDDING])
    assert np.allclose(hidden(model).numpy(), reference.hidden(TOKENS), atol=1e-4)


def test_adapting_lowers_the_loss_and_leaves_the_embedding(tmp_path: Path) -> None:
    model = dense_model()
    zero = dict(model.weights)
    zero["layers.0.ffn.up"] = np.where(np.arange(64) < 8, 0, zero["layers.0.ffn.up"])
    model = replace(model, weights=zero)
    bench = workbench(tmp_path)
    result = carry_out(Adapt(steps=20, **TRAINING), model, bench)
    assert bench.loss(result.model).mean < bench.loss(model).mean - 0.1
    assert np.array_equal(result.model.weights[EMBEDDING], model.weights[EMBEDDING])
    pruned = result.model.weights["layers.0.ffn.up"] == 0
    assert np.array_equal(pruned, zero["layers.0.ffn.up"] == 0)


def test_the_vocabulary_is_trimmed_and_its_rows_stay(tmp_path: Path) -> None:
    model = dense_model()
    trimmed = done(Vocabulary(tokens=4), model, tmp_path).model
    assert len(trimmed.vocabulary.tokens) < len(model.vocabulary.tokens)
    old = {bytes(token): i for i, token in enumerate(model.vocabulary.tokens)}
    for new, token in enumerate(trimmed.vocabulary.tokens):
        row = model.weights[EMBEDDING][old[bytes(token)]]
        assert np.array_equal(trimmed.weights[EMBEDDING][new], row)


def test_the_layers_of_least_effect_go(tmp_path: Path) -> None:
    model = replace(dense_model(layers=4), encodings={"layers.3.ffn.up": Encoding.CODED_3})
    bench = workbench(tmp_path)
    tokens = bench.batches(model, length=32, purpose="depth").batch(range(2))
    network = Network(model.config, bench.tensors(model))
    result = carry_out(Depth(count=2, windows=2, length=32, precision="float32"), model, bench)
    left = [0, 1, 2, 3]
    for gone, effects in zip(result.notes["layers_left_out"], result.notes["effects"], strict=True):
        losses = {}
        for layer in left:
            rest = [other for other in left if other != layer]
            losses[layer] = float(text_loss(network, network.hidden(tokens[:, :-1], rest), tokens))
            assert effects[str(layer)] == pytest.approx(losses[layer], abs=1e-3)
        assert gone == min(left, key=losses.__getitem__)
        left.remove(gone)
    assert result.model.config.layers == 2
    for new, old in enumerate(left):
        kept = result.model.weights[f"layers.{new}.ffn.up"]
        assert np.array_equal(kept, model.weights[f"layers.{old}.ffn.up"])
    coded = [f"layers.{new}.ffn.up" for new, old in enumerate(left) if old == 3]
    assert list(result.model.encodings) == coded


def test_layers_may_be_named(tmp_path: Path) -> None:
    model = dense_model(layers=3)
    left = done(Depth(layers=(0, 2)), model, tmp_path).model
    assert np.array_equal(left.weights["layers.0.ffn.up"], model.weights["layers.1.ffn.up"])


def test_a_few_layers_see_less(tmp_path: Path) -> None:
    model = dense_model(layers=4)
    bench = workbench(tmp_path)
    stage = Local(window=64, count=2, sequences=2, length=96, scored=16, precision="float32")
    result = carry_out(stage, model, bench)
    effects = result.notes["effects"]
    assert sorted(effects, key=effects.__getitem__)[:2] == [
        str(layer) for layer in sorted(result.notes["layers"], key=lambda x: effects[str(x)])
    ]
    windows = result.model.config.attention_windows
    assert [layer for layer in range(4) if windows[layer]] == result.notes["layers"]
    tokens = np.random.default_rng(7).integers(3, 279, 100)
    reference = ReferenceModel(
        result.model.config, dict(model.weights), model.weights[EMBEDDING]
    ).hidden(tokens)
    assert np.allclose(hidden(result.model, tokens).numpy(), reference, atol=1e-4)
    assert not np.allclose(hidden(model, tokens).numpy(), reference, atol=1e-2)
    fewer = done(Depth(layers=(windows.index(64),)), result.model, tmp_path).model
    assert sorted(fewer.config.attention_windows) == [0, 0, 64]


def test_common_tokens_are_named_and_nothing_else(tmp_path: Path) -> None:
    model = dense_model()
    bench = workbench(tmp_path)
    named = carry_out(Common(tokens=5), model, bench).model
    counts = bench.mix.count(tokenizer_of(model.vocabulary))
    common = set(named.vocabulary.common)
    assert {*np.argsort(-counts, kind="stable")[:5].tolist()} <= common
    bytes_alone = {token for token, each in enumerate(model.vocabulary.tokens) if len(each) == 1}
    assert len(bytes_alone) == 256
    assert bytes_alone <= common
    assert len(common) <= 256 + 5
    assert not common & set(model.vocabulary.specials)
    assert all(np.array_equal(named.weights[name], model.weights[name]) for name in model.weights)
    write_dense(tmp_path / "named", named)
    assert read_dense(tmp_path / "named").vocabulary.common == named.vocabulary.common
    write_dense(tmp_path / "plain", model)
    plain, parted = (
        convert(tmp_path / name, output=tmp_path / f"{name}.foretype.safetensors")
        for name in ("plain", "named")
    )
    one, other = ReferenceModel.load(plain), ReferenceModel.load(parted)
    assert np.array_equal(one.embedding, other.embedding)
    text = "tea at ten, and the heat in the north room"
    nats = [Engine.open(path).negative_log_likelihood(text) for path in (plain, parted)]
    assert nats[0] == pytest.approx(nats[1], rel=1e-5)


@pytest.mark.parametrize("head", ["int8", "coded4"])
def test_common_tokens_may_be_named_once_all_is_quantised(tmp_path: Path, head: str) -> None:
    quantised = done(Quantise(head=head, sequences=4, length=32), dense_model(), tmp_path).model
    named = done(Common(tokens=9), quantised, tmp_path).model
    assert named.encodings == quantised.encodings
    assert named.scales is quantised.scales
    for name, model in (("plain", quantised), ("named", named)):
        write_dense(tmp_path / name, model)
        convert(tmp_path / name, output=tmp_path / f"{name}.foretype.safetensors")
    plain, parted = (
        ReferenceModel.load(tmp_path / f"{name}.foretype.safetensors")
        for name in ("plain", "named")
    )
    assert np.array_equal(parted.embedding, plain.embedding)
    if head == "coded4":
        assert np.array_equal(parted.embedding, quantised.weights[EMBEDDING])
    assert plain.weights.keys() == parted.weights.keys()
    assert all(np.array_equal(plain.weights[name], parted.weights[name]) for name in plain.weights)


def test_rows_of_other_tokens_get_fewer_bits(tmp_path: Path) -> None:
    model = dense_model()
    quantised = done(Quantise(head="coded4", sequences=4, length=32), model, tmp_path).model
    bench = replace(workbench(tmp_path), unrounded=lambda: model)
    named = carry_out(Common(tokens=2, others="coded3"), quantised, bench).model
    common = np.asarray(named.vocabulary.common)
    assert len(common) % 16 == 0
    assert {b"a", b"z", b" "} <= {named.vocabulary.tokens[token] for token in common}
    others = np.setdiff1d(np.arange(model.config.vocabulary), common)
    rows = named.weights[EMBEDDING]
    assert np.array_equal(rows[common], quantised.weights[EMBEDDING][common])
    levels = named.scales[EMBEDDING].codes(rows, 4)[others].astype(int) - 8
    assert set(np.unique(levels)) == {*range(-4, 4)}
    exact = model.weights[EMBEDDING][others]
    lost = np.square(rows[others] - exact).mean() / np.square(exact).mean()
    assert 0.01 < lost < 0.06  # 3 bits of a normal distribution
    write_dense(tmp_path / "named", named)
    path = convert(tmp_path / "named", output=tmp_path / "named.foretype.safetensors")
    assert np.array_equal(ReferenceModel.load(path).embedding, rows)
    assert stored_bytes(named) == stored_bytes(quantised) - len(others) * 64 // 8
    again = done(Common(tokens=2), read_dense(tmp_path / "named"), tmp_path).model
    write_dense(tmp_path / "again", again)
    alike = convert(tmp_path / "again", output=tmp_path / "again.foretype.safetensors")
    assert np.array_equal(ReferenceModel.load(alike).embedding, rows)


def test_latent_weights_begin_where_they_were_before_they_were_rounded(tmp_path: Path) -> None:
    model = dense_model()
    small = done(Quantise(encoding="coded3", sequences=4, length=32), model, tmp_path).model
    names = small.matrices()
    weights = {name: torch.tensor(each) for name, each in small.weights.items()}
    grids = Grids(small, weights, names, first=0, unrounded=model.weights)
    middles = Grids(small, weights, names, first=0)
    inside = far = 0
    for name in names:
        steps = np.repeat(small.scales[name].steps(), 32, axis=1)
        levels = small.weights[name] / steps
        assert np.allclose(middles.latent[name].detach(), levels, atol=1e-4)
        places, exact = grids.latent[name].detach().numpy(), model.weights[name] / steps
        near = np.abs(exact - levels) < 0.48
        assert np.allclose(places[near], exact[near], atol=1e-3)
        assert (np.abs(places - levels) < 0.4901).all()
        inside, far = inside + near.sum(), far + (~near).sum()
    assert inside > 2 * far > 0
    grids.begin(0)
    for name in names:
        # The same levels; their distances are shared out between row and group anew.
        assert np.allclose(weights[name], small.weights[name], rtol=0.03, atol=1e-6)


@pytest.mark.parametrize("name", ["layers.0.attention.value", "layers.1.ffn.down"])
def test_gradients_reach_places_and_distances(tmp_path: Path, name: str) -> None:
    model = dense_model()
    small = done(Quantise(encoding="coded3", sequences=4, length=32), model, tmp_path).model
    weights = {name: torch.tensor(small.weights[name]).requires_grad_()}
    grids = Grids(small, weights, [name], first=0, unrounded=model.weights)
    wanted = torch.randn_like(weights[name], generator=torch.Generator().manual_seed(1))
    grids.begin(0)
    (weights[name] * wanted).sum().backward()
    grids.gather()
    steps = torch.from_numpy(np.repeat(small.scales[name].steps(), 32, axis=1))
    levels = torch.from_numpy(small.weights[name]) / steps
    place = grids.latent[name]
    free = (place >= -4.5) & (place <= 3.5)
    assert place.grad is not None
    assert torch.allclose(place.grad, wanted * steps * free, rtol=1e-4, atol=1e-5)
    by_group = (wanted * levels * steps).view(len(steps), -1, 32).sum(-1)
    growth = grids.growth[name].grad
    assert growth is not None
    assert torch.allclose(growth, by_group, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "stage",
    [
        Depth(layers=(1,)),
        Width(share=0.7, sequences=4, length=32),
        Quantise(sequences=4, length=32),
        Recover(steps=2, batch=2, micro_batch=2, length=32),
    ],
    ids=lambda stage: stage.name,
)
def test_later_stages_carry_the_common_tokens_along(tmp_path: Path, stage: StageSettings) -> None:
    named = done(Common(tokens=5), dense_model(), tmp_path).model
    assert done(stage, named, tmp_path).model.vocabulary.common == named.vocabulary.common


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("compensate", [False, True])
def test_neurons_that_do_nothing_go_first(tmp_path: Path, score: str, compensate: bool) -> None:
    model = dense_model(ffn_width=128)
    weights = dict(model.weights)
    idle = np.arange(128) % 4 == 1
    for layer in range(2):
        for part in ("gate", "up"):
            name = f"layers.{layer}.ffn.{part}"
            weights[name] = np.where(idle[:, None], np.float32(1e-6), weights[name])
        name = f"layers.{layer}.ffn.down"
        weights[name] = np.where(idle, np.float32(1e-6), weights[name])
    model = replace(model, weights=weights)
    stage = Width(share=0.75, score=score, compensate=compensate, sequences=48, length=64)
    result = done(stage, model, tmp_path)
    assert result.model.config.ffn_width == 96
    assert result.model.weights["layers.1.ffn.down"].shape == (64, 96)
    if score != "permutation-variance":  # which says what is told apart, not what matters
        assert torch.allclose(hidden(result.model), hidden(model), atol=1e-2)


def test_what_is_left_takes_over(tmp_path: Path) -> None:
    model = dense_model(ffn_width=128)
    stage = Width(share=0.5, sequences=16, length=64, compensate=False)
    plainly = done(stage, model, tmp_path).notes["share_of_output_lost"]
    taken = done(replace(stage, compensate=True), model, tmp_path).notes["share_of_output_lost"]
    assert all(taken[layer] < 0.8 * plainly[layer] for layer in plainly)


def test_a_neuron_that_is_another_s_double_costs_nothing(tmp_path: Path) -> None:
    model = dense_model(ffn_width=64)
    weights = dict(model.weights)
    for layer in range(2):
        for part, axis in (("gate", 0), ("up", 0), ("down", 1)):
            name = f"layers.{layer}.ffn.{part}"
            first = np.take(weights[name], np.arange(32), axis=axis)
            weights[name] = np.concatenate([first, first], axis=axis)
    model = replace(model, weights=weights)
    stage = Width(share=0.5, score="merge", sequences=16, length=64)
    assert max(done(stage, model, tmp_path).notes["share_of_output_lost"].values()) < 0.01


def test_rebalancing_changes_no_answer_and_keeps_more(tmp_path: Path) -> None:
    model = dense_model(ffn_width=128)
    weights = dict(model.weights)
    large = np.random.default_rng(3).permutation(128) < 32  # a quarter, scattered
    for part in ("gate", "up"):
        name = f"layers.0.ffn.{part}"
        weights[name] = np.where(large[:, None], 3, 1).astype(np.float32) * weights[name]
    model = replace(model, weights=weights)
    result = done(Rebalance(density=0.5, **SHORT), model, tmp_path)
    assert torch.allclose(hidden(result.model), hidden(model), atol=1e-4)
    before, after = result.notes["by_layer"][0]
    assert after > before + 0.05
    assert all(after >= before for before, after in result.notes["by_layer"].values())


def test_pruning_leaves_whole_blocks_of_the_mean_density(tmp_path: Path) -> None:
    stage = Prune(densities=(0.8, 0.5), probe_windows=2, **SHORT)
    result = done(stage, dense_model(ffn_width=128), tmp_path)
    assert result.notes["density"] == pytest.approx(0.5, abs=0.02)
    model = result.model
    for name in model.matrices():
        sparse = ".ffn." in name
        assert (model.encoding(name) is Encoding.SPARSE_4) == sparse
        weights = model.weights[name]
        rows, columns = weights.shape
        kept = (weights != 0).reshape(rows // 16, 16, columns // 4, 4).sum((1, 3))
        assert sparse or kept.min() == 64
        assert set(np.unique(kept)) <= {0, 64}
        assert not ((kept > 0).reshape(rows // 16, -1, 8).sum(-1) % 2).any()


def test_quantising_keeps_zeros_and_says_its_levels(tmp_path: Path) -> None:
    pruned = done(
        Prune(densities=(0.5,), by_sensitivity=False, **SHORT), dense_model(), tmp_path
    ).model
    stage = Quantise(encoding="coded3", parts={"layers.1": "coded4"}, head="coded4", **SHORT)
    model = done(stage, pruned, tmp_path).model
    assert model.encoding("layers.0.attention.key") is Encoding.CODED_3
    assert model.encoding("layers.1.attention.key") is Encoding.CODED_4
    assert model.encoding("layers.1.ffn.up") is Encoding.SPARSE_4
    assert model.encoding(EMBEDDING) is Encoding.CODED_4
    for name in (*model.matrices(), EMBEDDING):
        check_levels(model, name)
        assert not model.weights[name][pruned.weights[name] == 0].any()


def check_levels(model: DenseModel, name: str) -> None:
    bits = model.encoding(name).bits
    codes = model.scales[name].codes(model.weights[name], bits)
    levels = codes.astype(np.float32) - np.float32(2 ** (bits - 1))
    again = np.repeat(model.scales[name].steps(), 32, axis=1) * levels
    kept = model.weights[name] != 0
    assert np.array_equal(again[kept], model.weights[name][kept])


def distance(model: DenseModel, teacher: DenseModel, folder: Path) -> float:
    """Of what the two say of texts: Kullback-Leibler, in nats."""
    tokens = workbench(folder).batches(model, length=200, purpose="test").sequence(0)
    said, taught = (
        (hidden(each, tokens) @ torch.from_numpy(each.weights[EMBEDDING]).T).log_softmax(-1)
        for each in (model, teacher)
    )
    return float((taught.exp() * (taught - said)).sum(-1).mean())


@pytest.mark.parametrize("round_from", [0.0, 0.5])
def test_recovering_comes_nearer_to_the_teacher(tmp_path: Path, round_from: float) -> None:
    teacher = dense_model()
    pruned = done(Prune(densities=(0.6,), by_sensitivity=False, **SHORT), teacher, tmp_path).model
    small = done(Quantise(encoding="coded3", **SHORT), pruned, tmp_path).model
    stage = Recover(steps=40, text=0.0, features=0.1, round_from=round_from, **TRAINING)
    result = done(stage, small, tmp_path, teacher=teacher)
    assert distance(result.model, teacher, tmp_path) < 0.98 * distance(small, teacher, tmp_path)
    assert result.notes["training"]["last_loss"] < result.notes["training"]["first_loss"]
    for name in small.matrices():
        check_levels(result.model, name)
        assert not result.model.weights[name][small.pruned(name)].any()


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_half_the_precision_learns_the_same(tmp_path: Path, precision: str) -> None:
    model = dense_model()
    result = done(Adapt(steps=30, precision=precision, **TRAINING), model, tmp_path)
    training = result.notes["training"]
    assert result.notes["bfloat16"] == (precision == "bfloat16")
    assert training["last_loss"] < 0.97 * training["first_loss"]
    assert all(each.dtype == np.float32 for each in result.model.weights.values())


def test_a_teacher_s_answers_are_computed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foretype.compress import teacher

    bench, model = workbench(tmp_path), dense_model()
    batches = bench.batches(model, length=16, purpose="train")
    network = Network(model.config, bench.tensors(model))
    for key, asked in (("a", 3), ("a", 0), ("b", 3)):
        parts = []
        answer = teacher.Teacher._answer
        monkeypatch.setattr(
            teacher.Teacher,
            "_answer",
            lambda self, *told: parts.append(1) or answer(self, *told),  # noqa: B023
        )
        answers = teacher.Teacher(tmp_path / "t", key=key, features=False)
        answers.prepare(network, batches, 130, bench.watch)
        assert len(parts) == asked * teacher.CHUNK // teacher.AT_ONCE
        monkeypatch.setattr(teacher.Teacher, "_answer", answer)
    lesson = answers.lesson([129], bench.device)
    assert lesson.tokens[0].tolist() == batches.sequence(129)
    said = network.logits(network.hidden(lesson.tokens[:, :-1])).log_softmax(-1)
    top = said.topk(teacher.TOP, -1)
    assert torch.allclose(lesson.log_probabilities, top.values, atol=2e-2)
    assert (
        float(teacher.divergence(network.logits(network.hidden(lesson.tokens[:, :-1])), lesson))
        < 1e-3
    )


def test_a_later_stage_uses_what_the_teacher_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foretype.compress import teacher

    asked = []
    answer = teacher.Teacher._answer
    monkeypatch.setattr(
        teacher.Teacher, "_answer", lambda self, *told: asked.append(1) or answer(self, *told)
    )
    model = dense_model()
    first = done(Recover(steps=3, **TRAINING), model, tmp_path).model
    before = len(asked)
    assert before > 0
    done(Recover(steps=2, **TRAINING), first, tmp_path)
    assert len(asked) == before
    done(Recover(steps=2, **{**TRAINING, "length": 24}), first, tmp_path)
    assert len(asked) > before


def test_leaving_out_more_costs_more(tmp_path: Path) -> None:
    model = dense_model(seed=3)
    result = done(Threshold(shares=(0.3, 0.9), **SHORT), model, tmp_path)
    assert result.model is model
    found = result.notes["bits_a_byte_by_share"]
    assert found["0.3 left out"] == pytest.approx(0.3, abs=0.05)
    assert abs(found["0.9"] - found["0"]) > abs(found["0.3"] - found["0"])


def test_batches_are_functions_of_seed_and_number(tmp_path: Path) -> None:
    bench, model = workbench(tmp_path), dense_model()
    one, again, other = (
        bench.batches(model, length=40, purpose=purpose) for purpose in ("a", "a", "b")
    )
    assert one.batch(range(8)).shape == (8, 41)
    assert one.sequence(5) == again.sequence(5)
    assert one.sequence(5) != one.sequence(6)
    assert one.sequence(5) != other.sequence(5)
    assert {one.sequence(number)[0] for number in range(8)} == {model.config.begin_token}


def test_held_out_windows_do_not_change_with_the_vocabulary(tmp_path: Path) -> None:
    bench, model = workbench(tmp_path), dense_model()
    assert sum(map(len, bench.held_out.windows.values())) == 4
    trained = [text for texts in bench.mix.kinds.values() for text in texts]
    for windows in bench.held_out.windows.values():
        for window in windows:
            assert not any(window.decode() in text for text in trained)
    loss = bench.loss(model)
    assert loss.mean == pytest.approx(
        sum(bench.mix.weights[kind] * bits for kind, bits in loss.kinds.items())
    )
