"""Measure the engine by replay: people's messages typed again, one key at a time.

`docs/replay.md` says exactly what is counted. The flow, one module a step:

    data -> plan -> pool (worker processes: simulate) -> statistics -> report -> table

Workers import neither numpy nor rich, so that their memory is the engine's.
"""
