"""Short names for the expressions, rays and cases of the modules beside this one."""

import random

NEVER = {"rule": "never"}
NAN, TOP, BOTTOM = "NaN", "Infinity", "-Infinity"


def constant(step):
    return {"rule": "constant", "step": step}


def power(initial, exponent):
    return {"rule": "power", "initial": initial, "exponent": exponent}


def polyak(**fields):
    return {"rule": "polyak", **fields}


def last(initial, **fields):
    return {"rule": "last", "initial": initial, **fields}


def greatest(*of):
    return {"rule": "max", "of": list(of)}


def least(*of):
    return {"rule": "min", "of": list(of)}


def envelope(lower, proposal, upper):
    return {"rule": "envelope", "lower": lower, "proposal": proposal, "upper": upper}


def or_else(*of):
    return {"rule": "orElse", "of": list(of)}


def periodic(period, first, rest):
    return {"rule": "periodic", "period": period, "first": first, "rest": rest}


def scale(by, of):
    return {"rule": "scale", "by": by, "of": of}


def product(*of):
    return {"rule": "product", "of": list(of)}


def running_min(of):
    return {"rule": "runningMin", "of": of}


def running_max(of):
    return {"rule": "runningMax", "of": of}


def armijo(start, **fields):
    return {"rule": "armijo", "start": start, **fields}


def goldstein(start, **fields):
    return {"rule": "goldstein", "start": start, **fields}


def sps_safe(floor, **fields):
    return {"rule": "spsSafe", "floor": floor, **fields}


def adagrad_norm(**fields):
    return {"rule": "adagradNorm", **fields}


def ada_sps(**fields):
    return {"rule": "adaSps", **fields}


def ada_sls(search, **fields):
    return {"rule": "adaSls", "search": search, **fields}


def ponos(**fields):
    return {"rule": "ponos", **fields}


def dog(repsilon, **fields):
    return {"rule": "dog", "repsilon": repsilon, **fields}


def dowg(repsilon):
    return {"rule": "dowg", "repsilon": repsilon}


def prodigy(d0):
    return {"rule": "prodigy", "d0": d0}


def barzilai_borwein(variant, initial):
    return {"rule": "barzilaiBorwein", "variant": variant, "initial": initial}


def strong_wolfe(start, **fields):
    return {"rule": "strongWolfe", "start": start, **fields}


def d_adaptation_sgd(d0, **fields):
    return {"rule": "dAdaptationSgd", "d0": d0, **fields}


def ray(value, slope, **fields):
    return {"value": value, "slope": slope, **fields}


def quadratic(curvature, **fields):
    return {"family": "quadratic", "curvature": curvature, **fields}


def quartic(curvature, fourth, **fields):
    return {"family": "quartic", "curvature": curvature, "quartic": fourth, **fields}


def exponential(weight, rate, **fields):
    return {"family": "exponential", "weight": weight, "rate": rate, **fields}


def beyond(step, value, **fields):
    return {"step": step, "value": value, **fields}


def valley(value, slope, curvature, **fields):
    """A ray along a parabola."""
    return ray(value, slope, phi=quadratic(curvature), **fields)


def case(name, clause, rule, rays, exact=False):
    """A case of kind rule. `exact`: only comparisons and exact products, so that bits are compared."""
    return {"id": name, "clause": clause, "kind": "rule", "rule": rule, "rays": list(rays), "exact": exact}


def mechanic(s_init=0.01, betas=(0.9, 0.99, 0.999), **fields):
    return {"wrapper": "mechanic", "sInit": s_init, "betas": list(betas), **fields}


def coin_betting(wealth, **fields):
    return {"wrapper": "coinBetting", "wealth": wealth, **fields}


def average(weights, **fields):
    return {"wrapper": "average", "weights": weights, **fields}


def descent(name, clause, objective, rule, start, iterations, **more):
    """A case of kind descent; `batches`, `direction` and `wrapper` are optional, as is the rule where one steps by itself."""
    batches = more.pop("batches", None)
    draws = {} if batches is None else {"draws": {"batches": batches}}
    return {
        "id": name,
        "clause": clause,
        "kind": "descent",
        "objective": objective,
        "start": start,
        **({} if rule is None else {"rule": rule}),
        "iterations": iterations,
        **draws,
        **more,
    }


class Draws:
    """Seeded numbers of three decimals: `random()` is the one method whose sequence Python promises to keep."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def between(self, low, high):
        return round(low + (high - low) * self.random(), 3)

    def below(self, n):
        return int(self.random() * n)

    def pick(self, options):
        return options[self.below(len(options))]

    def vector(self, length, size=1.5):
        return [self.between(-size, size) for _ in range(length)]

    def matrix(self, rows, columns, size=1.5):
        return [self.vector(columns, size) for _ in range(rows)]
