"""The hypergradient estimators (chapter Bilevel problems). What is unrolled is differentiated forwards, with the inner steps."""

from two_levels import added, dot, minus, problem, scaled, solved, times, transposed


def norm(A, v):
    return A.sqrt(dot(v, v))


def conjugate_gradients(A, H, b, v, iterations, tolerance):
    """(v or None, count): None where a curvature is not positive."""
    r = minus(b, times(H, v))
    q, count = r, 0
    while count < iterations and not A.at_most(norm(A, r), tolerance):
        Hq = times(H, q)
        curvature = dot(q, Hq)
        if curvature != curvature or A.at_most(curvature, 0, sum(abs(s * t) for s, t in zip(q, Hq))):
            return None, count
        rr = dot(r, r)
        a = rr / curvature
        v = added(v, scaled(a, q))
        r = minus(r, scaled(a, Hq))
        q = added(r, scaled(dot(r, r) / rr, q))
        count += 1
    return v, count


def field(P, expression, key, default=None):
    """A field as a number."""
    return P.A.of(expression.get(key, default))


def entry(draws, key, k):
    """The draw of iteration k; None where there are none."""
    return draws[key][k] if key in draws else None


def nth(batches, t):
    return None if batches is None else batches[t]


def inner_derivative(P, x, y, a, batch, Y):
    """The derivative in x of y - a grad_y g(x, y), given that of y; m rows."""
    H, J = P.hessian(x, y, batch), P.cross(x, y, batch)
    pushed = transposed([times(H, column) for column in transposed(Y)])
    return [minus(s, scaled(a, added(t, u))) for s, t, u in zip(Y, pushed, transposed(J))]


def nothing(P, x, y):
    """The derivative in x of a point that does not depend on it."""
    return [P.zeros(len(x)) for _ in y]


def carried(P, x, y, Y, batch):
    """The gradient of x -> f(x, y(x)), given the derivative of y."""
    return added(P.f_x(x, y, batch), times(transposed(Y), P.f_y(x, y, batch)))


class Estimate:
    def __init__(self, gradient, y, value, count=0, v=None):
        self.gradient, self.y, self.value, self.count, self.v = gradient, y, value, count, v


def estimate(P, expression, k, x, y, v, draws, path=None):
    """`path`: the points and steps of an inner loop that ended in y, as (y_t, a_t)."""
    A, name = P.A, expression["estimator"]
    S, C = entry(draws, "upper", k), entry(draws, "cross", k)
    if name == "exact":
        y = P.solution(x)
        C = None
    if name == "unrolled":
        Y = nothing(P, x, y)
        for t, (point, a) in enumerate(path):
            Y = inner_derivative(P, x, point, a, nth(entry(draws, "lower", k), t), Y)
        return Estimate(carried(P, x, y, Y, S), y, P.value_f(x, y, S), len(path))
    if name == "oneStepDifference":
        return across_one_step(P, expression, x, y, S, C)
    if name == "penaltyGradient":
        return by_penalty(P, expression, x, y, S, C)
    value = P.value_f(x, y, S)
    if name == "firstOrder":
        return Estimate(P.f_x(x, y, S), y, value)
    b, count = P.f_y(x, y, S), 0
    if name in ("exact", "direct"):
        v = solved(A, P.hessian(x, y, C), b)
    elif name == "cg":
        begin = v if expression.get("warmStart", False) and v is not None else P.zeros(len(y))
        tolerance = A.of(expression.get("tolerance", 0))
        v, count = conjugate_gradients(A, P.hessian(x, y, C), b, begin, expression["iterations"], tolerance)
        if v is None:
            return Estimate(None, y, value, count)
    else:
        terms, a = expression["terms"], A.of(expression["step"])
        hessians, depth = entry(draws, "hessian", k), entry(draws, "depth", k)
        term = total = b
        for q in range(terms - 1 if depth is None else depth):
            H = P.hessian(x, y, C if hessians is None else hessians[q])
            term = minus(term, scaled(a, times(H, term)))
            total = added(total, term)
            count += 1
        v = scaled(a, total) if depth is None else scaled(terms * a, term)
    return Estimate(minus(P.f_x(x, y, S), times(P.cross(x, y, C), v)), y, value, count, v)


def across_one_step(P, expression, x, y, S, C):
    """A draft: through one step, by a central difference."""
    A, step, radius = P.A, field(P, expression, "step"), field(P, expression, "radius", 0.01)
    ahead = minus(y, scaled(step, P.g_y(x, y, C)))
    b, z = P.f_y(x, ahead, S), P.f_x(x, ahead, S)
    size = norm(A, b)
    if not A.at_most(size, 0):
        e = radius / size
        around = (P.g_x(x, added(y, scaled(sign * e, b)), C) for sign in (1, -1))
        z = minus(z, scaled(step / (2 * e), minus(*around)))
    if not all(A.finite(t) for t in z):
        return Estimate(None, y, P.value_f(x, y, S))
    return Estimate(z, ahead, P.value_f(x, ahead, S), 1)


def by_penalty(P, expression, x, y, S, C):
    """A draft: the gradient of the penalised value function, with both inner problems solved to a tolerance."""
    A, weight, step, tolerance = P.A, *(field(P, expression, key) for key in ("lambda", "step", "tolerance"))
    failed = Estimate(None, y, P.value_f(x, y, S))
    count, ends, point = 0, [], y
    lower = lambda p: P.value_g(x, p, C), lambda p: P.g_y(x, p, C)
    penalised = (
        lambda p: P.value_g(x, p, C) + P.value_f(x, p, S) / weight,
        lambda p: added(P.g_y(x, p, C), scaled(1 / weight, P.f_y(x, p, S))),
    )
    for value, pull in (lower, penalised):
        for left in reversed(range(expression["budget"] + 1)):
            g = pull(point)
            size = norm(A, g)
            if not A.finite(size):
                return failed
            if A.at_most(size, tolerance):
                break
            if left == 0 or not A.finite(value(point)):
                return failed
            point, count = minus(point, scaled(step, g)), count + 1
        ends.append(point)
    z, y = ends
    pulled = minus(P.g_x(x, y, C), P.g_x(x, z, C))
    gradient = added(P.f_x(x, y, S), scaled(weight, pulled))
    if not all(A.finite(t) for t in gradient):
        return failed
    return Estimate(gradient, y, P.value_f(x, y, S), count, scaled(weight, minus(z, y)))


def descended(P, x, y, steps, draws):
    """The points and steps of a loop of fixed steps, and where it ends."""
    path = []
    for t, a in enumerate(steps):
        path.append((y, a))
        y = minus(y, scaled(a, P.g_y(x, y, nth(entry(draws, "lower", 0), t))))
    return path, y


def run_hypergradient(A, case):
    P = problem(A, case["problem"])
    expression, draws = case["estimator"], case.get("draws", {})
    x = [A.of(t) for t in case["x"]]
    y = [A.of(t) for t in case["y"]] if "y" in case else None
    v = [A.of(t) for t in case["v"]] if "v" in case else None
    path = None
    if expression["estimator"] == "unrolled":
        path, y = descended(P, x, y, [A.of(expression["step"])] * expression["steps"], draws)
    found = estimate(P, expression, 0, x, y, v, draws, path)
    shown = {"gradient": found.gradient, "y": found.y, "value": found.value, "count": found.count}
    return shown if found.v is None else {**shown, "v": found.v}
