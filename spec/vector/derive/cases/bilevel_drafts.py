"""Runs of the bilevel methods, and of estimators, that are drafts, outside version 1."""

from .bilevel_solvers import APART
from .hypergradients import PROBLEMS
from .two_levels import (
    FIRST_ORDER,
    UNROLLED,
    batches_within,
    bilevel,
    cg,
    cleaning,
    dimensions,
    drawn,
    hypergradient,
    logistics,
    one_step_difference,
    penalty_gradient,
    quadratics,
    ridge,
    shifted,
    start,
)
from .write import Draws, armijo, constant, last, power


# Far from 0 the second component of f overflows, and at y = 0 it is finite.
BURST = {
    "problem": "quadraticBilevel",
    "lower": [{"H": [[1]], "B": [[1]], "c": [0]}],
    "upper": [
        {"P": [[1]], "S": [[0]], "R": [[0]], "p": [1], "r": [75]},
        {"P": [[1e308]], "S": [[0]], "R": [[0]], "p": [0], "r": [25]},
    ],
}


def sabas():
    d = Draws(3600)
    sums, odd, signs = quadratics(d, m=2, lower=3, upper=2), quadratics(d, m=2, lower=3, upper=3), logistics(d)
    c = "draft.saba"
    plain = {"method": "saba", "lowerStep": 0.15, "upperStep": 0.05}
    falling = {**plain, "lowerStep": power(0.2, 0.5), "linearStep": 0.1, "upperStep": power(0.1, 0.5)}
    ones = lambda n, iterations: [[d.below(n)] for _ in range(iterations)]
    pairs = {"lower": 2, "upper": 2}
    return [
        bilevel("saba", c, sums, plain, start(d, sums), 6, upper=ones(2, 6), lower=[[b] for b in ones(3, 6)]),
        bilevel("saba-schedules", c, sums, falling, {**start(d, sums), "v": d.vector(2)}, 4, upper=ones(2, 4), lower=[[b] for b in ones(3, 4)]),
        # The last block of three components in pairs is one alone.
        bilevel(
            "saba-blocks",
            c,
            odd,
            {**plain, "blocks": pairs},
            start(d, odd),
            5,
            upper=[[0, 1], [2], [0, 1], [2], [2]],
            lower=[[[2]], [[2]], [[0, 1]], [[2]], [[0, 1]]],
        ),
        bilevel("saba-no-draws", c, sums, plain, start(d, sums), 3),
        bilevel("saba-lower-draws-alone", c, sums, plain, start(d, sums), 4, lower=[[b] for b in ones(3, 4)]),
        bilevel("saba-boxes", c, sums, {**plain, "lowerStep": 0.4, "upperStep": 1, "xBox": [-0.3, 0.25], "yBox": [-0.2, 0.3]}, start(d, sums), 4, upper=ones(2, 4), lower=[[b] for b in ones(3, 4)]),
        bilevel("saba-logistic", c, signs, plain, start(d, signs), 4, upper=ones(2, 4), lower=[[b] for b in ones(3, 4)]),
        bilevel("saba-not-finite", c, BURST, {**plain, "lowerStep": 1, "linearStep": 0.125, "upperStep": 8}, {"x": [0], "y": [1000]}, 6, upper=[[1], [0], [1], [1], [0], [0]]),
    ]


def amigos():
    d = Draws(3610)
    problem, sums, waves, signs = quadratics(d), quadratics(d, m=2, lower=3, upper=2), shifted(d), logistics(d)
    c = "draft.amigo"
    plain = {"method": "amigo", "innerSteps": 3, "lowerStep": 0.15, "upperStep": 0.05}
    falling = {**plain, "innerSteps": 2, "lowerStep": power(0.2, 0.5), "linearSteps": 3, "linearStep": 0.1, "upperStep": power(0.1, 0.5)}
    return [
        bilevel("amigo", c, problem, plain, start(d, problem), 4),
        bilevel("amigo-linear-steps", c, problem, falling, {**start(d, problem), "v": d.vector(3)}, 4),
        bilevel("amigo-batches", c, sums, {**plain, "linearStep": power(0.2, 0.5)}, start(d, sums), 4, **drawn(d, 4, 3, 2, 3, "cross", "hessian")),
        # Without draws for them the products with the Hessian are on the batch of the other product.
        bilevel("amigo-cross-batches", c, sums, falling, start(d, sums), 3, **drawn(d, 3, 2, 2, 3, "cross")),
        bilevel("amigo-no-inner-steps", c, problem, {**falling, "innerSteps": 0}, start(d, problem), 3),
        bilevel("amigo-no-linear-steps", c, waves, {**plain, "linearSteps": 0}, {**start(d, waves), "v": d.vector(2)}, 3),
        bilevel("amigo-boxes", c, problem, {**plain, "lowerStep": 0.4, "upperStep": 1, "xBox": [-0.3, 0.25], "yBox": [-0.2, 0.3]}, start(d, problem), 4),
        bilevel("amigo-logistic", c, signs, plain, start(d, signs), 3, **drawn(d, 3, 3, 2, 3, "cross")),
        bilevel("amigo-not-finite", c, BURST, {**plain, "innerSteps": 1, "lowerStep": 0.5, "linearStep": 0.125, "upperStep": 8}, {"x": [0], "y": [1000]}, 4, upper=[[1], [0], [1], [0]]),
    ]


def f3sas():
    d = Draws(3620)
    problem, sums, rows = quadratics(d), quadratics(d, m=2, lower=3, upper=2), cleaning(d)
    c = "draft.f3sa"
    plain = {"method": "f3sa", "alpha": 0.05, "gamma": 0.15, "lambda0": 1.5, "eta": 0.25}
    falling = {**plain, "alpha": power(0.08, 0.5), "gamma": power(0.2, 0.25), "xi": 0.75, "lambdaIncrement": power(0.5, 1), "eta": power(0.9, 0.5)}
    noisy = lambda iterations: drawn(d, iterations, 1, 2, 3, "cross")
    return [
        bilevel("f3sa", c, sums, plain, start(d, sums), 5, **noisy(5)),
        bilevel("f3sa-schedules", c, sums, falling, start(d, sums), 5, **noisy(5)),
        bilevel("f3sa-from-z", c, sums, {**plain, "lambdaIncrement": 0.25}, {**start(d, sums), "z": d.vector(2)}, 4, **noisy(4)),
        # Nothing is forgotten: eta = 0; or everything: eta = 1, which is f2sa with one inner step.
        bilevel("f3sa-all-kept", c, sums, {**plain, "eta": 0}, start(d, sums), 4, **noisy(4)),
        bilevel("f3sa-all-new", c, sums, {**plain, "eta": {"rule": "constant", "step": 1}}, start(d, sums), 3, **noisy(3)),
        # Without noise the estimates are the gradients, whatever eta.
        bilevel("f3sa-no-draws", c, problem, {**plain, "lambda0": 0, "lambdaIncrement": 1}, start(d, problem), 4),
        bilevel("f3sa-box", c, sums, {**plain, "xi": 20, "xBox": [-0.25, 0.25]}, start(d, sums), 4, **noisy(4)),
        bilevel("f3sa-cleaning", c, rows, plain, start(d, rows), 3, upper=[[0], [1], [1]], lower=batches_within(d, 3, 1, 3), cross=[[0, 2], [1], [2, 2]]),
        # An estimate that is lost once is lost for good where it is not all new.
        bilevel("f3sa-not-finite", c, BURST, {**plain, "xi": 0.01}, {"x": [0], "y": [1000]}, 4, upper=[[0], [1], [0], [0]]),
        bilevel("f3sa-not-finite-once", c, BURST, {**plain, "xi": 0.01, "eta": 1}, {"x": [0], "y": [1000]}, 4, upper=[[0], [1], [0], [0]]),
    ]


def hoags():
    d = Draws(3630)
    problem, rows, signs = quadratics(d, m=2), ridge(d, "scalar"), logistics(d)
    c = "draft.hoag.adaptive"

    def hoag(tolerances="exponential", inner=0.2, budget=400, start=None, **fields):
        return {
            "method": "hoag",
            "epsilon": 0.2,
            "tolerances": tolerances,
            "inner": {"step": inner, "budget": budget},
            "step": {"adaptive": {} if start is None else {"start": start}},
            **fields,
        }

    return [
        bilevel("hoag-adaptive", c, problem, hoag(), start(d, problem), 6),
        bilevel("hoag-adaptive-ridge", c, rows, hoag("cubic", 0.15), start(d, rows), 5),
        bilevel("hoag-adaptive-logistic", c, signs, hoag("quadratic", 0.4), start(d, signs), 4),
        # The first step is far too long, and so is the second.
        bilevel("hoag-adaptive-restored", c, problem, hoag(start=0.05), start(d, problem), 7),
        bilevel("hoag-adaptive-box", c, problem, hoag(start=0.5, xBox=[-0.25, 0.25]), start(d, problem), 5),
        # Where the first gradient is at most 1e-3, L is 1 at first.
        bilevel("hoag-adaptive-flat", c, APART, hoag(inner=0.5), {"x": [0.5001], "y": [0]}, 3),
        # A rise of f from 4 to 5.28 is one too many, one to 4.6 is not.
        bilevel("hoag-adaptive-rise", c, APART, hoag(inner=0.5, start=1.875), {"x": [2], "y": [0]}, 3),
        bilevel("hoag-adaptive-small-rise", c, APART, hoag(inner=0.5, start=1.9375), {"x": [2], "y": [0]}, 3),
        bilevel("hoag-adaptive-budget", c, problem, hoag("cubic", budget=40), start(d, problem), 6),
    ]


def boxes():
    d = Draws(3640)
    problem, sums = quadratics(d, m=2), quadratics(d, m=2, lower=3, upper=2)
    c = "draft.boxes"
    both = {"xBox": [-0.3, 0.25], "yBox": [-0.2, 0.3]}

    def descent(estimator, inner, outer, **fields):
        return {"method": "bilevelDescent", "inner": {"steps": 3, "rule": inner}, "hypergradient": estimator, "outer": {"rule": outer}, **fields}

    fixed = constant(0.25), constant(0.5)
    searched = armijo(constant(0.5)), armijo(last(2, factor=1.5), slack=0.05)
    soba = {"method": "soba", "lowerStep": 0.3, "upperStep": 0.8}
    ufom = {"inner": {"steps": 3, "step": 0.15}, "step": 0.8}
    f2sa = {"method": "f2sa", "innerSteps": 3, "alpha": 0.05, "xi": 12, "gamma": 0.15, "lambda0": 1.5}
    far = {"x": [0.5, -0.5], "y": [0.4, -0.4]}
    return [
        bilevel("descent-boxes", c, problem, descent(cg(2), *fixed, **both), start(d, problem), 4),
        # A probe stays free in x, and in y it is in the box.
        bilevel("descent-boxes-searched", c, problem, descent(cg(2), *searched, **both), start(d, problem), 4),
        bilevel("descent-boxes-momentum", c, sums, {**descent(cg(2), *fixed, **both), "outer": {"rule": constant(0.2), "direction": {"direction": "momentum", "mu": 0.5}}}, start(d, sums), 4, **drawn(d, 4, 3, 2, 3, "cross")),
        bilevel("descent-half-line", c, problem, descent(FIRST_ORDER, *fixed, yBox=[0, "Infinity"]), start(d, problem), 3),
        # A start may lie outside, and what is not moved stays there.
        bilevel("descent-boxes-not-moved", c, problem, descent(cg(2), constant("Infinity"), {"rule": "never"}, **both), far, 2),
        bilevel("descent-box-unrolled", c, problem, descent(UNROLLED, *fixed, xBox=[-0.1, 0.1]), start(d, problem), 3),
        bilevel("soba-boxes", c, sums, {**soba, **both}, start(d, sums), 4, **drawn(d, 4, 1, 2, 3, "cross")),
        bilevel("ufom-box", c, problem, {**ufom, "method": "ufom", "q": 0.5, "xBox": [-0.2, 0.2]}, start(d, problem), 3, coins=[1, 0, 1]),
        bilevel("adaptive-ufom-box", c, problem, {**ufom, "method": "adaptiveUfom", "xBox": [-0.2, "Infinity"]}, start(d, problem), 3, uniforms=[0.03, 0.5, 0.1]),
        bilevel("f2sa-box", c, sums, {**f2sa, "xBox": [-0.2, 0.2]}, start(d, sums), 4, **drawn(d, 4, 3, 2, 3, "cross")),
    ]


def by_estimators():
    """Descent with the estimators that are drafts."""
    d = Draws(3650)
    problem, sums, waves = quadratics(d), quadratics(d, m=2, lower=3, upper=2), shifted(d)
    one, two = "draft.oneStepDifference", "draft.penaltyGradient"
    darts = one_step_difference(0.1)
    penalty = penalty_gradient(8, 0.3, 3e-2)

    def descent(estimator, steps=1, inner=constant(0.1), outer=constant(0.1)):
        return {"method": "bilevelDescent", "inner": {"steps": steps, "rule": inner}, "hypergradient": estimator, "outer": {"rule": outer}}

    return [
        bilevel("darts", one, problem, descent(darts), start(d, problem), 5),
        bilevel("darts-batches", one, sums, descent(darts, 2), start(d, sums), 4, **drawn(d, 4, 2, 2, 3, "cross")),
        # The value is taken at y, not behind the step that the estimator looks through.
        bilevel("darts-searched", one, waves, descent(one_step_difference(0.2, radius=0.05), 2, outer=armijo(last(1, factor=1.5), slack=0.05)), start(d, waves), 4),
        bilevel("darts-not-finite", one, BURST, descent(one_step_difference(0.1, radius=64)), {"x": [0], "y": [1000]}, 3, upper=[[0], [1], [0]]),
        bilevel("by-penalty-gradient", two, problem, descent(penalty, 2), start(d, problem), 3),
        bilevel("by-penalty-gradient-batches", two, sums, descent(penalty, 2), start(d, sums), 3, **drawn(d, 3, 2, 2, 3, "cross")),
        bilevel("by-penalty-gradient-searched", two, waves, descent(penalty, 2, outer=armijo(last(1, factor=1.5), slack=0.05)), start(d, waves), 3),
        # The budget is enough only when y is near.
        bilevel("by-penalty-gradient-budget", two, problem, descent({**penalty, "budget": 24}, 4, constant(0.2)), start(d, problem), 4),
    ]


def estimates():
    one, two = "draft.oneStepDifference", "draft.penaltyGradient"
    for i, (name, make) in enumerate(PROBLEMS.items()):
        d = Draws(3660 + i)
        problem = make(d)
        n, m = dimensions(problem)
        yield hypergradient(f"{name}-one-step-difference", one, problem, one_step_difference(0.15), d.vector(n), d.vector(m))
        weight, step, tolerance = (3, 0.3, 1e-2) if name == "ablo" else (6, 0.15, 1e-2)
        yield hypergradient(f"{name}-penalty-gradient", two, problem, penalty_gradient(weight, step, tolerance), d.vector(n, 0.6), d.vector(m, 0.6))
    d = Draws(3680)
    sums = quadratics(d, m=2, lower=3, upper=2)
    given = {"upper": [[1, 1, 0]], "cross": [[2, 0, 2]]}
    x, y = d.vector(2), d.vector(2)
    yield hypergradient("one-step-difference-batches", one, sums, one_step_difference(0.15), x, y, **given)
    yield hypergradient("one-step-difference-radius", one, PROBLEMS["shifted"](Draws(3681)), one_step_difference(0.4, radius=2), [0.3, -0.7], [1.1, 0.4])
    # The step leads to 0, where f has no slope in y.
    level = {
        "problem": "quadraticBilevel",
        "lower": [{"H": [[2]], "B": [[1]], "c": [0]}],
        "upper": [{"P": [[1]], "S": [[1]], "R": [[1]], "p": [0], "r": [0.25]}],
    }
    yield hypergradient("one-step-difference-zero", one, level, one_step_difference(0.5), [0], [3])
    yield hypergradient("one-step-difference-not-finite", one, BURST, one_step_difference(0.5), [0], [1000], upper=[[1]])
    yield hypergradient("penalty-gradient-batches", two, sums, penalty_gradient(6, 0.15, 1e-2), x, y, **given)
    yield hypergradient("penalty-gradient-tight", two, sums, penalty_gradient(20, 0.3, 1e-6, 1000), x, y)
    # Both are solved where they start.
    yield hypergradient("penalty-gradient-at-once", two, level, penalty_gradient(8, 0.25, 0.5), [0], [0.125])
    yield hypergradient("penalty-gradient-budget", two, sums, penalty_gradient(6, 0.05, 1e-3, 10), x, y)
    # The lower problem is solved within the budget, the penalised one is not.
    yield hypergradient("penalty-gradient-budget-later", two, level, penalty_gradient(0.25, 0.05, 0.25, 1), [1], [-0.5])
    # The lower problem counts as solved far from 0, where f is not finite.
    yield hypergradient("penalty-gradient-not-finite", two, BURST, penalty_gradient(8, 0.25, 2000), [0], [1000], upper=[[1]])
    yield hypergradient("penalty-gradient-no-budget", two, level, penalty_gradient(8, 0.25, 0.5, 0), [0], [0.125])


def cases():
    return {
        "bilevel-drafts": [*sabas(), *amigos(), *f3sas(), *hoags(), *boxes(), *by_estimators()],
        "hypergradient-drafts": list(estimates()),
    }
