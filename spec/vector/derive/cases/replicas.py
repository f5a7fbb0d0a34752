"""Replicas: controllers alone, and whole runs."""

from .descents import least_squares, logistic, quadratic, softmax
from .write import Draws


def controller(replicas, period=1, **fields):
    return {
        "replicas": replicas,
        "step": 0.125,
        "spread": 0.25,
        "temperature": 0.25,
        "momentum": 0.75,
        "gain": 0.5,
        "period": period,
        **fields,
    }


def alone(name, fields, losses, permutations=None):
    """A controller that is given its losses."""
    draws = {} if permutations is None else {"draws": {"permutations": permutations}}
    return {
        "id": f"replicas/{name}",
        "clause": "replicas.controller",
        "kind": "replicas",
        "controller": fields,
        "losses": losses,
        **draws,
    }


def train(name, fields, objective, start, iterations, clause="replicas", **draws):
    return {
        "id": f"replicas/{name}",
        "clause": clause,
        "kind": "replicas",
        "objective": objective,
        "controller": fields,
        "start": start,
        "iterations": iterations,
        **({"draws": draws} if draws else {}),
    }


def permutation(d, n):
    left, order = list(range(n)), []
    while left:
        order.append(left.pop(d.below(len(left))))
    return order


def permutations(d, n, count):
    return [permutation(d, n) for _ in range(count)]


def batches(d, iterations, replicas, components, size):
    return [[[d.below(components) for _ in range(size)] for _ in range(replicas)] for _ in range(iterations)]


def losses(d, rows, replicas):
    return [[d.between(0.5, 1.5) for _ in range(replicas)] for _ in range(rows)]


def controllers():
    d = Draws(101)
    return [
        alone("two", controller(2), losses(d, 2, 2)),
        alone("odd", controller(5, spread=0.75), losses(d, 3, 5)),
        alone("eight", controller(8), losses(d, 3, 8), permutations(d, 8, 4)),
        # A permutation of order three: its inverse is another.
        alone("permutation", controller(3, spread=0.5), [[1, 0.5, 0.75], [0.5, 1, 1]], [[1, 2, 0], [2, 0, 1], [1, 2, 0]]),
        alone("single", controller(1, decay=0.125), [[0.5], [2]]),
        alone("spread-nought", controller(4, spread=0), losses(d, 2, 4)),
        alone("spread-whole", controller(3, spread=1), losses(d, 2, 3)),
        alone("equal-losses", controller(4, decay=0.0625), [[0.5] * 4, [-3] * 4]),
        alone("negative-losses", controller(3), [[-1, -1.5, -2], [-2, 0, 2]]),
        alone("momentum-nought", controller(4, momentum=0), losses(d, 3, 4)),
        alone("momentum", controller(3, momentum=0.9, gain=2), losses(d, 5, 3), permutations(d, 3, 6)),
        alone("gain-nought", controller(4, gain=0, decay=0.03), losses(d, 2, 4)),
        alone("decay", controller(4, decay=0.3), losses(d, 4, 4), permutations(d, 4, 5)),
        alone("floor", controller(4, gain=40, momentum=0, floor=0.02), [[1, 2, 3, 4], [4, 3, 2, 1], [1, 2, 3, 4]]),
        alone("floor-above", controller(3, floor=0.5, decay=0.5), [[1, 1.25, 1.5]]),
        # The softmax of the differences themselves would overflow, and so would that of the losses.
        alone("far-losses", controller(3, temperature=0.001), [[5000, 5001, 4999.998], [-9000, 2, 9000]]),
        alone("cold", controller(4, temperature=0.01), losses(d, 2, 4), permutations(d, 4, 3)),
        alone("warm", controller(4, temperature=1000), losses(d, 2, 4)),
    ]


def runs():
    d = Draws(102)
    parts = quadratic(d, 5, 3)
    rows = least_squares(d, 6, 3)
    signs = logistic(d, 6, 3, l2=0.1)
    classes = softmax(d, 5, 2, 3, l2=0.05)
    return [
        train("quadratic", controller(4, 3, decay=0.02), parts, d.vector(3), 9, permutations=permutations(d, 4, 4)),
        train(
            "batches",
            controller(4, 3, momentum=0.9, temperature=0.5),
            parts,
            d.vector(3),
            9,
            batches=batches(d, 9, 4, 5, 2),
            permutations=permutations(d, 4, 4),
        ),
        train("least-squares", controller(3, 2), rows, d.vector(3), 7, batches=batches(d, 7, 3, 6, 3)),
        train("logistic", controller(5, 4, spread=0.6), signs, d.vector(3), 8, permutations=permutations(d, 5, 3)),
        train("softmax", controller(4, 3, step=0.5), classes, d.vector(6), 7, batches=batches(d, 7, 4, 5, 2)),
        train("one", controller(1, 2, decay=0.1), parts, d.vector(3), 5),
        train("every-iteration", controller(4, 1), parts, d.vector(3), 4, permutations=permutations(d, 4, 5)),
        # The last period is not over: the points differ at the end.
        train("unfinished", controller(4, 4), rows, d.vector(3), 7, clause="replicas.average"),
        train("never-averaged", controller(3, 100), rows, d.vector(3), 3, clause="replicas.average"),
        train("no-iterations", controller(3, 2), rows, d.vector(3), 0, clause="replicas.outputs"),
        # The mean is inside the limit of stability, the greatest step outside.
        train("beyond-the-limit", controller(4, 2, step=0.4, spread=0.5), parts, d.vector(3), 6, clause="replicas.average"),
        train(
            "own-points",
            controller(2, 6, step=0.3, spread=0.9),
            signs,
            d.vector(3),
            6,
            clause="replicas.gradient",
            batches=[[[k % 6], [(k + 3) % 6]] for k in range(6)],
        ),
    ]


def cases():
    return controllers() + runs()
