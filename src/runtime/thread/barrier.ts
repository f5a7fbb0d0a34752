import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { barrierWords } from './control.js'

/**
 * Where threads wait until all have come: a function of how many there are. The last to come wakes the others. Who waits looks at the
 * generation for a while, since most waits are shorter than falling asleep would take, and then sleeps, in the imported function
 * `sleep`, which throws when it waited for too long.
 *
 * @param control - the address of the words of control
 */
export const emitBarrier = (module: Module, control: number): ((code: Code, threads: Local) => void) => {
  const sleep = module.import('sleep', ['i32'], [])
  const meet: Func = module.function('meet', ['i32'], [], (code) => {
    const threads = code.param(0)
    const [generation, looks] = [code.local('i32'), code.local('i32')]
    const load = (offset: number): Code => code.i32(control).atomic('i32.atomic.load', offset)
    load(barrierWords.generation).set(generation)
    code.i32(control).i32(1).atomic('i32.atomic.rmw.add', barrierWords.arrived)
    code.i32(1).op('i32.add').get(threads).op('i32.eq')
    code.when(() => {
      code.i32(control).i32(0).atomic('i32.atomic.store', barrierWords.arrived)
      code.i32(control).i32(1).atomic('i32.atomic.rmw.add', barrierWords.generation).op('drop')
      load(barrierWords.sleepers)
      code.when(() => {
        code.i32(control).i32(-1).atomic('memory.atomic.notify', barrierWords.generation).op('drop')
      })
      code.op('return')
    })
    load(barrierWords.looks).set(looks)
    code.loop((again) => {
      load(barrierWords.generation).get(generation).op('i32.ne')
      code.when(() => {
        code.op('return')
      })
      code.get(looks).i32(1).op('i32.sub').tee(looks).i32(0).op('i32.gt_s')
      again()
    })
    code.get(generation).call(sleep)
  })
  return (code, threads) => {
    code.get(threads).i32(1).op('i32.gt_u')
    code.when(() => {
      code.get(threads).call(meet)
    })
  }
}
