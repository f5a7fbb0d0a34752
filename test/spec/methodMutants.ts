/** Bilevel methods with one realistic fault each. */
import * as O from 'fp-ts/lib/Option.js'
import type { Vector } from 'steplaw'
import { type BilevelProblem, type BomeOutputs, bilevelImplementation } from 'steplaw/bilevel'
import type { BilevelMethodExpr, Implementation } from 'steplaw/spec'
import { isObject, own } from '../../spec/vocabulary/strict.js'
import { dot, squaredNorm } from '../../src/numeric/index.js'
import { chain, done, map } from '../../src/program/program.js'
import {
  answering,
  asking,
  beginning,
  type Change,
  type Ended,
  ending,
  misreading,
  moved,
  plus,
  type Run,
  running,
  taking,
} from './levelFaults.js'
import type { Mutant } from './mutants.js'

const inRuns = (fault: string, clause: string, implementation: Implementation): Mutant => ({
  fault,
  clause,
  kind: 'bilevel',
  implementation,
})

type Expr<K extends BilevelMethodExpr['method']> = Extract<BilevelMethodExpr, { readonly method: K }>

/** Another method than was asked for. */
const instead = <K extends BilevelMethodExpr['method']>(
  name: K,
  change: (expr: Expr<K>) => BilevelMethodExpr,
): Implementation => {
  const is = (expr: BilevelMethodExpr): expr is Expr<K> => expr.method === name
  return misreading((given) => (is(given.method) ? { ...given, method: change(given.method) } : given))
}

/** A change of one method only. */
const only =
  (name: BilevelMethodExpr['method'], change: Change): Change =>
  (method, setting) =>
    setting.expr.method === name ? change(method, setting) : method

const onDraws = (change: (draws: NonNullable<Run['draws']>) => NonNullable<Run['draws']>): Implementation =>
  misreading(({ draws, ...given }) => (draws === undefined ? given : { ...given, draws: change(draws) }))

const numbered = (u: unknown, name: string): number => {
  const found = isObject(u) ? own(u, name) : undefined
  return typeof found === 'number' ? found : Number.NaN
}

const isBome = (u: unknown): u is BomeOutputs => isObject(u) && 'constraint' in u && 'delta' in u

interface Multiplied {
  readonly lambda: number
  readonly q: BomeOutputs['constraint']
}

/** BOME with another multiplier, or another gradient of the gap. */
const multiplying = (
  by: (own: BomeOutputs, f: BomeOutputs['delta'], ended: Ended<unknown, unknown>) => Multiplied,
): Change =>
  only(
    'bome',
    ending((ended) => {
      const { next, record } = ended
      const shown = record.own
      if (!isBome(shown)) return [next, record]
      const { delta, lambda: right, constraint } = shown
      const f = { x: plus(delta.x, -right, constraint.x), y: plus(delta.y, -right, constraint.y) }
      const { lambda, q } = by(shown, f, ended)
      const { outcome } = record
      const lower = shown.lower.outcome
      if (outcome._tag === 'Fail' || lower._tag === 'Fail') return [next, record]
      const to = {
        x: plus(record.x, -outcome.step, plus(f.x, lambda, q.x)),
        y: plus(record.y, -lower.step, plus(f.y, lambda, q.y)),
      }
      return [moved(next, to), { ...record, own: { ...shown, lambda } }]
    }),
  )

/** What of the gradient of the gap goes through the inner steps. */
const hidden = (problem: BilevelProblem, x: Vector, y: Vector, steps: number, a: number) => {
  const states = [y]
  for (let t = 0; t < steps; t += 1) {
    const at = states[t] ?? y
    states.push(plus(at, -a, problem.lower.gradient(x, at, null, 'y').y ?? at))
  }
  let p = problem.lower.gradient(x, states[steps] ?? y, null, 'y').y ?? y
  let s: Vector = new Float64Array(x.length)
  for (const at of states.slice(0, steps).reverse()) {
    const [through, back] = [
      problem.lower.crossVector(x, at, p, null),
      problem.lower.hessianVector(x, at, p, null),
    ]
    s = plus(s, -a, through)
    p = plus(p, -a, back)
  }
  return { x: s, y: p }
}

const throughInner: Change = multiplying(({ constraint, gap }, f, { record, setting: { expr, problem } }) => {
  const none = { lambda: Number.NaN, q: constraint }
  if (expr.method !== 'bome' || typeof expr.innerStep !== 'number') return none
  const more = hidden(problem, record.x, record.y, expr.innerSteps, expr.innerStep)
  const q = { x: plus(constraint.x, -1, more.x), y: plus(constraint.y, -1, more.y) }
  const qq = squaredNorm(q.x) + squaredNorm(q.y)
  const barrier = expr.eta * (expr.option === 'G' ? qq : gap)
  const along = dot(f.x, q.x) + dot(f.y, q.y)
  return { lambda: qq === 0 ? 0 : Math.max((barrier - along) / (qq + expr.epsilon), 0), q }
})

/** $x$ moves along the same gradient once more. */
const twice: Change = ending(({ next, record }) => {
  const { outcome, gradient } = record
  if (outcome._tag === 'Fail' || O.isNone(gradient)) return [next, record]
  const [x] = Object.entries(next).flatMap(([name, variable]: readonly [string, unknown]) =>
    name === 'x' && isObject(variable) && variable.x instanceof Float64Array ? [variable.x] : [],
  )
  return x === undefined
    ? [next, record]
    : [moved(next, { x: plus(x, -outcome.step, gradient.value) }), record]
})

/** The variables move one after the other, each from where those before it have come to. */
const inSequence =
  (...order: ReadonlyArray<string>): Change =>
  (method) => ({
    ...method,
    iterate: (state, draw) =>
      chain(method.iterate(state, draw), ([first, record]) => {
        const [one = '', ...later] = order
        const go = (at: typeof state, rest: ReadonlyArray<string>): ReturnType<typeof method.iterate> => {
          const [name, ...others] = rest
          return name === undefined
            ? done([taking(first, at, ...order), record])
            : chain(method.iterate(at, draw), ([next]) => go(taking(at, next, name), others))
        }
        return go(taking(state, first, one), later)
      }),
  })

/** The squared difference of an exact pass is taken of the step, after it was made unbiased. */
const squaredStep: Change = only(
  'adaptiveUfom',
  ending(({ before, next, record, setting: { expr } }) => {
    const shown = record.own
    if (expr.method !== 'adaptiveUfom' || !isObject(shown) || shown.exact !== true) return [next, record]
    const [old, now, q] = [numbered(before, 'D2'), numbered(next, 'D2'), numbered(shown, 'q')]
    return [{ ...next, D2: expr.beta * old + (1 / q - 1) ** 2 * (now - expr.beta * old) }, record]
  }),
)

/** The bound below is of the upper value at the estimate before the last. */
const staleBound: Change = only('maid', (method) => ({
  ...method,
  iterate: (state, draw) =>
    map(
      answering(
        method.iterate(state, draw),
        { last: O.none as O.Option<number> },
        (request, value, { last }) =>
          request.want === 'gradient' && request.level === 'upper' && request.in === 'both'
            ? { value: O.getOrElse(() => value)(last), memory: { last: O.some(value) } }
            : { value, memory: { last } },
      ),
      ([[next, record], { last }]) => [next, { ...record, value: O.getOrElse(() => record.value)(last) }],
    ),
}))

const unscaled: Implementation = {
  bilevel: (given) => {
    const { method } = given
    if (method.method !== 'ufom' || method.q === 0) return bilevelImplementation.bilevel(given)
    const outputs = bilevelImplementation.bilevel({ ...given, method: { ...method, q: 1 } })
    const { q } = outputs
    return { ...outputs, ...(Array.isArray(q) ? { q: q.map(() => method.q) } : {}) }
  },
}

const crossed =
  (factor: number) =>
  (problem: BilevelProblem): BilevelProblem => ({
    ...problem,
    lower: {
      ...problem.lower,
      crossVector: (...args) => problem.lower.crossVector(...args).map((vi) => factor * vi),
    },
  })

const boundless = (problem: BilevelProblem): BilevelProblem => ({
  ...problem,
  upper: { ...problem.upper, lowerBound: () => problem.upper.lowerBound(Int32Array.of(0)) },
  lower: { ...problem.lower, lowerBound: () => 0 },
})

const same: Change = (method) => method

export const methodMutants: ReadonlyArray<Mutant> = [
  // Descent with an inner loop.
  inRuns(
    'the inner loop makes a step too few',
    'method.bilevelDescent',
    instead('bilevelDescent', (expr) => ({
      ...expr,
      inner: { ...expr.inner, steps: Math.max(0, expr.inner.steps - 1) },
    })),
  ),
  inRuns(
    'the inner loop always starts warm',
    'method.bilevelDescent',
    instead('bilevelDescent', (expr) => ({
      ...expr,
      inner: { ...expr.inner, warmStart: true },
    })),
  ),
  inRuns(
    'a cold start forgets what the lower level remembers',
    'method.bilevelDescent',
    running((method, setting) => {
      const { expr } = setting
      return expr.method === 'bilevelDescent' && !expr.inner.warmStart
        ? beginning((state, first) => taking(state, first, 'y'))(method, setting)
        : method
    }),
  ),
  inRuns(
    'the linear system always starts cold',
    'method.bilevelDescent',
    running(
      only(
        'bilevelDescent',
        beginning((state, first) => taking(state, first, 'v')),
      ),
    ),
  ),
  inRuns(
    'the hypergradient is taken before the inner loop',
    'method.bilevelDescent',
    running(
      only(
        'bilevelDescent',
        asking((request, _, y) =>
          request.want === 'hessian' ||
          request.want === 'cross' ||
          (request.want === 'gradient' && request.level === 'upper')
            ? { ...request, y }
            : request,
        ),
      ),
    ),
  ),
  inRuns('the cross product is added', 'method.bilevelDescent', running(same, crossed(-1))),
  inRuns(
    'a probe leaves the lower point behind',
    'method.bilevelDescent.probe',
    instead('bilevelDescent', (expr) => ({ ...expr, probe: { lowerSteps: 0 } })),
  ),
  inRuns(
    'a probe always takes a lower step',
    'method.bilevelDescent.probe',
    instead('bilevelDescent', (expr) => ({ ...expr, probe: { lowerSteps: 1 } })),
  ),
  inRuns(
    'the lower step of a probe is from the old upper point',
    'derived.bisls',
    running(
      only(
        'bilevelDescent',
        asking((request, x) =>
          request.want === 'gradient' && request.level === 'lower' ? { ...request, x } : request,
        ),
      ),
    ),
  ),
  inRuns(
    'the lower step of a probe is on everything',
    'method.bilevelDescent.probe',
    onDraws(({ probe: _, ...draws }) => draws),
  ),
  inRuns(
    'a trial of the upper step is judged by the lower value',
    'method.bilevelDescent.probe',
    running(
      only(
        'bilevelDescent',
        asking((request) =>
          request.want === 'value' && request.level === 'upper' ? { ...request, level: 'lower' } : request,
        ),
      ),
    ),
  ),
  inRuns('bounds of batches are those of the first component', 'derived.bisps', running(same, boundless)),
  inRuns(
    'all products are on one batch',
    'draws',
    onDraws(({ hessian: _, ...draws }) => draws),
  ),
  inRuns(
    'all inner steps are on the first batch',
    'draws',
    onDraws((draws) => ({
      ...draws,
      ...(draws.lower === undefined
        ? {}
        : { lower: draws.lower.map((within) => within.map(() => within[0] ?? [])) }),
    })),
  ),
  inRuns(
    'the draws of an iteration are those of the one before',
    'draws',
    onDraws((draws) => {
      const before = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> => [...all.slice(0, 1), ...all.slice(0, -1)]
      const { upper, lower, cross } = draws
      return {
        ...draws,
        ...(upper === undefined ? {} : { upper: before(upper) }),
        ...(lower === undefined ? {} : { lower: before(lower) }),
        ...(cross === undefined ? {} : { cross: before(cross) }),
      }
    }),
  ),
  inRuns(
    'no depth is read',
    'estimator.neumann.depth',
    onDraws(({ depth: _, ...draws }) => draws),
  ),
  // One loop for three variables.
  inRuns('the variables move in sequence', 'method.soba', running(only('soba', inSequence('y', 'v', 'x')))),
  inRuns('the upper variable moves first', 'method.soba', running(only('soba', inSequence('x', 'y', 'v')))),
  inRuns(
    'the linear step is the lower one',
    'method.soba',
    instead('soba', (expr) => ({ ...expr, linearStep: expr.lowerStep })),
  ),
  inRuns('the linear solution has the other sign', 'method.soba', running(only('soba', same), crossed(-1))),
  inRuns(
    'the linear solution begins at nought',
    'method.soba',
    misreading(({ start: { v: _, ...start }, ...given }) =>
      given.method.method === 'soba' ? { ...given, start } : { ...given, start },
    ),
  ),
  // The unbiased first-order method.
  inRuns('an exact pass is not divided by its probability', 'method.ufom', unscaled),
  inRuns(
    'the coin is read the other way',
    'method.ufom',
    onDraws((draws) => ({
      ...draws,
      ...(draws.coins === undefined ? {} : { coins: draws.coins.map((coin) => (coin === 1 ? 0 : 1)) }),
    })),
  ),
  inRuns(
    'the inner loop always begins at y',
    'method.ufom',
    instead('ufom', (expr) => ({ ...expr, initialise: 'constant' })),
  ),
  inRuns('the difference of the gradients is taken of the step', 'method.adaptiveUfom', running(squaredStep)),
  inRuns(
    'the exponent of the costs is one half',
    'method.adaptiveUfom',
    instead('adaptiveUfom', (expr) => ({ ...expr, exponent: 0.5 })),
  ),
  inRuns(
    'the averages forget nothing sooner',
    'method.adaptiveUfom',
    instead('adaptiveUfom', (expr) => ({ ...expr, beta: 0 })),
  ),
  inRuns(
    'an exact pass counts as run again from the start',
    'method.adaptiveUfom',
    instead('adaptiveUfom', (expr) => ({
      ...expr,
      costs: { ...expr.costs, random: (expr.inner.steps * (expr.inner.steps + 1)) / 2 },
    })),
  ),
  // Descent with a barrier.
  inRuns(
    'the multiplier may be negative',
    'method.bome',
    running(
      multiplying(({ constraint: q, barrier }, f) => ({
        lambda: (barrier - dot(f.x, q.x) - dot(f.y, q.y)) / (squaredNorm(q.x) + squaredNorm(q.y)),
        q,
      })),
    ),
  ),
  inRuns(
    'the multiplier is nought by nought',
    'method.bome.zero',
    running(
      multiplying(({ constraint: q, barrier, lambda }, f) => {
        const qq = squaredNorm(q.x) + squaredNorm(q.y)
        return { lambda: qq === 0 ? (barrier - dot(f.x, q.x)) / qq : lambda, q }
      }),
    ),
  ),
  inRuns('the gap is seen through the inner steps', 'method.bome', running(throughInner)),
  inRuns(
    'the gap has no gradient in x at the inner point',
    'method.bome',
    running(
      multiplying(({ lambda, constraint }, _, { record, setting: { problem } }) => ({
        lambda,
        q: { ...constraint, x: problem.lower.gradient(record.x, record.y, null, 'x').x ?? constraint.x },
      })),
    ),
  ),
  inRuns(
    'the barrier is always that of the gradient',
    'method.bome',
    instead('bome', (expr) => ({ ...expr, option: 'G' })),
  ),
  inRuns(
    'nothing is added to the divisor',
    'method.bome',
    instead('bome', (expr) => ({ ...expr, epsilon: 0 })),
  ),
  inRuns(
    'the variables of a barrier move in sequence',
    'method.bome',
    running(only('bome', inSequence('y', 'x'))),
  ),
  inRuns(
    'nothing is projected',
    'method.box',
    misreading((given) => {
      const { method } = given
      switch (method.method) {
        case 'bome':
        case 'penalty': {
          const { xBox: _, yBox: __, ...free } = method
          return { ...given, method: free }
        }
        case 'hoag': {
          const { xBox: _, ...free } = method
          return { ...given, method: free }
        }
        default:
          return given
      }
    }),
  ),
  inRuns(
    'the lower variable is not projected',
    'method.box',
    misreading((given) => {
      const { method } = given
      if (method.method !== 'bome' && method.method !== 'penalty') return given
      const { yBox: _, ...free } = method
      return { ...given, method: free }
    }),
  ),
  // Penalties.
  inRuns(
    'the weight never grows',
    'method.f2sa',
    instead('f2sa', (expr) => ({ ...expr, lambdaIncrement: 0 })),
  ),
  inRuns(
    'the upper step has no factor',
    'method.f2sa',
    instead('f2sa', (expr) => ({ ...expr, xi: 1 })),
  ),
  inRuns(
    'both lower steps are one',
    'method.f2sa',
    instead('f2sa', (expr) => ({ ...expr, gamma: expr.alpha })),
  ),
  inRuns(
    'the second lower variable begins where the first does',
    'method.f2sa',
    misreading(({ start: { z: _, ...start }, ...given }) => ({ ...given, start })),
  ),
  inRuns(
    'the upper step is from the old lower points',
    'method.f2sa',
    running(only('f2sa', inSequence('x', 'y'))),
  ),
  inRuns(
    'the penalty is weighed the other way',
    'method.penalty',
    instead('penalty', (expr) => ({
      ...expr,
      sigma: typeof expr.sigma === 'number' ? 1 / expr.sigma : expr.sigma,
    })),
  ),
  inRuns(
    'nothing holds the lower points',
    'method.penalty',
    instead('penalty', (expr) => ({ ...expr, rho: Number.POSITIVE_INFINITY })),
  ),
  inRuns(
    'the lower points are not averaged',
    'method.penalty',
    instead('penalty', (expr) => ({ ...expr, average: 1 })),
  ),
  inRuns(
    'one draw serves both levels of a penalty',
    'method.penalty',
    onDraws((draws) => ({
      ...draws,
      ...(draws.cross === undefined || draws.lower === undefined
        ? {}
        : { cross: draws.lower.map((within) => within[0] ?? []) }),
    })),
  ),
  // Accuracies that are proved.
  inRuns(
    'the bound has no curvature of the upper level',
    'method.maid',
    instead('maid', (expr) => ({
      ...expr,
      constants: { ...expr.constants, upperLipschitzY: 0 },
    })),
  ),
  inRuns(
    'the bound has half the norm of the cross derivative',
    'method.maid',
    instead('maid', (expr) => ({
      ...expr,
      constants: { ...expr.constants, crossNorm: expr.constants.crossNorm / 2 },
    })),
  ),
  inRuns(
    'the modulus is nearly the greatest curvature',
    'method.maid',
    instead('maid', (expr) => ({
      ...expr,
      constants: { ...expr.constants, mu: 0.999 * expr.constants.L },
    })),
  ),
  inRuns('the bound below is stale', 'method.maid', running(staleBound)),
  inRuns(
    'the bound on the error may be all of the hypergradient',
    'method.maid',
    instead('maid', (expr) => ({ ...expr, eta: 1e-9 })),
  ),
  inRuns(
    'a convex upper level is taken for any',
    'method.maid',
    instead('maid', (expr) => ({ ...expr, upperConvex: false })),
  ),
  inRuns(
    'any upper level is taken for convex',
    'method.maid',
    instead('maid', (expr) => ({ ...expr, upperConvex: true })),
  ),
  inRuns(
    'the lower level is solved from its first point',
    'method.maid',
    running(
      only(
        'maid',
        beginning((state, first) => taking(state, first, 'y')),
      ),
    ),
  ),
  inRuns(
    'steps do not grow',
    'method.maid',
    instead('maid', (expr) => ({ ...expr, grow: 1 })),
  ),
  inRuns(
    'accuracies do not relax',
    'method.maid',
    instead('maid', (expr) => ({ ...expr, relax: 1 })),
  ),
  inRuns(
    'nothing is proved stationary',
    'method.maid.stop',
    instead('maid', (expr) => ({ ...expr, tolerance: 0 })),
  ),
  inRuns(
    'refinements have no end',
    'method.maid.exhausted',
    instead('maid', (expr) => ({ ...expr, refinements: 1000, rounds: 1000 })),
  ),
  inRuns(
    'a lower solve has no end',
    'method.maid.exhausted',
    instead('maid', (expr) => ({ ...expr, lowerBudget: 1e6 })),
  ),
  inRuns('the step is made twice', 'method.hoag', running(only('hoag', twice))),
  inRuns(
    'tolerances begin with the second',
    'method.hoag',
    instead('hoag', (expr) => ({ ...expr, epsilon: expr.epsilon * expr.ratio })),
  ),
  inRuns(
    'all tolerances fall exponentially',
    'method.hoag',
    instead('hoag', (expr) => ({ ...expr, tolerances: 'exponential' })),
  ),
  inRuns(
    'the linear system of accurate solves starts cold',
    'method.hoag',
    running(
      only(
        'hoag',
        beginning((state, first) => taking(state, first, 'v')),
      ),
    ),
  ),
  inRuns(
    'the lower level of accurate solves starts cold',
    'method.hoag',
    running(
      only(
        'hoag',
        beginning((state, first) => taking(state, first, 'y')),
      ),
    ),
  ),
  inRuns(
    'conjugate gradients have no end',
    'method.hoag.budget',
    instead('hoag', (expr) => ({ ...expr, cgBudget: 10_000 })),
  ),
  inRuns(
    'an inner loop has no end',
    'method.hoag.budget',
    instead('hoag', (expr) => ({ ...expr, inner: { ...expr.inner, budget: 100_000 } })),
  ),
  // Drafts.
  inRuns('the adaptive step is made twice', 'draft.hoag.adaptive', running(only('hoag', twice))),
  inRuns(
    'an average of gradients remembers none',
    'draft.saba',
    instead('saba', ({ blocks: _, ...expr }) => ({ ...expr, method: 'soba' })),
  ),
  inRuns(
    'the linear loop is as long as the lower one',
    'draft.amigo',
    instead('amigo', (expr) => ({ ...expr, linearSteps: expr.innerSteps })),
  ),
  inRuns(
    'the linear loop starts cold',
    'draft.amigo',
    running(
      only(
        'amigo',
        beginning((state, first) => taking(state, first, 'v')),
      ),
    ),
  ),
  inRuns(
    'estimates have no momentum',
    'draft.f3sa',
    instead('f3sa', (expr) => ({ ...expr, eta: 1 })),
  ),
  inRuns(
    'nothing is projected where that is a draft',
    'draft.boxes',
    instead('bilevelDescent', ({ xBox: _, yBox: __, ...expr }) => expr),
  ),
]
