import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { controllerExpr } from '../../../spec/vocabulary/controller.js'
import { directionExpr } from '../../../spec/vocabulary/direction.js'
import { decodeWith, type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { ruleExpr } from '../../../spec/vocabulary/ruleExpr.js'
import { isObject, strict } from '../../../spec/vocabulary/strict.js'
import { wrapperExpr } from '../../../spec/vocabulary/wrapper.js'
import { compileDirection, printedDirection } from '../../optimizer/direction/compile.js'
import type { Direction } from '../../optimizer/direction/direction.js'
import { fitted, type Method, type Misfit, type Pieces, partsOf } from '../../optimizer/method.js'
import { compileWrapper, printedWrapper } from '../../optimizer/wrapper/compile.js'
import type { Wrapper } from '../../optimizer/wrapper/wrapper.js'
import { compile } from '../../rule/compile.js'
import { type Rule, show } from '../../rule/rule.js'
import type { BaselineRun } from './baselineCourse.js'
import { baselineNames } from './bilevelProblem.js'
import { type BilevelRun, bilevelRunFrom, isBilevelMethod } from './bilevelRun.js'
import type { Experiment } from './experiment.js'
import { printedReplicas, type ReplicaRun } from './replicaCourse.js'
import { labelOf, pairOf, spread } from './sweep.js'

/** One run, ready to be executed. */
export interface Plan {
  readonly name: string
  /** The name before the sweep was spread out: runs of one family differ in the swept values only. */
  readonly family: string
  /** The swept value, where one number is swept. */
  readonly startingStep: number | null
  /** The swept values by name, where two numbers are swept. */
  readonly pair: { readonly [name: string]: number } | null
  readonly method: Method | ReplicaRun | BilevelRun | BaselineRun
}

const isRule = (u: unknown): u is Rule =>
  isObject(u) && typeof u.step === 'function' && Array.isArray(u.operands)

const isDirection = (u: unknown): u is Direction =>
  isObject(u) && typeof u.advance === 'function' && 'moments' in u

const isWrapper = (u: unknown): u is Wrapper => isObject(u) && typeof u.advance === 'function' && 'needs' in u

/** Whether this was built in a module, so that a sweep does not reach into it. */
const isBuilt = (u: unknown): boolean => isRule(u) || isDirection(u) || isWrapper(u) || isBilevelMethod(u)

/**
 * Rules, directions and wrappers built in a module become data where they can, so that sweeps reach into them; within the fields of
 * a bilevel method too.
 */
const asData = (u: unknown): unknown => {
  if (isRule(u)) return O.isSome(u.expr) ? ruleExpr.encode(u.expr.value) : u
  if (isDirection(u)) return O.isSome(u.expr) ? directionExpr.encode(u.expr.value) : u
  if (isWrapper(u)) return O.isSome(u.expr) ? wrapperExpr.encode(u.expr.value) : u
  if (isBilevelMethod(u) || !isObject(u)) return u
  return Object.fromEntries(Object.entries(u).map(([key, value]) => [key, asData(value)]))
}

/** A piece of a method: one built in a module, or the meaning of an expression. */
const piece = <A, X>(
  name: string,
  is: (u: unknown) => u is A,
  expr: t.Type<X, unknown, unknown>,
  meaning: (x: X) => A,
): t.Type<A, unknown, unknown> =>
  new t.Type<A, unknown, unknown>(
    name,
    is,
    (u, context) => {
      if (is(u)) return t.success(u)
      const read = expr.validate(u, context)
      if (E.isLeft(read)) return read
      const compiled = E.tryCatch(
        () => meaning(read.right),
        (error) => (error instanceof Error ? error.message : String(error)),
      )
      return E.isLeft(compiled) ? t.failure(u, context, `one with a meaning (${compiled.left})`) : compiled
    },
    t.identity,
  )

const runCodec = strict(
  'a run',
  { name: t.string },
  {
    rule: piece('a rule', isRule, ruleExpr, compile),
    direction: piece('a direction', isDirection, directionExpr, compileDirection),
    wrapper: piece('a wrapper', isWrapper, wrapperExpr, compileWrapper),
  },
)

/** The method that the pieces of a run make, or which of them is too many or missing. */
const assembled = (pieces: Pieces, at: string): E.Either<Invalid, Method> =>
  E.mapLeft(({ piece, expected }: Misfit) => {
    const found = pieces[piece]
    return invalid(`${at}.${piece}`, found && asData(found), expected)
  })(fitted(pieces))

const seed = t.refinement(t.number, (n) => (n | 0) === n, 'an integer of 32 bits')

const replicasCodec = strict('a run of replicas', {
  name: t.string,
  replicas: strict('replicas', { controller: controllerExpr }, { seed }),
})

const baselineCodec = strict(
  'a baseline',
  {
    on: new t.Type<(typeof baselineNames)[number], string, unknown>(
      `one of ${baselineNames.join(', ')}`,
      (u): u is (typeof baselineNames)[number] => baselineNames.some((name) => name === u),
      (u, c) => {
        const name = baselineNames.find((known) => known === u)
        return name === undefined ? t.failure(u, c) : t.success(name)
      },
      t.identity,
    ),
  },
  {
    steps: t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 1, 'an integer >= 1'),
  },
)

type Named = { readonly name: string; readonly method: Plan['method'] }
type Result<A> = E.Either<ReadonlyArray<Invalid>, A>

/** A rule with its company. */
const descentFrom = (u: unknown, at: string): Result<{ readonly name: string; readonly method: Method }> => {
  const read = decodeWith(runCodec, at)(u)
  if (E.isLeft(read)) return read
  const { name, ...pieces } = read.right
  return E.bimap(
    (wrong: Invalid) => [wrong],
    (method: Method) => ({ name, method }),
  )(assembled(pieces, at))
}

/** A run as it is written, read: a rule with its company, or replicas. */
const oneLevelFrom = (u: unknown, at: string): Result<Named> => {
  if (!isObject(u) || !('replicas' in u)) return descentFrom(u, at)
  return E.map(({ name, replicas }: t.TypeOf<typeof replicasCodec>) => ({ name, method: replicas }))(
    decodeWith(replicasCodec, at)(u),
  )
}

/** The same on two levels: a bilevel method, or a baseline, which is a rule with its company on some of the rows. */
const twoLevelsFrom = (u: unknown, at: string): Result<Named> => {
  if (!isObject(u) || !('baseline' in u)) return bilevelRunFrom(u, at)
  const { baseline, ...rest } = u
  const read = decodeWith(baselineCodec, `${at}.baseline`)(baseline)
  if (E.isLeft(read)) return read
  const { on, steps = 1 } = read.right
  return E.map(({ name, method }: { readonly name: string; readonly method: Method }) => ({
    name,
    method: { levels: 'lower' as const, on, steps, method },
  }))(descentFrom(rest, at))
}

/** The method as printed expressions; null where there is none. */
export const printedMethod = (method: Plan['method']): { readonly [piece: string]: string | null } => {
  if ('controller' in method) return { rule: printedReplicas(method), direction: 'steepest' }
  if ('levels' in method && method.levels === 'both') return { method: method.text, ...method.parts }
  if ('levels' in method)
    return { baseline: `${method.on}, ${method.steps}`, ...printedMethod(method.method) }
  const { base, wrapper } = partsOf(method)
  return {
    rule: base === null ? null : show(base.rule),
    direction: base === null ? null : printedDirection(base.direction),
    ...(wrapper === null ? {} : { wrapper: printedWrapper(wrapper) }),
  }
}

/** Whether there is something to draw a depth from. */
const drawsDepth = ({ draws }: Experiment): boolean =>
  draws !== undefined && ('batch' in draws || 'depth' in draws)

/** Spreads out sweeps and compiles every rule, direction and wrapper. Names are unique afterwards, or it is an error. */
export const plan = (experiment: Experiment): E.Either<ReadonlyArray<Invalid>, ReadonlyArray<Plan>> => {
  const errors: Array<Invalid> = []
  const plans: Array<Plan> = []
  for (const [i, run] of experiment.runs.entries()) {
    const at = `runs[${i}]`
    const { sweep = {}, ...rest } = run
    const raw = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asData(value)]))
    const grid = spread(raw, sweep, at, { isBuilt, asData })
    if (E.isLeft(grid)) {
      errors.push(...grid.left)
      continue
    }
    for (const { raw: one, values } of grid.right) {
      const read = 'problem' in experiment ? twoLevelsFrom(one, at) : oneLevelFrom(one, at)
      if (E.isLeft(read)) {
        errors.push(...read.left)
        continue
      }
      const { name, method } = read.right
      if ('controller' in method && experiment.draws !== undefined && !('batch' in experiment.draws))
        errors.push(
          invalid('draws', experiment.draws, 'seeded draws: every replica draws batches of its own'),
        )
      if (
        'levels' in method &&
        method.levels === 'both' &&
        method.chances.depth !== null &&
        !drawsDepth(experiment)
      )
        errors.push(invalid(`${at}.depth`, 'drawn', 'seeded draws to draw it from, or draws with depth'))
      const [only] = values
      const swept = values.length === 1 && only !== undefined ? only[1] : null
      plans.push({
        name: values.length === 0 ? name : `${name} ${labelOf(values)}`,
        family: name,
        startingStep: typeof swept === 'number' ? swept : null,
        pair: pairOf(values),
        method,
      })
    }
  }
  const names = plans.map((p) => p.name)
  const twice = names.find((n, i) => names.indexOf(n) !== i)
  if (twice !== undefined) errors.push(invalid('runs', twice, 'names that differ'))
  return errors.length > 0 ? E.left(errors) : E.right(plans)
}
