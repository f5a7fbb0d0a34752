import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { controllerExpr } from '../../../spec/vocabulary/controller.js'
import { directionExpr } from '../../../spec/vocabulary/direction.js'
import { decodeWith, type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { ruleExpr } from '../../../spec/vocabulary/ruleExpr.js'
import { isObject, strict } from '../../../spec/vocabulary/strict.js'
import { wrapperExpr } from '../../../spec/vocabulary/wrapper.js'
import { compileDirection } from '../../optimizer/direction/compile.js'
import type { Direction } from '../../optimizer/direction/direction.js'
import { fitted, type Method, type Misfit, type Pieces } from '../../optimizer/method.js'
import { compileWrapper } from '../../optimizer/wrapper/compile.js'
import type { Wrapper } from '../../optimizer/wrapper/wrapper.js'
import { compile } from '../../rule/compile.js'
import type { Rule } from '../../rule/rule.js'
import type { Experiment } from './experiment.js'
import type { ReplicaRun } from './replicaCourse.js'

/** One run, ready to be executed. */
export interface Plan {
  readonly name: string
  /** The name before the sweep was spread out: runs of one family differ in the swept values only. */
  readonly family: string
  /** The swept value, where one number is swept. */
  readonly startingStep: number | null
  readonly method: Method | ReplicaRun
}

const isRule = (u: unknown): u is Rule =>
  isObject(u) && typeof u.step === 'function' && Array.isArray(u.operands)

const isDirection = (u: unknown): u is Direction =>
  isObject(u) && typeof u.advance === 'function' && 'moments' in u

const isWrapper = (u: unknown): u is Wrapper => isObject(u) && typeof u.advance === 'function' && 'needs' in u

/** Rules, directions and wrappers built in a module become data where they can, so that sweeps reach into them. */
const asData = (u: unknown): unknown => {
  if (isRule(u)) return O.isSome(u.expr) ? ruleExpr.encode(u.expr.value) : u
  if (isDirection(u)) return O.isSome(u.expr) ? directionExpr.encode(u.expr.value) : u
  if (isWrapper(u)) return O.isSome(u.expr) ? wrapperExpr.encode(u.expr.value) : u
  return u
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

/** A run as it is written, read: a rule with its company, or replicas. */
const methodFrom = (
  u: unknown,
  at: string,
): E.Either<ReadonlyArray<Invalid>, { readonly name: string; readonly method: Method | ReplicaRun }> => {
  if (isObject(u) && 'replicas' in u)
    return E.map(({ name, replicas }: t.TypeOf<typeof replicasCodec>) => ({ name, method: replicas }))(
      decodeWith(replicasCodec, at)(u),
    )
  const read = decodeWith(runCodec, at)(u)
  if (E.isLeft(read)) return read
  const { name, ...pieces } = read.right
  return E.bimap(
    (wrong: Invalid) => [wrong],
    (method: Method) => ({ name, method }),
  )(assembled(pieces, at))
}

/** `rule.of[1].step` and `rule.of.1.step` are the same path. */
const keysOf = (path: string): ReadonlyArray<string> => path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')

/** The same value with the place at `keys` replaced; undefined if there is no such place. */
const replaced = (u: unknown, [key, ...rest]: ReadonlyArray<string>, value: unknown): unknown => {
  if (key === undefined) return value
  if (Array.isArray(u)) {
    const inner =
      /^\d+$/.test(key) && Number(key) < u.length ? replaced(u[Number(key)], rest, value) : undefined
    return inner === undefined ? undefined : u.map((x: unknown, i) => (i === Number(key) ? inner : x))
  }
  if (!isObject(u) || isRule(u) || isDirection(u) || isWrapper(u) || key === '__proto__') return undefined
  if (rest.length > 0 && !Object.hasOwn(u, key)) return undefined
  const inner = replaced(u[key], rest, value)
  return inner === undefined ? undefined : { ...u, [key]: inner }
}

interface Swept {
  readonly raw: unknown
  readonly values: ReadonlyArray<readonly [path: string, value: unknown]>
}

/** In a module the rule may be a function of the swept value, under whatever name it has in the sweep. */
const applied = (raw: { readonly [key: string]: unknown }, value: unknown): unknown => {
  const { rule } = raw
  return typeof rule === 'function' ? { ...raw, rule: asData(rule(value)) } : undefined
}

/** Every combination of the swept values, the last path varying fastest. */
const spread = (
  raw: { readonly [key: string]: unknown },
  sweep: { readonly [path: string]: ReadonlyArray<unknown> },
  at: string,
): E.Either<ReadonlyArray<Invalid>, ReadonlyArray<Swept>> => {
  let grid: ReadonlyArray<Swept> = [{ raw, values: [] }]
  for (const [path, values] of Object.entries(sweep)) {
    const field = `${at}.sweep.${path}`
    if (values.length === 0) return E.left([invalid(field, values, 'a non-empty array of values')])
    const next: Array<Swept> = []
    for (const point of grid)
      for (const value of values) {
        const set =
          isObject(point.raw) && typeof point.raw.rule === 'function' && !/^(direction|wrapper)\b/.test(path)
            ? applied(point.raw, value)
            : path === 'name'
              ? undefined
              : replaced(point.raw, keysOf(path), value)
        if (set === undefined) return E.left([invalid(field, path, `a path in the run, such as rule.step`)])
        next.push({ raw: set, values: [...point.values, [path, value]] })
      }
    grid = next
  }
  return E.right(grid)
}

/** Swept values as a name: by the last word of their paths, which nearly always is enough. */
const label = (values: Swept['values']): string => {
  const words = values.map(([path]) => keysOf(path).at(-1) ?? path)
  const short = new Set(words).size === words.length
  return values
    .map(([path, value], i) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return `${short ? words[i] : path}=${text}`
    })
    .join(', ')
}

/** Spreads out sweeps and compiles every rule, direction and wrapper. Names are unique afterwards, or it is an error. */
export const plan = (experiment: Experiment): E.Either<ReadonlyArray<Invalid>, ReadonlyArray<Plan>> => {
  const errors: Array<Invalid> = []
  const plans: Array<Plan> = []
  for (const [i, run] of experiment.runs.entries()) {
    const at = `runs[${i}]`
    const { sweep = {}, ...rest } = run
    const raw = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asData(value)]))
    const grid = spread(raw, sweep, at)
    if (E.isLeft(grid)) {
      errors.push(...grid.left)
      continue
    }
    for (const { raw: one, values } of grid.right) {
      const read = methodFrom(one, at)
      if (E.isLeft(read)) {
        errors.push(...read.left)
        continue
      }
      const { name, method } = read.right
      if ('controller' in method && experiment.draws !== undefined && !('batch' in experiment.draws))
        errors.push(
          invalid('draws', experiment.draws, 'seeded draws: every replica draws batches of its own'),
        )
      const [only] = values
      const swept = values.length === 1 && only !== undefined ? only[1] : null
      plans.push({
        name: values.length === 0 ? name : `${name} ${label(values)}`,
        family: name,
        startingStep: typeof swept === 'number' ? swept : null,
        method,
      })
    }
  }
  const names = plans.map((p) => p.name)
  const twice = names.find((n, i) => names.indexOf(n) !== i)
  if (twice !== undefined) errors.push(invalid('runs', twice, 'names that differ'))
  return errors.length > 0 ? E.left(errors) : E.right(plans)
}
