/** Implementations with one realistic fault each, and the clause whose vectors must find it. */
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import {
  allReadings,
  compile,
  constructors,
  contramap,
  descends,
  done,
  fail,
  implementation,
  implementationOf,
  type Machine,
  machine,
  map,
  type Observation,
  type Outcome,
  probe,
  type Rule,
  rayOf,
  runSync,
  type Search,
  step,
  takeSteps,
} from 'steplaw'
import {
  type Cases,
  foldRule,
  type Implementation,
  type Json,
  type RuleAlgebra,
  type RuleExpr,
  type WrapperExpr,
} from 'steplaw/spec'

export interface Mutant {
  readonly fault: string
  readonly clause: string
  readonly kind: 'decode' | 'rule' | 'descent' | 'hypergradient' | 'bilevel'
  readonly implementation: Implementation
}

const withConstructors = (replaced: Partial<RuleAlgebra<Rule>>): Implementation =>
  implementationOf(foldRule({ ...constructors, ...replaced }))

const size = (o: Outcome): number | null => (o._tag === 'Step' ? o.step : null)
const sizes = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<number> =>
  outcomes.flatMap((o) => (o._tag === 'Step' ? [o.step] : []))
const outcome = (x: number | null | undefined): Outcome =>
  x === null || x === undefined ? fail('refused') : step(x)

const mutant = <S extends Json>(m: Pick<Machine<S>, 'operands' | 'init' | 'state' | 'step'>): Rule =>
  machine({ name: 'mutant', expr: O.none, reads: allReadings, ...m })

/** A rule without a state of its own: a function of what its operands say. */
const of = (
  operands: ReadonlyArray<Rule>,
  f: (steps: ReadonlyArray<number | null>, o: Observation) => number | null | undefined,
): Rule =>
  mutant({
    operands,
    init: null,
    state: t.null,
    step: (own, o, outcomes) => done([own, outcome(f(outcomes.map(size), o))]),
  })

const isStates = (u: Json): u is ReadonlyArray<Json> => Array.isArray(u)

/** A rule that asks only the operands `turn` names, one after the other, until one does not fail. */
const lazy = (operands: ReadonlyArray<Rule>, turn: (o: Observation) => ReadonlyArray<number>): Rule => {
  const whole = of(operands, () => null)
  const ask = (
    state: Json,
    o: Observation,
    [i, ...later]: ReadonlyArray<number>,
  ): Search<readonly [Json, Outcome]> => {
    const operand = i === undefined ? undefined : operands[i]
    if (i === undefined || operand === undefined || !isStates(state)) return done([state, fail('never')])
    const asked = operand.step(state[i + 1] ?? null, o)
    const rest = map(asked, ([next, answer]) => ({
      answer,
      state: state.map((s, j) => (j === i + 1 ? next : s)),
    }))
    return rest._tag === 'Done' && rest.value.answer._tag === 'Fail'
      ? ask(rest.value.state, o, later)
      : map(rest, ({ answer, state: after }): readonly [Json, Outcome] => [after, answer])
  }
  return { ...whole, step: (state, o) => ask(state, o, turn(o)) }
}

interface SearchFaults {
  /** What a trial is accepted for. */
  readonly accepts?: (value: number, bound: number) => boolean
  /** What an exhausted search gives for its last trial. */
  readonly exhausted?: (last: number) => Outcome
  /** Which starts are refused. */
  readonly refuses?: (start: number | null) => boolean
  /** Whether the ray is looked at first. */
  readonly looks?: boolean
  readonly decrease?: (a: number, slope: number) => number
}

const armijo =
  ({
    accepts = (value, bound) => Number.isFinite(value) && value <= bound,
    exhausted = () => fail('budgetExhausted'),
    refuses = (start) => start === null || start === 0 || start === Number.POSITIVE_INFINITY,
    looks = true,
    decrease = (a, slope) => a * slope,
  }: SearchFaults): RuleAlgebra<Rule>['armijo'] =>
  ({ start, c, shrink, budget, slack }) =>
    mutant({
      operands: [start],
      init: null,
      state: t.null,
      step: (own, o, [first = fail('never')]) => {
        const from = size(first)
        const answer = (x: Outcome): Search<readonly [null, Outcome]> => done([own, x])
        const tryAt = (trial: Outcome, left: number, before: number): Search<readonly [null, Outcome]> => {
          if (left === 0) return answer(exhausted(before))
          if (trial._tag === 'Fail' || trial.step === 0) return answer(fail('stepUnderflow'))
          const a = trial.step
          return probe(a, (value) =>
            accepts(value, o.value + c * decrease(a, o.slope) + slack)
              ? answer(trial)
              : tryAt(step(shrink * a), left - 1, a),
          )
        }
        if ((looks && !descends(o)) || refuses(from)) return answer(fail('startUnusable'))
        return tryAt(outcome(from), budget, 0)
      },
    })

const polyak =
  (f: (gap: number, c: number, o: Observation) => number | null): RuleAlgebra<Rule>['polyak'] =>
  ({ c, target }) =>
    of([], (_, o) => {
      const aim = typeof target === 'number' ? O.some(target) : o[target]
      return O.isNone(aim) || Number.isNaN(aim.value) || !descends(o) ? null : f(o.value - aim.value, c, o)
    })

/** A driver that remembers whatever the rule answered, a failure as zero. */
const forgetful = (expr: RuleExpr): Rule => {
  const rule = compile(expr)
  return {
    ...rule,
    init: [rule.init, null],
    step: (state, o) => {
      const [inner = null, before = null] = isStates(state) ? state : []
      const executed = typeof before === 'number' ? O.some(before) : o.executed
      return map(rule.step(inner, { ...o, executed }), ([next, answer]): readonly [Json, Outcome] => [
        [next, Math.min(size(answer) ?? 0, Number.MAX_VALUE)],
        answer,
      ])
    },
  }
}

/** Every question is a probe, asked before or not. */
const recounting: Implementation = {
  rule: ({ rule, rays }) => {
    const outputs = implementation.rule?.({
      id: '',
      clause: '',
      kind: 'rule',
      rule,
      rays,
      expect: {},
      tolerance: { relative: 0, absolute: 0 },
      provenance: '',
    })
    const compiled = compile(rule)
    const given = rays.map(rayOf)
    const states = [compiled.init, ...takeSteps(compiled, given).map(({ state }) => state)]
    const probes = given.map(({ phi, ...ray }, i) => {
      let count = 0
      const o = { ...observed, k: i, ...ray }
      runSync(compiled.step(states[i] ?? null, o), ({ at }) => {
        count += 1
        return { value: phi?.(at) ?? Number.NaN, slope: O.none }
      })
      return count
    })
    return { ...outputs, probes }
  },
}

const observed: Observation = {
  k: 0,
  value: 0,
  slope: 0,
  lowerBound: O.some(0),
  solutionValue: O.none,
  gg: 0,
  dd: 0,
  travelled: 0,
  alignment: 0,
  secant: O.none,
  executed: O.none,
}

const inRules = (fault: string, clause: string, replaced: Partial<RuleAlgebra<Rule>>): Mutant => ({
  fault,
  clause,
  kind: 'rule',
  implementation: withConstructors(replaced),
})

type Given = Cases['descent']

/** A run of something else than was asked for. */
const inDescents = (fault: string, clause: string, misread: (given: Given) => Given): Mutant => ({
  fault,
  clause,
  kind: 'descent',
  implementation: { descent: (given) => implementation.descent?.(misread(given)) ?? {} },
})

/** A run under another wrapper than was asked for. */
const inWrappers = (fault: string, clause: string, misread: (expr: WrapperExpr) => WrapperExpr): Mutant =>
  inDescents(fault, clause, ({ wrapper, ...given }) => ({
    ...given,
    ...(wrapper === undefined ? {} : { wrapper: misread(wrapper) }),
  }))

const atNonFinite: Mutant = {
  fault: 'there is no scale in an iteration that is not finite',
  clause: 'wrapper',
  kind: 'descent',
  implementation: {
    descent: (given) => {
      const outputs = implementation.descent?.(given) ?? {}
      const { scale, value } = outputs
      return Array.isArray(scale) && Array.isArray(value)
        ? { ...outputs, scale: scale.map((s, k) => (typeof value[k] === 'number' ? s : null)) }
        : outputs
    },
  },
}

const withBatches = (given: Given, f: (batch: ReadonlyArray<number>) => ReadonlyArray<number>): Given => {
  const { draws, ...rest } = given
  return draws?.batches === undefined ? given : { ...rest, draws: { batches: draws.batches.map(f) } }
}

export const mutants: ReadonlyArray<Mutant> = [
  {
    fault: 'takes every object for an expression',
    clause: 'rule.validity',
    kind: 'decode',
    implementation: { decode: ({ rule }) => ({ valid: typeof rule === 'object' && rule !== null }) },
  },
  inRules('a search gives its last trial when the budget ends', 'rule.armijo.budget', {
    armijo: armijo({ exhausted: step }),
  }),
  inRules('a search has a trial more than its budget', 'rule.armijo.budget', {
    armijo: (fields) => constructors.armijo({ ...fields, budget: fields.budget + 1 }),
  }),
  inRules('a search accepts what is not greater than the bound, NaN too', 'rule.armijo.probe', {
    armijo: armijo({ accepts: (value, bound) => !(value > bound) }),
  }),
  inRules('a search accepts minus infinity', 'rule.armijo.probe', {
    armijo: armijo({ accepts: (value, bound) => value <= bound }),
  }),
  inRules('a search gives up at a NaN', 'rule.armijo.probe', {
    armijo: (fields) => {
      const search = constructors.armijo(fields)
      return {
        ...search,
        step: (state, o) => {
          const go = (at: Search<readonly [Json, Outcome]>): Search<readonly [Json, Outcome]> =>
            at._tag === 'Done'
              ? at
              : {
                  ...at,
                  next: (r) => (Number.isNaN(r.value) ? done([state, fail('refused')]) : go(at.next(r))),
                }
          return go(search.step(state, o))
        },
      }
    },
  }),
  inRules('a search asks for a strict decrease', 'rule.armijo', {
    armijo: armijo({ accepts: (value, bound) => Number.isFinite(value) && value < bound }),
  }),
  inRules('a search forgets the step in its bound', 'rule.armijo', {
    armijo: armijo({ decrease: (_, slope) => slope }),
  }),
  inRules('a search ignores its slack', 'rule.armijo', {
    armijo: (fields) => constructors.armijo({ ...fields, slack: 0 }),
  }),
  inRules('a search begins at infinity', 'rule.armijo.start', {
    armijo: armijo({ refuses: (start) => start === null || start === 0 }),
  }),
  inRules('a search begins at one where its start fails', 'rule.armijo.start', {
    armijo: (fields) => constructors.armijo({ ...fields, start: of([fields.start], ([a]) => a ?? 1) }),
  }),
  inRules('a search does not look whether the ray descends', 'ray.slope', {
    armijo: armijo({ looks: false }),
  }),
  inRules('a safeguarded step ignores its target', 'rule.spsSafe', {
    spsSafe: (fields) => constructors.spsSafe({ ...fields, target: 0 }),
  }),
  inRules('a safeguarded step fails where the ray is flat', 'rule.spsSafe', {
    spsSafe: (fields) => of([constructors.spsSafe(fields)], ([a], o) => (o.slope < 0 ? a : null)),
  }),
  inRules('a search both ways has a trial more than its budget', 'rule.goldstein', {
    goldstein: (fields) => constructors.goldstein({ ...fields, budget: fields.budget + 1 }),
  }),
  inRules('a search both ways knows no cap', 'rule.goldstein', {
    goldstein: (fields) => constructors.goldstein({ ...fields, cap: 1e300 }),
  }),
  inRules('AdaGrad includes the current gradient', 'rule.adagradNorm', {
    adagradNorm: (fields) => constructors.adagradNorm({ ...fields, includeCurrent: true }),
  }),
  inRules('AdaGrad has always the exponent one half', 'rule.adagradNorm', {
    adagradNorm: (fields) => constructors.adagradNorm({ ...fields, exponent: 0.5 }),
  }),
  inRules('an adaptive Polyak step ignores its target', 'rule.adaSps', {
    adaSps: (fields) => constructors.adaSps({ ...fields, target: 0 }),
  }),
  inRules('an adaptive search ignores its scale', 'rule.adaSls', {
    adaSls: (fields) => constructors.adaSls({ ...fields, scale: 1 }),
  }),
  inRules('a nonmonotone search remembers nothing', 'rule.ponos', {
    ponos: (fields) => constructors.ponos({ ...fields, memory: 0 }),
  }),
  inRules('a nonmonotone search has a trial more than its budget', 'rule.ponos', {
    ponos: (fields) => constructors.ponos({ ...fields, budget: fields.budget + 1 }),
  }),
  inRules('a distance over gradients ignores its epsilon', 'rule.dog', {
    dog: (fields) => constructors.dog({ ...fields, epsilon: 0 }),
  }),
  inRules('a distance over gradients has no weights', 'rule.dowg', {
    dowg: ({ repsilon }) => constructors.dog({ repsilon, epsilon: 0 }),
  }),
  inRules('an estimate of the distance never moves', 'rule.prodigy', {
    prodigy: (fields) =>
      contramap((o) => ({ ...o, alignment: 0 * o.alignment }))(constructors.prodigy(fields)),
  }),
  inRules('a search for a level has a trial more than its budget', 'draft.strongWolfe', {
    strongWolfe: (fields) => constructors.strongWolfe({ ...fields, budget: fields.budget + 1 }),
  }),
  inRules('a search for a level knows no cap', 'draft.strongWolfe', {
    strongWolfe: (fields) => constructors.strongWolfe({ ...fields, cap: 1e300 }),
  }),
  inRules('a search for a level always grows by two', 'draft.strongWolfe', {
    strongWolfe: (fields) => constructors.strongWolfe({ ...fields, grow: 2 }),
  }),
  inRules('a search for a level has no condition on the slope', 'draft.strongWolfe', {
    strongWolfe: (fields) => constructors.strongWolfe({ ...fields, c2: 1 - 2 ** -53 }),
  }),
  inRules('another estimate of the distance is twice as great', 'draft.dAdaptationSgd', {
    dAdaptationSgd: (fields) =>
      contramap((o) => ({ ...o, travelled: o.travelled / 2 }))(constructors.dAdaptationSgd(fields)),
  }),
  inRules('another estimate of the distance ignores its factor', 'draft.dAdaptationSgd', {
    dAdaptationSgd: (fields) => constructors.dAdaptationSgd({ ...fields, step: 1 }),
  }),
  inRules('the short step is the long one', 'rule.barzilaiBorwein', {
    barzilaiBorwein: (fields) => constructors.barzilaiBorwein({ ...fields, variant: 'long' }),
  }),
  inRules('a Polyak step divides by the norm of the gradient', 'rule.polyak', {
    polyak: polyak((gap, c, o) => (gap <= 0 ? 0 : gap / (c * o.gg))),
  }),
  inRules('a Polyak step goes uphill below its target', 'rule.polyak', {
    polyak: polyak((gap, c, o) => Math.abs(gap) / (c * -o.slope)),
  }),
  inRules('a Polyak step fails below its target', 'rule.polyak', {
    polyak: polyak((gap, c, o) => gap / (c * -o.slope)),
  }),
  inRules('a Polyak step takes an absent target for zero', 'rule.polyak', {
    polyak: ({ c, target }) =>
      of([], (_, o) => {
        const aim = typeof target === 'number' ? target : O.getOrElse(() => 0)(o[target])
        return descends(o) ? Math.max(0, o.value - aim) / (c * -o.slope) : null
      }),
  }),
  inRules('a power counts from zero', 'rule.power', {
    power: (fields) => of([], (_, o) => fields.initial / Math.max(1, o.k) ** fields.exponent),
  }),
  {
    fault: 'failures and zeros are remembered as steps',
    clause: 'rule.last.failure',
    kind: 'rule',
    implementation: implementationOf(forgetful),
  },
  {
    fault: 'failures and zeros are remembered as steps, in a run',
    clause: 'rule.last.failure',
    kind: 'descent',
    implementation: implementationOf(forgetful),
  },
  inRules('a minimum ignores failures', 'rule.min', {
    min: ({ of: operands }) => of(operands, (s) => Math.min(...s.map((x) => x ?? Number.POSITIVE_INFINITY))),
  }),
  inRules('a maximum fails if any operand fails', 'rule.max', {
    max: ({ of: operands }) =>
      of(operands, (s) => (s.includes(null) ? null : Math.max(...s.map((x) => x ?? 0)))),
  }),
  inRules('a zero step is a failure', 'rule.lattice', {
    max: ({ of: operands }) => {
      const positive = (s: ReadonlyArray<number | null>) =>
        s.map((x) => (x === 0 ? null : x)).filter((x) => x !== null)
      return of(operands, (s) => (positive(s).length === 0 ? null : Math.max(...positive(s))))
    },
  }),
  inRules('the lower bound wins where bounds cross', 'rule.envelope', {
    envelope: ({ lower, proposal, upper }) =>
      of([lower, proposal, upper], ([l, p, u]) =>
        u === null || u === undefined ? null : Math.max(l ?? 0, Math.min(p ?? u, u)),
      ),
  }),
  inRules('an envelope fails with its proposal', 'rule.envelope', {
    envelope: ({ lower, proposal, upper }) =>
      of([lower, proposal, upper], ([l, p, u]) =>
        p === null || p === undefined || u === null || u === undefined
          ? null
          : Math.min(Math.max(l ?? 0, p), u),
      ),
  }),
  inRules('an alternative takes zero for a failure', 'rule.orElse', {
    orElse: ({ of: operands }) => of(operands, (s) => s.find((x) => x !== null && x > 0)),
  }),
  inRules('an alternative stops asking at the first step', 'ray.memo', {
    orElse: ({ of: operands }) => lazy(operands, () => operands.map((_, i) => i)),
  }),
  inRules('a period asks only the rule whose turn it is', 'ray.memo', {
    periodic: ({ period, first, rest }) => lazy([first, rest], ({ k }) => [k % period === 0 ? 0 : 1]),
  }),
  inRules('a period begins at its end', 'rule.periodic', {
    periodic: ({ period, first, rest }) =>
      of([first, rest], ([a, b], { k }) => ((k + 1) % period === 0 ? a : b)),
  }),
  inRules('a running minimum remembers zero', 'rule.runningMin', {
    runningMin: ({ of: operand }) =>
      mutant({
        operands: [operand],
        init: 1e300,
        state: t.number,
        step: (least, _, outcomes) => {
          const [o] = sizes(outcomes)
          return done(
            o === undefined ? [least, fail('refused')] : [Math.min(least, o), step(Math.min(least, o))],
          )
        },
      }),
  }),
  inRules('a running maximum fails with its operand', 'rule.runningMax', {
    runningMax: ({ of: operand }) =>
      of([constructors.runningMax({ of: operand }), operand], ([a, b]) => (b === null ? null : a)),
  }),
  inRules('zero times infinity is zero', 'rule.product', {
    product: ({ of: operands }) =>
      of(operands, (s) =>
        s.includes(null) ? null : s.includes(0) ? 0 : s.reduce<number>((a, b) => a * (b ?? 1), 1),
      ),
  }),
  inRules('a scaled failure is a scaled zero', 'rule.scale', {
    scale: ({ by, of: operand }) => of([operand], ([a]) => by * (a ?? 0)),
  }),
  {
    fault: 'a repeated probe counts again',
    clause: 'ray.memo',
    kind: 'rule',
    implementation: recounting,
  },
  inDescents('amsgrad forgets its greatest mean square', 'direction.amsgrad', (given) =>
    given.direction?.direction === 'amsgrad'
      ? { ...given, direction: { ...given.direction, direction: 'adam' } }
      : given,
  ),
  inDescents('Nesterov’s momentum is the heavy ball', 'direction.nesterov', (given) =>
    given.direction?.direction === 'nesterov'
      ? { ...given, direction: { ...given.direction, direction: 'momentum' } }
      : given,
  ),
  inDescents('the second moment of Adam decays as the first', 'direction.adam', (given) =>
    given.direction?.direction === 'adam'
      ? { ...given, direction: { ...given.direction, beta2: given.direction.beta1 } }
      : given,
  ),
  inDescents('the points before the first are none', 'direction.neo', (given) =>
    given.direction?.direction === 'neo'
      ? { ...given, direction: { ...given.direction, normalised: false } }
      : given,
  ),
  inDescents('one point of the memory is lost', 'direction.neo', (given) =>
    given.direction?.direction === 'neo' && given.direction.memory > 1
      ? { ...given, direction: { ...given.direction, memory: given.direction.memory - 1 } }
      : given,
  ),
  inWrappers('the reward is never cut', 'wrapper.mechanic', (expr) =>
    expr.wrapper === 'mechanic' ? { ...expr, clip: false } : expr,
  ),
  inWrappers('the gradient alone is rewarded', 'wrapper.mechanic', (expr) =>
    expr.wrapper === 'mechanic' ? { ...expr, lambda: 0 } : expr,
  ),
  inWrappers('the sum of displacements is always kept', 'wrapper.mechanic', (expr) =>
    expr.wrapper === 'mechanic' ? { ...expr, form: 'stored' } : expr,
  ),
  inWrappers('the last tuner is left out', 'wrapper.mechanic', (expr) => {
    if (expr.wrapper !== 'mechanic') return expr
    const [first, ...rest] = expr.betas
    return { ...expr, betas: [first, ...rest.slice(0, -1)] }
  }),
  inWrappers('gradients are not cut', 'wrapper.coinBetting', (expr) =>
    expr.wrapper === 'coinBetting' ? { ...expr, clip: 1e300 } : expr,
  ),
  inWrappers('the first bet is a unit', 'wrapper.coinBetting', (expr) =>
    expr.wrapper === 'coinBetting' ? { ...expr, wealth: 1 } : expr,
  ),
  inWrappers('the bound begins elsewhere', 'draft.cocob', (expr) =>
    expr.wrapper === 'cocob' ? { ...expr, eps: 1e3 * expr.eps } : expr,
  ),
  inWrappers('the distance begins elsewhere', 'draft.dAdaptation', (expr) =>
    expr.wrapper === 'dAdaptation' ? { ...expr, d0: 2 * expr.d0 } : expr,
  ),
  inWrappers('every average is uniform', 'draft.average', (expr) =>
    expr.wrapper === 'average' ? { ...expr, weights: 'uniform' } : expr,
  ),
  atNonFinite,
  inDescents('every batch is everything', 'draws', ({ draws: _, ...given }) => given),
  inDescents('a repeated index counts once', 'draws', (given) =>
    withBatches(given, (batch) => [...new Set(batch)]),
  ),
  inDescents('a batch is its first component', 'draws', (given) =>
    withBatches(given, (batch) => batch.slice(0, 1)),
  ),
  inDescents('lower bounds are not read', 'objective', (given) => {
    const { lowerBounds: _, ...objective } = given.objective
    return { ...given, objective }
  }),
  inDescents('the penalty is left out', 'objective.softmax', (given) =>
    given.objective.objective === 'softmax' ? { ...given, objective: { ...given.objective, l2: 0 } } : given,
  ),
]
