import type { Outputs } from '../../../spec/conformance/compare.js'
import { isAdaptive } from '../../../spec/vocabulary/bilevelDraft.js'
import type { BilevelMethodExpr } from '../../../spec/vocabulary/bilevelMethod.js'
import type { ScheduleExpr } from '../../../spec/vocabulary/schedule.js'
import { pow } from '../../numeric/index.js'
import { compileDirection } from '../../optimizer/direction/compile.js'
import type { Method } from '../../optimizer/method.js'
import { constant } from '../../rule/atom/constant.js'
import { scale } from '../../rule/combine/scale.js'
import { compile } from '../../rule/compile.js'
import type { Rule } from '../../rule/rule.js'
import type { Box } from '../box.js'
import type { BilevelOptions } from '../driver.js'
import { adaptiveUfom } from '../method/adaptiveUfom.js'
import { amigo } from '../method/amigo.js'
import { bilevelDescent } from '../method/bilevelDescent.js'
import { partition } from '../method/blockMemory.js'
import { bome } from '../method/bome.js'
import { f2sa } from '../method/f2sa.js'
import { f3sa } from '../method/f3sa.js'
import { hoag } from '../method/hoag.js'
import { maid } from '../method/maid.js'
import type { BilevelMethod, BilevelState } from '../method/method.js'
import { penalty } from '../method/penalty.js'
import { saba } from '../method/saba.js'
import { soba } from '../method/soba.js'
import { ufom } from '../method/ufom.js'
import type { BilevelProblem } from '../problem/problem.js'
import type { Schedule } from '../schedule.js'
import { compileEstimator } from './estimator.js'
import {
  bomeOutputs,
  descentOutputs,
  f2saOutputs,
  hoagOutputs,
  type Listing,
  maidOutputs,
  passage,
  penaltyOutputs,
  singleLoopOutputs,
  ufomOutputs,
} from './outputs.js'

type Expr<K extends BilevelMethodExpr['method']> = Extract<BilevelMethodExpr, { readonly method: K }>

/** What a run needs besides problem and method. */
type Course = Pick<BilevelOptions<BilevelState, unknown>, 'start' | 'draws'> & { readonly iterations: number }

/** What is done with a method and the listing of its outputs, whatever their types. */
export type Use<R> = <S extends BilevelState, T>(method: BilevelMethod<S, T>, listing: Listing<S, T>) => R

const methodOf = ({
  rule,
  direction,
}: Pick<Expr<'bilevelDescent'>['outer'], 'rule' | 'direction'>): Method => ({
  rule: compile(rule),
  direction: compileDirection(direction),
})

const scheduleRule = (schedule: ScheduleExpr): Rule =>
  typeof schedule === 'number' ? constant(schedule) : compile(schedule)

/** Steps of these lengths along the gradient. */
const stepping = (schedule: ScheduleExpr): { readonly rule: Rule } => ({ rule: scheduleRule(schedule) })

/** A schedule as a function of $k$. */
const scheduleOf = (schedule: ScheduleExpr): Schedule => {
  if (typeof schedule === 'number') return schedule
  if (schedule.rule === 'constant') return schedule.step
  const { initial, exponent } = schedule
  return (k) => initial / pow(k + 1, exponent)
}

const boxed = (box: Box | undefined) => (box === undefined ? {} : { box })

const loopOf = (
  { inner, initialise, step, xBox }: Expr<'ufom'> | Expr<'adaptiveUfom'>,
  tasks: number | undefined,
) => ({
  inner: { steps: inner.steps, step: scheduleOf(inner.step) },
  initialise,
  upper: { ...stepping(step), ...boxed(xBox) },
  ...(tasks === undefined ? {} : { tasks }),
})

const weighing = (expr: Expr<'f2sa'> | Expr<'f3sa'>) => {
  const { alpha, gamma, xi, lambda0, lambdaIncrement, xBox } = expr
  return {
    z: stepping(gamma),
    y: stepping(alpha),
    x: { rule: scale(xi)(scheduleRule(alpha)), ...boxed(xBox) },
    lambda: { start: lambda0, increment: scheduleOf(lambdaIncrement) },
  }
}

/** How much there is of what a problem is summed from. */
export interface Sizes {
  /** How many components each level has. */
  readonly lower: number
  readonly upper: number
  /** How many tasks, if it has tasks. */
  readonly tasks: number | undefined
}

/** The sizes of a problem. */
export const sizesOf = ({ tasks, lower, upper }: BilevelProblem): Sizes => ({
  lower: lower.components,
  upper: upper.components,
  tasks: tasks ? upper.components : undefined,
})

/** The least there is of a problem. */
export const least: Sizes = { lower: 1, upper: 1, tasks: undefined }

/** The method that an expression names for problems of a size, put to use. */
export const withMethod = <R>(expr: BilevelMethodExpr, sizes: Sizes, runner: Use<R>): R => {
  switch (expr.method) {
    case 'bilevelDescent': {
      const { inner, hypergradient, outer, probe, xBox, yBox } = expr
      const { steps, warmStart } = inner
      const parts = {
        inner: { ...methodOf(inner), steps, warmStart, ...boxed(yBox) },
        hypergradient: compileEstimator(hypergradient),
        outer: { ...methodOf(outer), ...boxed(xBox) },
        probe,
      }
      return runner(bilevelDescent(parts), descentOutputs)
    }
    case 'soba': {
      const { lowerStep, linearStep, upperStep, xBox, yBox } = expr
      const parts = {
        lower: { ...stepping(lowerStep), ...boxed(yBox) },
        linear: stepping(linearStep),
        upper: { ...stepping(upperStep), ...boxed(xBox) },
      }
      return runner(soba(parts), singleLoopOutputs)
    }
    case 'saba': {
      const { lowerStep, linearStep, upperStep, blocks, xBox, yBox } = expr
      const parts = {
        lower: { ...stepping(lowerStep), ...boxed(yBox) },
        linear: stepping(linearStep),
        upper: { ...stepping(upperStep), ...boxed(xBox) },
        partition: {
          lower: partition(sizes.lower, blocks.lower),
          upper: partition(sizes.upper, blocks.upper),
        },
      }
      return runner(saba(parts), singleLoopOutputs)
    }
    case 'amigo': {
      const { innerSteps, lowerStep, linearSteps, linearStep, upperStep, xBox, yBox } = expr
      const parts = {
        lower: { ...stepping(lowerStep), steps: innerSteps, ...boxed(yBox) },
        linear: { ...stepping(linearStep), steps: linearSteps },
        upper: { ...stepping(upperStep), ...boxed(xBox) },
      }
      return runner(amigo(parts), singleLoopOutputs)
    }
    case 'ufom':
      return runner(ufom({ ...loopOf(expr, sizes.tasks), q: expr.q }), ufomOutputs)
    case 'adaptiveUfom': {
      const { qMin, beta, exponent, costs } = expr
      return runner(adaptiveUfom({ ...loopOf(expr, sizes.tasks), qMin, beta, exponent, costs }), ufomOutputs)
    }
    case 'bome': {
      const { innerSteps: steps, innerStep, eta, option, epsilon, upperStep, lowerStep, xBox, yBox } = expr
      const parts = {
        inner: { ...stepping(innerStep), steps },
        upper: { ...stepping(upperStep), ...boxed(xBox) },
        lower: { ...stepping(lowerStep), ...boxed(yBox) },
        eta,
        option,
        epsilon,
      }
      return runner(bome(parts), bomeOutputs)
    }
    case 'f2sa':
      return runner(f2sa({ ...weighing(expr), steps: expr.innerSteps }), f2saOutputs)
    case 'f3sa':
      return runner(f3sa({ ...weighing(expr), eta: scheduleOf(expr.eta) }), f2saOutputs)
    case 'penalty': {
      const { innerSteps: steps, sigma, gamma, alpha, rho, average, xBox, yBox } = expr
      const parts = {
        inner: { ...stepping(gamma), steps, ...boxed(yBox) },
        upper: { ...stepping(alpha), ...boxed(xBox) },
        sigma: scheduleOf(sigma),
        rho,
        average,
      }
      return runner(penalty(parts), penaltyOutputs)
    }
    case 'maid': {
      const { method: _, ...parts } = expr
      return runner(maid(parts), maidOutputs)
    }
    case 'hoag': {
      const { epsilon, tolerances, ratio, inner, cgBudget, step, xBox } = expr
      const parts = {
        epsilon,
        tolerances,
        ratio,
        inner: { ...stepping(inner.step), budget: inner.budget },
        cgBudget,
        upper: { ...(isAdaptive(step) ? step : stepping(step)), ...boxed(xBox) },
      }
      return runner(hoag(parts), hoagOutputs)
    }
  }
}

/** Runs the method that an expression names and lists its outputs. */
export const runMethod = (expr: BilevelMethodExpr, problem: BilevelProblem, course: Course): Outputs =>
  withMethod(expr, sizesOf(problem), (method, listing) => listing(passage(problem, { ...course, method })))
