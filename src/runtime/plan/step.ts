import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'

/**
 * What a kernel is called with: an address that moves with the first item of the call (by `per` bytes an item, or eight bytes a
 * block of items), the number of items, or a fixed number.
 */
export type Argument =
  | { readonly at: number; readonly per: number }
  | { readonly at: number; readonly perBlock: number }
  | { readonly fixed: number }
  | { readonly count: true }

/** A kernel and what it is called with. Its items can be done in any order, by any thread. */
export interface Step {
  readonly kernel: Func
  readonly arguments: ReadonlyArray<Argument>
  readonly items: number
  /** Calls begin at multiples of it, and none has more items than it: a call is short, so that its code is soon optimised. */
  readonly grain: number
  /** Whether it is worth a second thread. */
  readonly alone: boolean
}

/** Steps that do not read what another of them writes. */
export type Stage = ReadonlyArray<Step>

const argument = (code: Code, a: Argument, first: Local, count: Local): void => {
  if ('fixed' in a) code.i32(a.fixed)
  else if ('count' in a) code.get(count)
  else if ('perBlock' in a)
    code.get(first).i32(a.perBlock).op('i32.div_u').i32(8).op('i32.mul').i32(a.at).op('i32.add')
  else if (a.per === 0) code.i32(a.at)
  else code.get(first).i32(a.per).op('i32.mul').i32(a.at).op('i32.add')
}

/** Does the items of a step from `first` to `end`, a grain at a time. */
const inGrains = (code: Code, step: Step, first: Local, end: Local, count: Local): void => {
  const { kernel, grain, arguments: given } = step
  code
    .get(first, end)
    .op('i32.lt_u')
    .when(() => {
      code.loop((again) => {
        code.get(end, first).op('i32.sub').tee(count).i32(grain).op('i32.gt_u')
        code.when(() => {
          code.i32(grain).set(count)
        })
        for (const a of given) argument(code, a, first, count)
        code.call(kernel)
        code.get(first, count).op('i32.add').tee(first).get(end).op('i32.lt_u')
        again()
      })
    })
}

/** Calls a step whose one grain holds all of it. */
const atOnce = (code: Code, { kernel, arguments: given, items }: Step): void => {
  for (const a of given) code.i32('fixed' in a ? a.fixed : 'count' in a ? items : a.at)
  code.call(kernel)
}

/**
 * The whole plan as one function of the number of this thread and of how many there are: every thread runs it, does its share of
 * each step, and waits for the others before the next stage.
 */
export const emitRun = (
  module: Module,
  name: string,
  stages: ReadonlyArray<Stage>,
  barrier: (code: Code, threads: Local) => void,
): Func =>
  module.function(name, ['i32', 'i32'], [], (code) => {
    const [thread, threads] = [code.param(0), code.param(1)]
    const [first, end, count, share] = [0, 1, 2, 3].map(() => code.local('i32')) as [
      Local,
      Local,
      Local,
      Local,
    ]
    stages.forEach((stage, s) => {
      for (const step of stage) {
        if (step.items === 0) continue
        if (step.alone || step.items <= step.grain) {
          code.get(thread).op('i32.eqz')
          code.when(() => {
            if (step.items <= step.grain) atOnce(code, step)
            else {
              code.i32(0).set(first).i32(step.items).set(end)
              inGrains(code, step, first, end, count)
            }
          })
          continue
        }
        // A thread's share is a whole number of grains: cutting moves no bit.
        const grains = Math.ceil(step.items / step.grain)
        code.i32(grains).get(threads).op('i32.add').i32(1).op('i32.sub').get(threads).op('i32.div_u')
        code.i32(step.grain).op('i32.mul').set(share)
        code.get(thread, share).op('i32.mul').set(first)
        code.get(first, share).op('i32.add').set(end)
        code.get(end).i32(step.items).op('i32.gt_u')
        code.when(() => {
          code.i32(step.items).set(end)
        })
        inGrains(code, step, first, end, count)
      }
      if (s < stages.length - 1) barrier(code, threads)
    })
  })
