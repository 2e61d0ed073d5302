"""Takes the mini-batches that wait in a profile's folder into what is known of its neurons."""

from pathlib import Path

from foretype.errors import ProfileError
from foretype.profile import minibatches
from foretype.profile.lock import Held, Lock
from foretype.profile.place import Place
from foretype.statistics import neuron_file
from foretype.statistics.neurons import Neurons


def read_neurons(place: Place, *, save: bool) -> tuple[Neurons, list[str]]:
    """What is known, the waiting mini-batches included, and sentences on what was damaged.

    `save` keeps it, and removes the mini-batches that are in it now.
    """
    kept, troubles = _kept(place.neurons)
    waiting = [path for path in place.minibatches() if path.name not in kept.digested]
    neurons, damaged = kept, 0
    for path in waiting:
        try:
            neurons = neurons.seeing(minibatches.from_bytes(path.read_bytes()))
        except FileNotFoundError:  # forgotten meanwhile, or the oldest of too many
            continue
        except (ProfileError, OSError):
            damaged += 1
    neurons = Neurons(neurons.layers, tuple(path.name for path in waiting), neurons.refused)
    if damaged:
        troubles.append(f"Mini-batches that could not be read were left out: {damaged}.")
    if neurons.refused:
        troubles.append(
            f"Mini-batches with numbers that are none, as of a damaged model, were left out: "
            f"{neurons.refused}."
        )
    if save and waiting:
        troubles += _save(place, neurons, waiting)
    return neurons, troubles


def _kept(path: Path) -> tuple[Neurons, list[str]]:
    try:
        return neuron_file.from_bytes(path.read_bytes()), []
    except FileNotFoundError:
        return Neurons({}), []
    except OSError as error:
        return Neurons({}), [f"{path.name} cannot be read: {error.strerror or error}."]
    except ProfileError as error:
        return Neurons({}), [f"{path.name} is damaged, so neurons are counted anew: {error}"]


def _save(place: Place, neurons: Neurons, waiting: list[Path]) -> list[str]:
    """Somebody may forget everything meanwhile, and removes the mini-batches first: whoever finds
    them gone removes what was made from them, so that it never stays.
    """
    try:
        lock = Lock.acquire(place.neurons_lock)
    except Held:  # another command is at it, and keeps the same
        return []
    except OSError as error:
        return [_unwritable(place, error)]
    try:
        place.write(place.neurons, neuron_file.to_bytes(neurons))
        if not waiting[-1].exists():
            place.neurons.unlink(missing_ok=True)
        for path in waiting:
            path.unlink(missing_ok=True)
    except OSError as error:
        return [_unwritable(place, error)]
    finally:
        lock.release()
    return []


def _unwritable(place: Place, error: OSError) -> str:
    return f"Cannot write {place.neurons}: {error.strerror or error}."
