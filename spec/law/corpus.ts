import { idle } from './draws.js'
import type { Given } from './law.js'

/**
 * A counterexample that was found once: of which law, by what fault, and the case.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Found {
  readonly law: string
  /** The fault that it brought to light. */
  readonly fault: string
  readonly given: Given
}

/**
 * The counterexamples ever found, shrunk. Every trial of a law begins with those of the law, so that what was mended once
 * stays mended, in every library.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { corpus } from 'steplaw/laws'
 *
 * corpus.every(({ given }) => given.rays.length > 0) // => true
 * ```
 */
export const corpus: ReadonlyArray<Found> = [
  {
    law: 'meaning.polyak',
    fault: 'The law wanted a finite step where the slope is so small that the quotient overflows.',
    given: {
      ...idle,
      factor: 0.0625,
      rays: [
        { lowerBound: -1, value: 0, slope: -8.900295434028806e-308 },
        { lowerBound: -0.03125, value: 0, slope: -0.0625, phi: { family: 'quadratic', curvature: 0.0625 } },
      ],
    },
  },
  {
    law: 'armijo.complete',
    fault:
      'The law took a search for one that gives up where its start, the gap over a vanishing slope, was 0.',
    given: {
      ...idle,
      a: {
        rule: 'armijo',
        start: { rule: 'polyak', c: 0.25, target: 'lowerBound' },
        c: 0.25,
        shrink: 0.5,
        budget: 6,
        slack: 0,
      },
      rays: [
        {
          value: 0,
          slope: -8.271806125530277e-25,
          phi: { family: 'quadratic', curvature: 0.0009765625 },
        },
      ],
    },
  },
  {
    law: 'max.remembers',
    fault: 'A maximum that asked every operand, and dropped the new state of those that did not win.',
    given: {
      ...idle,
      a: {
        rule: 'runningMin',
        of: {
          rule: 'product',
          of: [
            { rule: 'constant', step: 8 },
            { rule: 'power', initial: 1, exponent: -3 },
          ],
        },
      },
      rays: [
        { value: 1, slope: -1 },
        { value: 1, slope: -1 },
      ],
    },
  },
  {
    law: 'meaning.runningMin',
    fault: 'A running minimum that remembers a zero: one solved batch ends the run.',
    given: {
      ...idle,
      a: { rule: 'polyak', c: 1, target: 'lowerBound' },
      rays: [
        { value: 0, slope: -1 },
        { value: 1, slope: -1 },
      ],
    },
  },
  {
    law: 'armijo.certificate',
    fault: 'A search that takes its last trial when the budget ends, though it was rejected.',
    given: {
      ...idle,
      a: {
        rule: 'armijo',
        start: { rule: 'constant', step: 64 },
        c: 0.25,
        shrink: 0.5,
        budget: 6,
        slack: 0,
      },
      rays: [{ value: 1, slope: -1, phi: { family: 'quadratic', curvature: 16 } }],
    },
  },
  {
    law: 'machine.innocent',
    fault: 'All runs of `never` shared one initial state, an array that whoever was handed it could change.',
    given: { ...idle, a: { rule: 'never' } },
  },
]
