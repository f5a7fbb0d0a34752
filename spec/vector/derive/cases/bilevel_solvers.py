"""Runs of the bilevel methods that solve the lower level to a tolerance."""

from .two_levels import bilevel, diagonal, logistics, quadratics, ridge, shifted, start
from .write import Draws, power

# f(x, y) = 1/2 |y - 1|^2 and g = 1/2 y'Hy - x y_0, with H of eigenvalues 1 and 2.
BOWL = {
    "problem": "quadraticBilevel",
    "lower": [{"H": [[1, 0], [0, 2]], "B": [[-1], [0]], "c": [0, -1]}],
    "upper": [{"P": diagonal(1, 1), "S": [[0, 0]], "R": [[0]], "p": [-1, -1], "r": [0]}],
}
CONSTANTS = {"mu": 1, "L": 2, "upperLipschitzY": 1, "crossNorm": 1}
# Without y in f the hypergradient is that of the upper level alone.
APART = {
    "problem": "quadraticBilevel",
    "lower": [{"H": [[2]], "B": [[1]], "c": [-1]}],
    "upper": [{"P": [[0]], "S": [[0]], "R": [[4]], "p": [0], "r": [-2]}],
}
APART_CONSTANTS = {"mu": 1, "L": 3, "upperLipschitzY": 0, "upperLipschitzX": 0, "crossNorm": 1}
SADDLE = {
    "problem": "quadraticBilevel",
    "lower": [{"H": diagonal(2, -1), "B": [[1], [0]], "c": [0, 0]}],
    "upper": [{"P": diagonal(1, 1), "S": [[0, 0]], "R": [[1]], "p": [0, 1], "r": [0]}],
}


def maids():
    d = Draws(3500)
    waves = shifted(d, rho=0.1)
    bowl = {"x": [-0.6], "y": [0.2, -0.3]}
    still = {"x": [0.5], "y": [0.25]}
    c, stop = "method.maid", "method.maid.stop"

    def maid(constants=CONSTANTS, epsilon=0.1, delta=0.1, alpha=0.5, **fields):
        return {"method": "maid", "constants": constants, "epsilon": epsilon, "delta": delta, "alpha": alpha, **fields}

    curved = {"mu": 0.1, "L": 6, "upperLipschitzY": 1, "upperLipschitzX": 0, "crossNorm": 2, "inverseHessianLipschitz": 0.3, "crossLipschitz": 0.2}
    short = {"L": 4, "mu": 0.5}
    return [
        bilevel("maid", c, BOWL, maid(), bowl, 3),
        bilevel("maid-convex", c, BOWL, maid(upperConvex=True), bowl, 3),
        bilevel("maid-options", c, BOWL, maid(eta=0.25, decrease=0.1, shrink=0.75, grow=1.5, refine=0.25, relax=1), bowl, 3),
        bilevel("maid-all-constants", c, waves, maid(curved, 0.05, 0.05, 0.4), start(d, waves), 2),
        bilevel("maid-upper-x", c, BOWL, maid({**CONSTANTS, "upperLipschitzX": 0.5}), bowl, 2),
        bilevel("maid-long-steps", c, BOWL, maid(alpha=40), bowl, 2),
        # The first rounds do not backtrack far enough.
        bilevel("maid-rounds", c, BOWL, maid(alpha=40, backtracks=1), bowl, 2),
        bilevel("maid-careless", c, BOWL, maid({**CONSTANTS, **short}, 1, 2), bowl, 2),
        bilevel("maid-no-iterations", c, BOWL, maid(), bowl, 0),
        bilevel("maid-stationary", stop, APART, maid(APART_CONSTANTS, tolerance=0.01), still, 4),
        bilevel("maid-stationary-later", stop, APART, maid(APART_CONSTANTS, alpha=0.2, tolerance=0.3), {"x": [0.8], "y": [0]}, 9),
        bilevel("maid-refinements", "method.maid.exhausted", APART, maid(APART_CONSTANTS, refinements=5), still, 4),
        bilevel("maid-out-of-rounds", "method.maid.exhausted", BOWL, maid(alpha=1e4, backtracks=1, rounds=3), bowl, 2),
        bilevel("maid-lower-budget", "method.maid.exhausted", BOWL, maid(lowerBudget=2), bowl, 2),
        # The start is solved for, the first trial point is not.
        bilevel("maid-lower-budget-later", "method.maid.exhausted", BOWL, maid(alpha=40, lowerBudget=5), bowl, 2),
        bilevel("maid-lower-budget-nought", "method.maid.exhausted", BOWL, maid(lowerBudget=0), bowl, 2),
        bilevel("maid-indefinite", "method.maid.exhausted", SADDLE, maid({**CONSTANTS, "mu": 0.5}), {"x": [0.5], "y": [0, 0]}, 2),
    ]


def hoags():
    d = Draws(3510)
    problem, rows, signs = quadratics(d, m=2), ridge(d, "scalar"), logistics(d)
    c, budget = "method.hoag", "method.hoag.budget"

    def hoag(tolerances="exponential", step=0.1, inner=0.2, **fields):
        return {
            "method": "hoag",
            "epsilon": 0.2,
            "tolerances": tolerances,
            "inner": {"step": inner, "budget": 400},
            "step": step,
            **fields,
        }

    few = {"inner": {"step": 0.02, "budget": 3}}
    return [
        bilevel("hoag", c, problem, hoag(), start(d, problem), 4),
        bilevel("hoag-ratio", c, problem, hoag(ratio=0.5), start(d, problem), 4),
        bilevel("hoag-quadratic", c, problem, hoag("quadratic", power(0.3, 0.5)), start(d, problem), 4),
        bilevel("hoag-cubic", c, rows, hoag("cubic", inner=0.15), start(d, rows), 3),
        bilevel("hoag-logistic", c, signs, hoag("cubic", 0.5, 0.4), start(d, signs), 3),
        bilevel("hoag-box", "method.box", problem, hoag(step=1, xBox=[-0.25, 0.25]), start(d, problem), 3),
        bilevel("hoag-cg-budget", c, problem, hoag(cgBudget=1), start(d, problem), 3),
        bilevel("hoag-cg-budget-later", budget, problem, hoag("cubic", cgBudget=1), start(d, problem), 3),
        bilevel("hoag-no-cg", budget, problem, hoag(cgBudget=0), start(d, problem), 2),
        # The least tolerance is 1e-12.
        bilevel("hoag-floor", c, APART, {**hoag(inner=0.5), "epsilon": 1e-20}, {"x": [1], "y": [3]}, 2),
        bilevel("hoag-budget", budget, problem, {**hoag(), **few}, start(d, problem), 3),
        bilevel("hoag-budget-later", budget, problem, {**hoag("cubic"), "inner": {"step": 0.2, "budget": 12}}, start(d, problem), 6),
        bilevel("hoag-budget-nought", budget, APART, {**hoag(step=0.25), "inner": {"step": 0.5, "budget": 0}}, {"x": [1], "y": [0]}, 2),
        bilevel("hoag-indefinite", budget, SADDLE, hoag(), {"x": [0.5], "y": [-0.25, 0]}, 2),
    ]


def cases():
    return {"bilevel-solvers": [*maids(), *hoags()]}
