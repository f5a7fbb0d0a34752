"""Whole runs under wrappers, and by wrappers that step by themselves."""

from .descents import ADAM, BOWL, MOMENTUM, batches, logistic, quadratic
from .write import (
    NEVER,
    TOP,
    Draws,
    armijo,
    average,
    coin_betting,
    constant,
    descent,
    last,
    mechanic,
    or_else,
    periodic,
    polyak,
    power,
)

# The second component overflows at every point that occurs.
BURST = {"objective": "quadratic", "A": [[[2]], [[1e308]]], "b": [[0], [-1e3]]}
BURSTS = {"start": [4], "iterations": 8, "batches": [[1], [0], [0], [1], [1], [0], [0], [0]]}


def runs(seed):
    """A run on a sum of parabolas, and one in batches on a logistic regression."""
    d = Draws(seed)
    yield "whole", {"objective": quadratic(d, 3, 2), "start": [1.1, -0.8], "iterations": 8}
    order = {"batches": batches(d, 8, 5, 2)}
    yield "batches", {"objective": logistic(d, 5, 2, 0.05, size=2), "start": [0.6, -0.9], "iterations": 8, **order}


def failing(rule):
    """A rule that fails in every third iteration and once gives infinity."""
    return periodic(3, NEVER, periodic(5, constant(TOP), rule))


def mechanics():
    c = "wrapper.mechanic"
    found = []
    forms = [
        ("", {"lambda": 0}),
        ("-decay", {}),
        ("-clip", {"lambda": 0, "clip": True}),
        ("-recomputed", {"lambda": 0, "form": "recomputed"}),
        ("-recomputed-clip-decay", {"lambda": 0.1, "clip": True, "form": "recomputed"}),
        ("-one-beta", {"lambda": 0.05, "betas": [0.9]}),
        ("-no-forgetting", {"lambda": 0, "betas": [1]}),
        ("-forgets-at-once", {"lambda": 0, "betas": [0, 0.5]}),
        ("-no-eps", {"lambda": 0.02, "eps": 0}),
    ]
    for i, (name, fields) in enumerate(forms):
        for part, run in runs(7600 + i):
            found.append(descent(f"descent/mechanic{name}-{part}", c, rule=constant(0.1), wrapper=mechanic(**fields), **run))
    _, run = next(runs(7620))
    whole = lambda name, rule, fields, **more: descent(
        f"descent/mechanic-{name}", c, rule=rule, wrapper=mechanic(**fields), **run, **more
    )
    found += [
        whole("adam", constant(0.3), {"clip": True}, direction=ADAM),
        whole("momentum", power(0.2, 0.5), {"lambda": 0}, direction=MOMENTUM),
        whole("search", armijo(constant(1), c=0.2, shrink=0.6), {}),
        whole("executed-is-of-the-base", last(0.05, factor=1.3), {"lambda": 0}),
        whole("polyak", or_else(polyak(), NEVER), {"lambda": 0}),
        whole("failures", failing(constant(0.1)), {"lambda": 0.01}),
        whole("failures-recomputed", failing(constant(0.1)), {"form": "recomputed"}),
        whole("defaults-of-the-paper", constant(1), {"s_init": 1e-8, "betas": [0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999]}),
        descent("descent/mechanic-from-zero", c, BOWL, constant(0.1), [0, 0], 6, wrapper=mechanic(**{"lambda": 0.5})),
        descent("descent/mechanic-from-zero-no-eps", c, BOWL, constant(0.1), [0, 0], 6, wrapper=mechanic(eps=0)),
        descent("descent/mechanic-stationary", c, BOWL, constant(0.1), [1, -1], 3, wrapper=mechanic()),
        descent("descent/mechanic-no-iterations", c, BOWL, constant(0.1), [0, 0], 0, wrapper=mechanic()),
        descent("descent/mechanic-non-finite", "wrapper", BURST, constant(0.125), wrapper=mechanic(), **BURSTS),
        descent(
            "descent/mechanic-non-finite-momentum", "wrapper", BURST, constant(0.125), wrapper=mechanic(form="recomputed"), direction=MOMENTUM, **BURSTS
        ),
    ]
    return found


def coins():
    c = "wrapper.coinBetting"
    found = []
    for i, fields in enumerate([{"wealth": 1}, {"wealth": 0.25, "clip": 0.5}, {"wealth": 2, "clip": 4}]):
        for part, run in runs(7700 + i):
            name = ["", "-clip", "-wide"][i]
            found.append(descent(f"descent/coin-betting{name}-{part}", c, rule=None, wrapper=coin_betting(**fields), **run))
    small = {"objective": "quadratic", "A": [[[0.01, 0], [0, 0.02]]], "b": [[20, -10]]}
    found += [
        descent("descent/coin-betting-no-clipping", c, small, None, [0, 0], 8, wrapper=coin_betting(1)),
        descent("descent/coin-betting-stationary", c, BOWL, None, [1, -1], 3, wrapper=coin_betting(1)),
        descent("descent/coin-betting-no-iterations", c, BOWL, None, [1, 0], 0, wrapper=coin_betting(0.5)),
        descent("descent/coin-betting-non-finite", "wrapper", BURST, None, wrapper=coin_betting(1), **BURSTS),
    ]
    return found


def drafts():
    found = []
    for i, fields in enumerate([{}, {"alpha": 1, "eps": 0.01}]):
        for part, run in runs(7800 + i):
            layer = {"wrapper": "cocob", **fields}
            found.append(descent(f"descent/cocob{['', '-small'][i]}-{part}", "draft.cocob", rule=None, wrapper=layer, **run))
    for i, fields in enumerate([{}, {"d0": 0.1}]):
        for part, run in runs(7810 + i):
            layer = {"wrapper": "dAdaptation", **fields}
            found.append(
                descent(f"descent/d-adaptation{['', '-larger'][i]}-{part}", "draft.dAdaptation", rule=None, wrapper=layer, **run)
            )
    idle = {"objective": "quadratic", "A": [[[4, 0], [0, 0]], [[1, 0], [0, 1]]], "b": [[1, 0], [0, 0]]}
    found += [
        descent("descent/cocob-idle", "draft.cocob", BOWL, None, [1, 0], 5, wrapper={"wrapper": "cocob"}),
        descent("descent/cocob-non-finite", "draft.cocob", BURST, None, wrapper={"wrapper": "cocob"}, **BURSTS),
        descent(
            "descent/d-adaptation-waits",
            "draft.dAdaptation",
            idle,
            None,
            [1, 2],
            6,
            batches=[[0], [0], [1], [0], [1], [1]],
            wrapper={"wrapper": "dAdaptation", "d0": 0.01},
        ),
        descent("descent/d-adaptation-non-finite", "draft.dAdaptation", BURST, None, wrapper={"wrapper": "dAdaptation", "d0": 0.5}, **BURSTS),
    ]
    a = "draft.average"
    for i, layer in enumerate([average("uniform"), average("steps"), average("polynomial"), average("polynomial", gamma=1.5)]):
        for part, run in runs(7820 + i):
            name = ["uniform", "steps", "polynomial", "polynomial-less"][i]
            rule = polyak(c=0.8) if part == "whole" else power(0.7, 0.5)
            found.append(descent(f"descent/average-{name}-{part}", a, rule=rule, wrapper=layer, **run))
    _, run = next(runs(7830))
    inside = [
        ("around-mechanic", constant(0.1), average("uniform", of=mechanic())),
        ("around-mechanic-steps", power(0.1, 0.5), average("steps", of=mechanic(clip=True))),
        ("around-coin-betting", None, average("polynomial", of=coin_betting(1))),
        ("around-an-average", constant(0.1), average("uniform", of=average("polynomial"))),
        ("of-none", constant(0.1), average("uniform", of=None)),
    ]
    found += [descent(f"descent/average-{name}", a, rule=rule, wrapper=layer, **run) for name, rule, layer in inside]
    found += [
        descent("descent/average-steps-failures", a, rule=failing(constant(0.1)), wrapper=average("steps"), **run),
        descent("descent/average-steps-never", a, rule=NEVER, wrapper=average("steps"), **run),
        descent("descent/average-non-finite", a, BURST, constant(0.125), wrapper=average("uniform"), **BURSTS),
        descent(
            "descent/average-neo", a, rule=constant(0.1), wrapper=average("uniform"), direction={"direction": "neo", "alpha": 0.7, "memory": 3}, **run
        ),
    ]
    return found


def cases():
    return {"descent-wrappers": mechanics() + coins(), "descent-drafts": drafts()}
