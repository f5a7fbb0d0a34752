"""Bilevel problems of random data, estimators, and cases about them."""

from .descents import quadratic


def diagonal(*entries):
    return [[t if i == j else 0 for j in range(len(entries))] for i, t in enumerate(entries)]


def positive_definite(d, n):
    return quadratic(d, 1, n, constants=False)["A"][0]


def symmetric(d, n, size=1.0):
    M = d.matrix(n, n, size)
    return [[round((M[i][j] + M[j][i]) / 2, 4) for j in range(n)] for i in range(n)]


def lower_part(d, n, m):
    return {"H": positive_definite(d, m), "B": d.matrix(m, n, 1), "c": d.vector(m, 1)}


def upper_part(d, n, m):
    return {"P": symmetric(d, m), "S": d.matrix(n, m, 1), "R": positive_definite(d, n), "p": d.vector(m, 1), "r": d.vector(n, 1)}


def quadratics(d, n=2, m=3, lower=1, upper=1, **more):
    return {
        "problem": "quadraticBilevel",
        "lower": [lower_part(d, n, m) for _ in range(lower)],
        "upper": [upper_part(d, n, m) for _ in range(upper)],
        **more,
    }


def shifted(d, n=2, m=2, **more):
    return {
        "problem": "shiftedPotential",
        "H0": positive_definite(d, m),
        "s": d.between(0.2, 0.8),
        "W": d.matrix(m, n, 1),
        "b": d.vector(m, 0.5),
        "target": d.vector(m, 1),
        **more,
    }


def ridge(d, penalty, features=2, **more):
    return {
        "problem": "ridgeHyper",
        "X": d.matrix(3, features),
        "b": d.vector(3),
        "Xv": d.matrix(2, features),
        "bv": d.vector(2),
        "penalty": penalty,
        **more,
    }


def signs(d, n):
    return [d.pick([-1, 1]) for _ in range(n)]


def logistics(d, features=2, rows=3, **more):
    return {
        "problem": "logisticHyper",
        "A": d.matrix(rows, features),
        "y": signs(d, rows),
        "Av": d.matrix(2, features),
        "yv": signs(d, 2),
        **more,
    }


def cleaning(d, features=1, classes=3, rows=3, **more):
    return {
        "problem": "dataCleaning",
        "A": d.matrix(rows, features),
        "labels": [d.below(classes) for _ in range(rows)],
        "classes": classes,
        "l2": d.between(0.3, 0.8),
        "Av": d.matrix(2, features),
        "labelsV": [d.below(classes) for _ in range(2)],
        **more,
    }


def tasks(d, n=3, **more):
    return {
        "problem": "ablo",
        "tasks": [{"a": d.between(0.5, 1.5), "b": d.between(-2, 2)} for _ in range(n)],
        "linearBeyond": 0.7,
        **more,
    }


def dimensions(problem):
    """n and m."""
    name = problem["problem"]
    if name == "quadraticBilevel":
        part = problem["upper"][0]
        return len(part["r"]), len(part["p"])
    if name == "shiftedPotential":
        return len(problem["W"][0]), len(problem["b"])
    if name == "ridgeHyper":
        features = len(problem["X"][0])
        return 1 if problem["penalty"] == "scalar" else features, features
    if name == "logisticHyper":
        return len(problem["A"][0]), len(problem["A"][0])
    return (len(problem["A"]), len(problem["A"][0]) * problem["classes"]) if name == "dataCleaning" else (1, 1)


EXACT = {"estimator": "exact"}
DIRECT = {"estimator": "direct"}
FIRST_ORDER = {"estimator": "firstOrder"}
UNROLLED = {"estimator": "unrolled"}


def cg(iterations, **fields):
    return {"estimator": "cg", "iterations": iterations, **fields}


def neumann(terms, step):
    return {"estimator": "neumann", "terms": terms, "step": step}


def one_step_difference(step, **fields):
    return {"estimator": "oneStepDifference", "step": step, **fields}


def penalty_gradient(weight, step, tolerance, budget=200):
    return {"estimator": "penaltyGradient", "lambda": weight, "step": step, "tolerance": tolerance, "budget": budget}


def unrolled(steps, step):
    return {"estimator": "unrolled", "steps": steps, "step": step}


def hypergradient(name, clause, problem, estimator, x, y=None, v=None, **draws):
    return {
        "id": f"hypergradient/{name}",
        "clause": clause,
        "kind": "hypergradient",
        "problem": problem,
        "estimator": estimator,
        "x": x,
        **({} if y is None else {"y": y}),
        **({} if v is None else {"v": v}),
        **({"draws": draws} if draws else {}),
    }


def bilevel(name, clause, problem, method, start, iterations, **draws):
    return {
        "id": f"bilevel/{name}",
        "clause": clause,
        "kind": "bilevel",
        "problem": problem,
        "method": method,
        "start": start,
        "iterations": iterations,
        **({"draws": draws} if draws else {}),
    }


def start(d, problem, size=0.6):
    n, m = dimensions(problem)
    return {"x": d.vector(n, size), "y": d.vector(m, size)}


def batches(d, iterations, n, size=2):
    return [[d.below(n) for _ in range(size)] for _ in range(iterations)]


def batches_within(d, iterations, steps, n, size=2):
    return [batches(d, steps, n, size) for _ in range(iterations)]


def drawn(d, iterations, steps, upper, lower, *more):
    """The batches of every iteration, with what `more` names."""
    found = {"upper": batches(d, iterations, upper), "lower": batches_within(d, iterations, steps, lower)}
    if "cross" in more:
        found["cross"] = batches(d, iterations, lower)
    if "hessian" in more:
        found["hessian"] = batches_within(d, iterations, steps, lower)
    if "probe" in more:
        found["probe"] = batches(d, iterations, lower)
    return found
