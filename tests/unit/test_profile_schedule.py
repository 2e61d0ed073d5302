from foretype.profile.schedule import FIRST_RETRY_S, LAST_RETRY_S, WRITE_AFTER_S, Schedule
from foretype.profile.writer import Writer


class Recorder:
    """Work that notes what was asked of it."""

    def __init__(self, *, well: bool = True) -> None:
        self.done: list[str] = []
        self.well = well

    def write(self) -> bool:
        self.done.append("write")
        return self.well

    def rest(self) -> bool:
        self.done.append("rest")
        return self.well

    def idle(self) -> bool:
        self.done.append("idle")
        return self.well


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def writer(work: Recorder) -> tuple[Writer, Clock]:
    clock = Clock()
    return Writer(work, clock=clock), clock


def step_at(writer: Writer, clock: Clock, now: float) -> None:
    clock.now = now
    writer.step(now)


def test_nothing_is_due_before_something_is_learned() -> None:
    assert Schedule().patience(100.0) is None


def test_typing_is_written_within_a_second_however_long_it_goes_on() -> None:
    schedule = Schedule()
    assert schedule.touched(100.0)
    assert not schedule.touched(100.9)
    assert schedule.write_at == 100.0 + WRITE_AFTER_S


def test_a_finished_message_is_written_at_once() -> None:
    schedule = Schedule()
    schedule.touched(100.0)
    schedule.hurry(100.2)
    assert schedule.patience(100.2) == 0


def test_a_failed_write_is_tried_ever_more_rarely() -> None:
    schedule = Schedule()
    waits = []
    for _ in range(8):
        schedule.wrote(100.0, well=False)
        waits.append(schedule.patience(100.0))
    assert waits[:3] == [FIRST_RETRY_S, 2 * FIRST_RETRY_S, 4 * FIRST_RETRY_S]
    assert waits[-1] == LAST_RETRY_S
    schedule.wrote(200.0, well=True)
    assert schedule.patience(200.0) is None


def test_pauses_bring_rest_and_then_idleness() -> None:
    work = Recorder()
    it, clock = writer(work)
    it.touch()
    for now in (100.5, 101.0, 104.0, 105.0, 120.0, 130.0, 500.0):
        step_at(it, clock, now)
    assert work.done == ["write", "rest", "idle"]


def test_typing_puts_the_pauses_off() -> None:
    work = Recorder()
    it, clock = writer(work)
    for second in range(100, 160):
        clock.now = float(second)
        it.touch()
        it.step(clock.now)
    assert set(work.done) == {"write"}
    assert len(work.done) >= 29


def test_what_is_touched_during_a_write_is_for_the_next_one() -> None:
    class Touching(Recorder):
        def write(self) -> bool:
            if not self.done:
                it.touch()
            return super().write()

    work = Touching()
    it, clock = writer(work)
    it.touch()
    step_at(it, clock, 101.0)
    step_at(it, clock, 102.0)
    assert work.done == ["write", "write"]


def test_a_failure_is_tried_again() -> None:
    work = Recorder(well=False)
    it, clock = writer(work)
    it.hurry()
    step_at(it, clock, 100.0)
    work.well = True
    step_at(it, clock, 100.0 + FIRST_RETRY_S)
    assert work.done == ["write", "write"]


def test_the_thread_works_and_ends() -> None:
    work = Recorder()
    it = Writer(work)
    it.start()
    it.hurry()
    while not work.done:
        pass
    it.stop()
    assert work.done[0] == "write"
