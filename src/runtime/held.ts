import { typeOf } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { size } from '../autodiff/shape.js'
import { compileInto, type Given, type Place } from './compiled.js'
import { hoist, stages } from './hoist.js'
import { computed } from './hoisted.js'
import type { Tuning } from './plan/tuning.js'
import type { Make, Prepared } from './prepared.js'
import { knownOf, outputsOf, type Parts, type StagedProgram } from './staged.js'
import type { Workshop } from './workshop.js'

/** What a staged program is held in. */
export interface Hold {
  readonly workshop: () => Workshop
  readonly tuning: Tuning
  /** A program of the engine. */
  readonly prepare: (make: Make) => Prepared
}

/**
 * A staged program in the memory of an engine. The point lies there once, and what is computed from it stays where it is: the
 * programs of the parts read it in its place.
 */
export class Held {
  readonly #program: StagedProgram
  readonly #hold: Hold
  #at: { readonly workshop: Workshop; readonly parts: Parts; readonly release: () => void } | null = null

  constructor(program: StagedProgram, hold: Hold) {
    this.#program = program
    this.#hold = hold
  }

  /** The parts, which are others when the memory was given up. */
  parts(): Parts {
    const workshop = this.#hold.workshop()
    if (this.#at?.workshop === workshop) return this.#at.parts
    this.#at = { workshop, ...this.#compile(workshop) }
    return this.#at.parts
  }

  #compile(workshop: Workshop): { readonly parts: Parts; readonly release: () => void } {
    const { arena } = workshop
    const into = { ...workshop, tuning: this.#hold.tuning }
    const { ir, inputs, parts } = this.#program
    const isData = (input: StagedProgram['inputs'][number]) => typeof input !== 'string'
    const ahead = hoist(ir, inputs.map(isData))
    const values =
      ahead.once === null
        ? []
        : computed(
            into,
            ahead.once,
            inputs.filter((input) => typeof input !== 'string'),
          )
    const all = [...inputs, ...values]
    const pieces: Array<readonly [at: number, bytes: number]> = []
    const point: Array<Float64Array | Int32Array> = []
    const places = all.map((input, i): Given[number] => {
      if (typeof input !== 'string') return input
      if (input === 'call') return null
      const { shape, type } = typeOf(ahead.each, i)
      const bytes = size(shape) * (type === 'f64' ? 8 : 4)
      const address = arena.take(bytes)
      pieces.push([address, bytes])
      point.push(type === 'f64' ? arena.doubles(address, size(shape)) : arena.integers(address, size(shape)))
      return { address }
    })
    const known = places.filter((place) => place !== null)
    const kept: Place[] = []
    const prepared: Prepared[] = []
    const program = (make: Make): Prepared => {
      const made = this.#hold.prepare(make)
      prepared.push(made)
      return made
    }
    const release = (): void => {
      for (const made of prepared) made.release()
      for (const [at, bytes] of pieces) arena.give(at, bytes)
    }
    try {
      const made = stages(ahead.each, knownOf(all), outputsOf(ahead.each, parts)).map(({ once, each }) => {
        const before = [...known, ...kept]
        const first = once === null ? null : program((place) => compileInto(place, once, before))
        kept.push(...(first?.prepare().compiled.results ?? []))
        const given = [...places, ...kept]
        return { first, rest: program((place) => compileInto(place, each, given)) }
      })
      const at = (part: number) => made[part] ?? fail('part', `there is no part ${part}`)
      return {
        parts: {
          point,
          once: (part) => at(part).first?.run([], null),
          each: (part, call, outputs) => at(part).rest.run(call, outputs),
        },
        release,
      }
    } catch (error) {
      release()
      throw error
    }
  }

  /** Gives its memory back. */
  release(): void {
    this.#at?.release()
    this.#at = null
  }
}
