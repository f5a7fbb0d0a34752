"""Whole runs: objectives, directions and the driver."""

from .write import (
    NEVER,
    TOP,
    Draws,
    ada_sls,
    ada_sps,
    adagrad_norm,
    armijo,
    barzilai_borwein,
    constant,
    d_adaptation_sgd,
    descent,
    dog,
    dowg,
    envelope,
    goldstein,
    greatest,
    last,
    least,
    or_else,
    periodic,
    polyak,
    ponos,
    power,
    prodigy,
    product,
    running_max,
    running_min,
    scale,
    sps_safe,
    strong_wolfe,
)

STEEPEST = {"direction": "steepest"}
MOMENTUM = {"direction": "momentum", "mu": 0.9}
NESTEROV = {"direction": "nesterov", "mu": 0.8}
ADAM = {"direction": "adam", "beta1": 0.9, "beta2": 0.99, "eps": 1e-8}
AMSGRAD = {"direction": "amsgrad", "beta1": 0.8, "beta2": 0.9, "eps": 1e-8}
ADAGRAD = {"direction": "adagrad", "eps": 1e-8}
RMSPROP = {"direction": "rmsprop", "beta": 0.9, "eps": 1e-8}
NEO = {"direction": "neo", "alpha": 0.7, "memory": 4}
DIRECTIONS = [STEEPEST, MOMENTUM, NESTEROV, ADAM, AMSGRAD, ADAGRAD, RMSPROP, NEO]

# 1/2 4 x^2 and 1/2 (x - 4)^2: sums and products of a few of these numbers are exact.
PAIR = {"objective": "quadratic", "A": [[[4]], [[1]]], "b": [[0], [4]]}
BOWL = {"objective": "quadratic", "A": [[[2, 0], [0, 8]]], "b": [[1, -1]]}


def quadratic(d, n, dimension, constants=True):
    """Positive definite parts: B'B plus a little."""
    matrices = []
    for _ in range(n):
        B = d.matrix(dimension, dimension)
        matrices.append(
            [
                [
                    round(sum(B[r][i] * B[r][j] for r in range(dimension)) + 0.2 * (i == j), 3)
                    for j in range(dimension)
                ]
                for i in range(dimension)
            ]
        )
    more = {"k": [d.between(0, 1) for _ in range(n)]} if constants else {}
    return {"objective": "quadratic", "A": matrices, "b": d.matrix(n, dimension), **more}


def least_squares(d, n, dimension):
    return {"objective": "leastSquares", "A": d.matrix(n, dimension), "y": d.vector(n)}


def logistic(d, n, dimension, l2=0.0, size=1.5):
    more = {"l2": l2} if l2 else {}
    A = d.matrix(n, dimension, size)
    return {"objective": "logistic", "A": A, "y": [d.pick([-1, 1]) for _ in range(n)], **more}


def softmax(d, n, features, classes, l2=0.0):
    more = {"l2": l2} if l2 else {}
    labels = [d.below(classes) for _ in range(n)]
    return {"objective": "softmax", "A": d.matrix(n, features), "labels": labels, "classes": classes, **more}


def dimension(objective):
    A = objective["A"][0]
    return len(A) * objective.get("classes", 1)


def batches(d, iterations, n, size):
    return [[d.below(n) for _ in range(size)] for _ in range(iterations)]


def objectives():
    found = []
    for name, make in [
        ("quadratic", lambda d: quadratic(d, 4, 3)),
        ("least-squares", lambda d: least_squares(d, 5, 3)),
        ("logistic", lambda d: logistic(d, 5, 3, 0.13)),
        ("softmax", lambda d: softmax(d, 5, 2, 3, 0.07)),
    ]:
        for j, (kind, more) in enumerate([("full", False), ("batch", True)]):
            d = Draws(2000 + 10 * len(found) + j)
            f = make(d)
            n = len(f["A"])
            draws = {"batches": batches(d, 5, n, 2)} if more else {}
            if more:
                f["lowerBounds"] = [-d.between(0, 0.4) for _ in range(n)]
            found.append(
                descent(
                    f"descent/{name}-{kind}",
                    f"objective.{f['objective']}",
                    f,
                    least(polyak(c=0.7), constant(2.5)),
                    d.vector(dimension(f)),
                    5,
                    **draws,
                )
            )
    far = {"objective": "logistic", "A": [[1000, 2], [-900, 1]], "y": [1, 1]}
    found.append(descent("descent/logistic-far", "objective.logistic", far, power(0.001, 0.5), [-2, 1.5], 4))
    wide = {"objective": "softmax", "A": [[800, -1], [-700, 2]], "labels": [2, 0], "classes": 3}
    found.append(
        descent("descent/softmax-far", "objective.softmax", wide, constant(1e-3), [3, -2, 1, 0.5, 0, -1], 4)
    )
    d = Draws(2900)
    f = logistic(d, 3, 2) | {"solutionValues": [0.1, 0.05, 0.2], "lowerBounds": [0.5, 0.5, 0.5]}
    found.append(
        descent(
            "descent/solution-values",
            "objective",
            f,
            polyak(target="solutionValue"),
            d.vector(2),
            6,
            batches=batches(d, 6, 3, 2),
        )
    )
    d = Draws(2901)
    f = quadratic(d, 3, 2)
    f["lowerBounds"] = [-0.3, 0.6, -1.2]
    found.append(
        descent("descent/lower-bounds", "objective", f, polyak(), d.vector(2), 6, batches=batches(d, 6, 3, 2))
    )
    return found


def directions():
    found = []
    makers = [
        lambda d: quadratic(d, 4, 2),
        lambda d: least_squares(d, 4, 3),
        lambda d: logistic(d, 4, 3, 0.1),
        lambda d: softmax(d, 4, 2, 2, 0.05),
    ]
    rules = [
        ("constant", lambda d: constant(d.between(0.03, 0.12))),
        ("armijo", lambda d: armijo(last(d.between(1, 2), factor=1.3), c=0.2, shrink=0.6)),
        ("polyak", lambda d: least(polyak(c=0.8), constant(0.7))),
    ]
    for i, direction in enumerate(DIRECTIONS):
        tag = direction["direction"]
        for j, (name, rule) in enumerate(rules):
            d = Draws(3000 + 10 * i + j)
            f = makers[(i + j) % 4](d)
            found.append(
                descent(
                    f"descent/{tag}-{name}",
                    f"direction.{tag}",
                    f,
                    rule(d),
                    d.vector(dimension(f)),
                    7,
                    direction=direction,
                    batches=batches(d, 7, 4, 2),
                )
            )
    # The greatest mean square of amsgrad outlasts a large gradient.
    two = {"objective": "leastSquares", "A": [[6], [0.25]], "y": [1, -1]}
    found.append(
        descent(
            "descent/amsgrad-remembers",
            "direction.amsgrad",
            two,
            constant(0.05),
            [1],
            6,
            direction=AMSGRAD,
            batches=[[0], [1], [1], [1], [0], [1]],
        )
    )
    found.append(
        descent(
            "descent/adam-defaults-of-the-paper",
            "direction.adam",
            quadratic(Draws(3901), 1, 2),
            constant(0.001),
            [1, -1],
            5,
            direction={"direction": "adam", "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
        )
    )
    found.append(
        descent(
            "descent/momentum-none",
            "direction.momentum",
            quadratic(Draws(3902), 2, 2),
            constant(0.1),
            [1, -1],
            4,
            direction={"direction": "momentum", "mu": 0},
        )
    )
    return found


def neo(alpha, memory, normalised=False):
    more = {"normalised": True} if normalised else {}
    return {"direction": "neo", "alpha": alpha, "memory": memory, **more}


def memories():
    """Runs that step from a weighted sum of their points."""
    c = "direction.neo"
    d = Draws(3100)
    f = quadratic(d, 4, 2)
    more = {"batches": batches(d, 8, 4, 2)}
    run = {"objective": f, "start": [1.2, -0.7], "iterations": 8, **more}
    burst = {"objective": "quadratic", "A": [[[2]], [[1e308]]], "b": [[0], [-1e3]]}
    order = {"batches": [[0], [0], [1], [1], [0], [0], [1], [0], [0]]}
    failing = or_else(periodic(3, NEVER, armijo(constant(0.4), c=0.2, shrink=0.6)), NEVER)
    return [
        descent("descent/neo-normalised", c, rule=constant(0.1), direction=neo(0.5, 3, True), **run),
        descent("descent/neo-normalised-long", c, rule=constant(0.1), direction=neo(0.4, 30, True), **run),
        descent("descent/neo-long", c, rule=constant(0.1), direction=neo(0.9, 30), **run),
        descent("descent/neo-above-one", c, rule=constant(0.05), direction=neo(1.6, 5), **run),
        descent("descent/neo-two", c, rule=constant(0.05), direction=neo(2, 6), **run),
        descent("descent/neo-memory-of-one", c, rule=constant(0.1), direction=neo(0.8, 1), **run),
        descent("descent/neo-memory-of-one-normalised", c, rule=constant(0.1), direction=neo(0.8, 1, True), **run),
        descent("descent/neo-failures", c, rule=failing, direction=neo(0.8, 4), **run),
        descent("descent/neo-failures-normalised", c, rule=failing, direction=neo(0.6, 4, True), **run),
        descent("descent/neo-zero-steps", c, rule=periodic(2, constant(0), constant(0.1)), direction=neo(0.7, 4), **run),
        descent("descent/neo-infinite-steps", c, rule=periodic(2, constant(TOP), constant(0.1)), direction=neo(0.7, 4), **run),
        descent("descent/neo-non-finite", c, burst, constant(0.125), [4], 9, direction=neo(0.75, 4), **order),
        descent("descent/neo-non-finite-normalised", c, burst, constant(0.125), [4], 9, direction=neo(0.75, 4, True), **order),
        descent(
            "descent/neo-non-finite-first", c, burst, constant(0.125), [4], 6, direction=neo(0.75, 5), batches=[[1], [1], [0], [0], [1], [0]]
        ),
        descent(
            "descent/neo-one", c, PAIR, constant(0.25), [8], 4, direction=neo(1, 5), batches=[[0], [1], [0, 1], [1]], exact=True
        ),
    ]


def once(step):
    """A step in the first iteration, failures after."""
    return periodic(1000, constant(step), NEVER)


def uphill():
    """Momentum carries past the minimum: the ray no longer descends."""
    swing = {"objective": "quadratic", "A": [[[1]]], "b": [[0]]}
    return [
        descent(
            "descent/momentum-uphill-armijo",
            "ray.slope",
            swing,
            or_else(once(1.5), armijo(last(1), c=0.2)),
            [1],
            8,
            direction=MOMENTUM,
        ),
        descent(
            "descent/momentum-uphill-polyak",
            "ray.slope",
            swing,
            greatest(once(1.5), polyak(c=2)),
            [1],
            8,
            direction=MOMENTUM,
        ),
        descent(
            "descent/nesterov-uphill",
            "ray.slope",
            swing,
            or_else(once(0.7), armijo(last(1), c=0.2)),
            [1],
            8,
            direction=NESTEROV,
        ),
        descent(
            "descent/adam-execute-differs",
            "descent",
            PAIR,
            armijo(constant(1), c=0.3, shrink=0.75),
            [0.7],
            7,
            direction={"direction": "adam", "beta1": 0.5, "beta2": 0.75, "eps": 1e-8},
            batches=[[0], [1], [0], [1], [0, 1], [1], [0]],
        ),
    ]


def stationary():
    s = "descent.stationary"
    flat = {"objective": "quadratic", "A": [[[4, 0], [0, 1]], [[1, 0], [0, 1]]], "b": [[1, 2], [3, 2]]}
    order = [[0], [0], [1], [0], [1]]
    return [
        descent("descent/stationary-constant", s, flat, constant(0.5), [1, 2], 5, batches=order),
        descent("descent/stationary-polyak", s, flat, polyak(c=2), [1, 2], 5, batches=order),
        descent("descent/stationary-armijo", s, flat, armijo(last(2, factor=2), c=0.25), [1, 2], 5, batches=order),
        descent(
            "descent/stationary-momentum",
            s,
            flat,
            or_else(armijo(constant(0.5)), constant(0.125)),
            [1, 2],
            6,
            direction={"direction": "momentum", "mu": 0.5},
            batches=[[0], [1], [1], [0], [1], [0]],
        ),
        descent(
            "descent/stationary-adam",
            s,
            flat,
            greatest(polyak(), constant(0.125)),
            [1, 2],
            5,
            direction={"direction": "adam", "beta1": 0.5, "beta2": 0.5, "eps": 1e-8},
            batches=order,
        ),
        descent("descent/stationary-all-along", s, BOWL, greatest(armijo(constant(1)), NEVER), [1, -1], 3),
    ]


def non_finite():
    """The second component overflows at every point that occurs."""
    n = "descent.nonFinite"
    burst = {"objective": "quadratic", "A": [[[2]], [[1e308]]], "b": [[0], [-1e3]]}
    order = [[0], [1], [0], [0, 1], [1], [0]]
    more = {"batches": order}
    return [
        descent("descent/non-finite", n, burst, constant(0.125), [4], 6, **more),
        descent("descent/non-finite-first", n, burst, constant(0.125), [4], 3, batches=[[1], [0], [1]]),
        descent("descent/non-finite-power", n, burst, power(0.3, 1), [4], 6, **more),
        descent("descent/non-finite-last", n, burst, armijo(last(0.15, factor=2), c=0.25), [4], 6, **more),
        descent(
            "descent/non-finite-rule-state",
            n,
            burst,
            running_min(polyak(target=-1)),
            [4],
            6,
            **more,
        ),
        descent("descent/non-finite-momentum", n, burst, constant(0.125), [4], 6, direction=MOMENTUM, **more),
        descent("descent/non-finite-adam", n, burst, constant(0.5), [4], 6, direction=ADAM, **more),
        descent(
            "descent/non-finite-always",
            n,
            {"objective": "quadratic", "A": [[[1e308]], [[1e308]]], "b": [[0], [0]]},
            constant(1),
            [4],
            2,
        ),
        descent(
            "descent/non-finite-gradient",
            n,
            {"objective": "leastSquares", "A": [[1e200, 1e120], [0, 2]], "y": [0, 1]},
            constant(0.125),
            [0, 1],
            4,
            batches=[[1], [0], [1], [0, 1]],
        ),
        descent(
            "descent/non-finite-probe",
            "rule.armijo.probe",
            {"objective": "quadratic", "A": [[[2]]], "b": [[0]]},
            armijo(constant(2.5e170), c=0.25, shrink=1e-57),
            [4],
            2,
        ),
    ]


def driver():
    d = Draws(4000)
    f = least_squares(d, 4, 2)
    spread = batches(d, 8, 4, 2)
    start = d.vector(2)
    return [
        descent("descent/no-iterations", "descent", f, constant(1), start, 0),
        descent("descent/never", "descent", f, NEVER, start, 3),
        descent("descent/zero-step", "descent", f, constant(0), start, 3, batches=spread[:3]),
        descent("descent/infinite-step", "descent", f, constant(TOP), start, 3),
        descent(
            "descent/infinite-then-last",
            "rule.last.failure",
            BOWL,
            periodic(2, constant(TOP), last(0.0625, factor=2)),
            [3, 1],
            5,
        ),
        descent("descent/repeated-indices", "draws", f, constant(0.2), start, 4, batches=[[0, 0, 1], [2, 2], [3], [1, 1, 1, 2]]),
        descent("descent/batch-order", "draws", f, constant(0.2), start, 3, batches=[[3, 1, 0], [2, 0, 1, 3], [1, 2]]),
        descent("descent/sizes-differ", "draws", f, polyak(), start, 4, batches=[[0], [1, 2, 3], [0, 1, 2, 3, 0], [2, 1]]),
        descent("descent/more-batches-than-needed", "draws", f, constant(0.2), start, 2, batches=spread),
        descent("descent/probes-see-the-batch", "descent", f, armijo(constant(3), c=0.4), start, 6, batches=spread),
        descent(
            "descent/budget-keeps-the-point",
            "rule.armijo.budget",
            BOWL,
            armijo(periodic(2, constant(4), constant(0.125)), c=0.25, budget=2),
            [3, 1],
            4,
        ),
        descent(
            "descent/failure-keeps-the-step",
            "rule.last.failure",
            BOWL,
            armijo(periodic(3, constant(0.1), last(0.1, factor=4)), c=0.25, budget=1),
            [3, 1],
            7,
        ),
        descent(
            "descent/gap-closes",
            "rule.polyak",
            BOWL | {"lowerBounds": [3]},
            polyak(),
            [3, 1],
            5,
        ),
        descent("descent/search-from-polyak", "descent", f, armijo(polyak(), c=0.6), start, 6, batches=spread),
        descent(
            "descent/half-of-the-greatest-so-far",
            "descent",
            f,
            scale(0.5, running_max(least(polyak(), constant(1.5)))),
            start,
            6,
            batches=spread,
        ),
        descent("descent/one-dimension", "descent", PAIR, constant(0.25), [8], 4, batches=[[0], [1], [0, 1], [1]]),
    ]


def derived():
    found = []
    tau = 2**0.5
    search = {"c": 0.2, "shrink": 0.6}
    rules = [
        ("sps-max", "spsMax", least(polyak(c=0.5), constant(0.8))),
        ("sps-b", "spsB", least(polyak(), power(1.5, 0.5))),
        ("dec-sps", "decSps", product(power(1, 0.5), running_min(least(polyak(c=1), constant(1.5))))),
        ("sps-smooth", "spsSmooth", least(last(tau * 0.2, factor=tau), polyak(c=0.5))),
        ("li-orabona", "liOrabona", adagrad_norm(alpha=0.5, beta=1, exponent=0.6)),
        ("sls-restart", "sls", armijo(constant(2), **search)),
        ("sls-keep", "sls", armijo(last(2), **search)),
        ("sls-grow", "sls", armijo(last(2 * tau, factor=tau), **search)),
        ("sls-capped", "sls", armijo(least(last(2 * tau, factor=tau), constant(0.9)), **search)),
        ("sls-periodic", "sls", armijo(periodic(3, constant(2), last(2)), **search)),
        ("sls-b", "slsB", armijo(power(2, 0.5), **search)),
        ("envelope", "envelope", envelope(power(0.1, 0.5), armijo(constant(2), **search), power(0.9, 0.5))),
        ("bisls-reset", "bislsReset", armijo(least(last(2, factor=1.5), power(2, 0.25)), slack=0.01, **search)),
        ("clamp", "clamp", envelope(constant(0.1), polyak(), constant(0.5))),
    ]
    for i, (name, clause, rule) in enumerate(rules):
        d = Draws(5000 + i)
        f = logistic(d, 5, 2, 0.05, size=4) if i % 2 else quadratic(d, 5, 2)
        found.append(
            descent(
                f"descent/{name}",
                f"derived.{clause}",
                f,
                rule,
                d.vector(2),
                8,
                batches=batches(d, 8, 5, 2),
            )
        )
    return found


def accumulating():
    found = []
    search = {"c": 0.2, "shrink": 0.6}
    rules = [
        ("sps-safe", "spsSafe", sps_safe(0.3)),
        ("goldstein", "goldstein", goldstein(constant(0.1), c=0.2, shrink=0.6)),
        ("goldstein-last", "goldstein", goldstein(last(1.5), c=0.3, shrink=0.7, grow=1.7, cap=2)),
        ("adagrad-norm", "adagradNorm", adagrad_norm(beta=0.5)),
        ("adagrad-norm-current", "adagradNorm", adagrad_norm(includeCurrent=True)),
        ("ada-sps", "adaSps", ada_sps()),
        ("ada-sls", "adaSls", ada_sls(armijo(constant(2), **search))),
        ("ponos", "ponos", ponos()),
        ("ponos-some-memory", "ponos", ponos(memory=0.5, shrink=0.7)),
        ("dog", "dog", dog(0.1)),
        ("dowg", "dowg", dowg(0.1)),
        ("prodigy", "prodigy", prodigy(0.1)),
        ("barzilai-borwein-long", "barzilaiBorwein", barzilai_borwein("long", 0.1)),
        ("barzilai-borwein-short", "barzilaiBorwein", barzilai_borwein("short", 0.1)),
    ]
    for i, (name, clause, rule) in enumerate(rules):
        for part, f, order in parts(Draws(7300 + i)):
            found.append(descent(f"descent/{name}-{part}", f"rule.{clause}", f, rule, [0.6, -0.9], 6, **order))
    d = Draws(7100)
    f = quadratic(d, 4, 2)
    order = {"batches": batches(d, 6, 4, 2)}
    slow = {"start": [0.6, -0.9], "iterations": 6}
    found += [
        descent("descent/dog-momentum", "rule.dog", f, dog(0.1), **slow, direction=MOMENTUM, **order),
        descent("descent/dog-adam", "rule.dog", f, dog(0.1), **slow, direction=ADAM, **order),
        descent("descent/ada-sps-adam", "rule.adaSps", f, ada_sps(), **slow, direction=ADAM, **order),
        descent("descent/barzilai-borwein-adam", "rule.barzilaiBorwein", f, barzilai_borwein("short", 0.1), **slow, direction=ADAM),
    ]
    return found


def drafts():
    found = []
    rules = [
        ("strong-wolfe", "strongWolfe", strong_wolfe(constant(1), c2=0.3)),
        ("strong-wolfe-last", "strongWolfe", strong_wolfe(last(0.1), c1=0.1, c2=0.5, grow=1.7)),
        ("strong-wolfe-barzilai-borwein", "strongWolfe", strong_wolfe(barzilai_borwein("long", 0.1), c2=0.4)),
        ("d-adaptation-sgd", "dAdaptationSgd", d_adaptation_sgd(0.1)),
        ("d-adaptation-sgd-step", "dAdaptationSgd", d_adaptation_sgd(0.3, step=0.4)),
    ]
    for i, (name, clause, rule) in enumerate(rules):
        for part, f, order in parts(Draws(7500 + i)):
            found.append(descent(f"descent/{name}-{part}", f"draft.{clause}", f, rule, [0.6, -0.9], 6, **order))
    d = Draws(7600)
    f = quadratic(d, 4, 2)
    order = {"batches": batches(d, 6, 4, 2)}
    slow = {"start": [0.6, -0.9], "iterations": 6}
    a = "draft.delayedAdagrad"
    delayed = {"direction": "delayedAdagrad", "beta": 0.3, "exponent": 0.5}
    return found + [
        descent("descent/strong-wolfe-adam", "draft.strongWolfe", f, strong_wolfe(constant(1)), **slow, direction=ADAM, **order),
        descent("descent/strong-wolfe-momentum", "draft.strongWolfe", f, strong_wolfe(constant(1), c2=0.2), **slow, direction=MOMENTUM),
        descent("descent/delayed-adagrad-constant", a, f, constant(0.2), **slow, direction=delayed, **order),
        descent("descent/delayed-adagrad-steeper", a, f, constant(0.2), **slow, direction=delayed | {"exponent": 0.75}),
        descent("descent/delayed-adagrad-exponent-one", a, f, constant(0.2), **slow, direction=delayed | {"exponent": 1}),
        descent("descent/delayed-adagrad-polyak", a, f, least(polyak(c=0.5), constant(1.5)), **slow, direction=delayed, **order),
        descent("descent/delayed-adagrad-armijo", a, f, armijo(constant(2), c=0.2, shrink=0.6), **slow, direction=delayed, **order),
    ]


def parts(d):
    """A deterministic run on a sum of parabolas, and one in batches on a logistic regression."""
    yield "whole", quadratic(d, 3, 2), {}
    yield "batches", logistic(d, 5, 2, 0.05, size=4), {"batches": batches(d, 6, 5, 2)}


def cases():
    return {
        "descent-objectives": objectives(),
        "descent-directions": directions() + memories(),
        "descent-driver": uphill() + stationary() + non_finite() + driver(),
        "descent-derived": derived(),
        "descent-accumulating": accumulating(),
        "descent-draft-rules": drafts(),
    }
