/** Faults of descent by proof and of looking through one step, most of them seen in public code. */
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  type BilevelRecord,
  type BilevelResponse,
  type Hypergradient,
  type MaidConstants,
  type MaidOutputs,
  type MaidState,
  maid,
} from 'steplaw/bilevel'
import { noCertificate } from '../../src/bilevel/hypergradient/hypergradient.js'
import { askInBoth, askInX, askInY } from '../../src/bilevel/oracle.js'
import { norm } from '../../src/numeric/index.js'
import type { Vector } from '../../src/problem/oracle.js'
import { ask, chain, done, map, translate } from '../../src/program/program.js'
import type { ProvedMethod } from '../../src/theory/theorem/bilevel/certifiedDescent.js'
import type { LookAhead } from '../../src/theory/theorem/bilevel/lookAhead.js'

const believing =
  (wrong: (constants: MaidConstants) => Partial<MaidConstants>): ProvedMethod =>
  (params) =>
    maid({ ...params, constants: { ...params.constants, ...wrong(params.constants) } })

type Change = (
  before: MaidState,
  after: MaidState,
  record: BilevelRecord<MaidOutputs>,
  params: Parameters<ProvedMethod>[0],
) => readonly [MaidState, BilevelRecord<MaidOutputs>]

const afterwards =
  (change: Change): ProvedMethod =>
  (params) => {
    const made = maid(params)
    return {
      ...made,
      iterate: (state, draw) =>
        map(made.iterate(state, draw), ([next, record]) => change(state, next, record, params)),
    }
  }

export const provedMutants: { readonly [name: string]: ProvedMethod } = {
  /** Almost L, where a lower bound is wanted. */
  strongConvexityOverestimated: believing(({ mu, L }) => ({ mu: 8 * mu, L: 8 * L })),
  /** The Lipschitz constant of the upper gradient is missing, and an entry of a matrix stands for its norm. */
  termsLeftOut: believing(({ crossNorm }) => ({ upperLipschitzY: 0, crossNorm: crossNorm / 8 })),
  /** Largest entries, of a difference that was not divided by its length, where norms are wanted. */
  normsTooSmall: believing(({ crossNorm, crossLipschitz, upperLipschitzX }) => ({
    crossNorm: crossNorm / 64,
    crossLipschitz: crossLipschitz / 64,
    upperLipschitzX: upperLipschitzX / 64,
  })),
  /** The lower bound is made of a value from before the refinements. */
  staleValue: (params) => {
    const made = maid(params)
    return {
      ...made,
      iterate: (state, draw) => {
        let first: number | undefined
        return translate(made.iterate(state, draw), (request) =>
          ask(request, (response: BilevelResponse) => {
            if (request.want !== 'gradient' || request.level !== 'upper' || request.in !== 'both')
              return done(response)
            first ??= response.value
            return done(first === undefined ? response : { ...response, value: first })
          }),
        )
      },
    }
  },
  /** The step is made before the test and once more after it. */
  steppedTwice: afterwards((before, after, record) => [
    { ...after, x: after.x.map((xi, i) => 2 * xi - (before.x[i] ?? 0)) },
    record,
  ]),
  /** Any decrease will do. */
  sufficientWithoutZ: (params) => maid({ ...params, decrease: 1e-12 }),
  /** Only the lower solve is refined. */
  refinesOneAlone: afterwards((before, after, record, { relax = 1.25 }) => [
    record.own.accepted ? { ...after, delta: relax * before.delta } : after,
    { ...record, own: { ...record.own, delta: before.delta } },
  ]),
  /** The next search begins where this one began. */
  keepsTheFirstTrial: afterwards((before, after, record, { grow = 10 / 9 }) => [
    record.own.accepted ? { ...after, alpha: grow * before.alpha } : after,
    record,
  ]),
  /** The accuracies of the iteration before are relaxed, not those that were needed. */
  relaxedWhereItWasRefined: afterwards((before, after, record, { relax = 1.25 }) => [
    record.own.accepted ? { ...after, epsilon: relax * before.epsilon } : after,
    record,
  ]),
}

const moved = (y: Vector, by: number, along: Vector): Vector => y.map((yi, i) => yi + by * (along[i] ?? 0))

/** The estimate once more, with a fault. */
const looking =
  (fault: { readonly oneSided?: boolean; readonly short?: boolean; readonly old?: boolean }): LookAhead =>
  ({ step, radius }) => ({
    name: 'faulty',
    unrolls: false,
    estimate: ({ x, y }) =>
      chain(askInY('lower', { x, y }, null), (g) => {
        const ahead = fault.old === true ? y : moved(y, -step, g.y)
        return chain(askInBoth('upper', { x, y: ahead }, null), (f) => {
          const b = norm(f.y)
          const unit = f.y.map((d) => (b === 0 ? 0 : d / b))
          const back = fault.oneSided === true ? 0 : radius
          return chain(askInX('lower', { x, y: moved(y, radius, unit) }, null), (plus) =>
            map(askInX('lower', { x, y: moved(y, -back, unit) }, null), (minus) => {
              const size = fault.short === true ? 1 : b
              const found: Hypergradient = {
                form: 'other',
                value: f.value,
                gradient: f.x.map(
                  (d, i) => d - (step * size * ((plus.x[i] ?? 0) - (minus.x[i] ?? 0))) / (radius + back),
                ),
                y: ahead,
                v: O.none,
                count: 1,
                slopeInY: O.some(b),
                lowerBound: O.none,
                solutionValue: O.none,
                certificate: noCertificate,
              }
              return E.right(found)
            }),
          )
        })
      }),
  })

export const lookMutants: { readonly [name: string]: LookAhead } = {
  oneSided: looking({ oneSided: true }),
  /** The difference along the unit vector, not multiplied by its length. */
  withoutTheLength: looking({ short: true }),
  /** The upper gradient where the step begins. */
  atTheOldPoint: looking({ old: true }),
}
