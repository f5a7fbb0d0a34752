/** Where the elementary functions are measured: everywhere, and most of all where their definitions change. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Elementary, Reference } from './reference.js'

/** What a point is drawn with. */
export interface Chance {
  /** Uniform in [0, 1). */
  readonly unit: () => number
  readonly between: (low: number, high: number) => number
  readonly below: (n: number) => number
}

export const chance = (seed: number): Chance => {
  const generator = xoroshiro128plus(seed)
  const unit = (): number => uniformFloat64(generator)
  return {
    unit,
    between: (low, high) => low + (high - low) * unit(),
    below: (n) => Math.floor(n * unit()),
  }
}

const register = new DataView(new ArrayBuffer(8))

/** The double so many places after another; the order of doubles crosses zero. */
export const neighbour = (x: number, places: number): number => {
  register.setFloat64(0, x)
  const bits = register.getBigInt64(0)
  const place = (bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits) + BigInt(places)
  register.setBigInt64(0, place < 0n ? -place | -0x8000_0000_0000_0000n : place)
  return register.getFloat64(0)
}

/** A double in a binade: $2^{e}$ times a significand in $[1, 2)$; every double below $2^{-1022}$ for $e = -1023$. */
const inBinade = ({ below }: Chance, exponent: number): number => {
  register.setUint32(0, ((exponent + 1023) << 20) | below(2 ** 20))
  register.setUint32(4, below(2 ** 32))
  return register.getFloat64(0)
}

/** A point: the argument, for `pow` the base with its exponent. */
export type Point = readonly [x: number, y: number]

export interface Domain {
  /** In words, for the table. */
  readonly words: string
  /** The binades of |x|, and whether x may be negative. */
  readonly binades: readonly [number, number]
  readonly negative: boolean
  /** Intervals where most happens. */
  readonly intervals: ReadonlyArray<readonly [number, number]>
  /** Where a definition changes its formula; those that come again and again are functions of chance. */
  readonly seams: ReadonlyArray<number>
  readonly recurring?: (c: Chance, reference: Reference) => number
}

const { LN2, SQRT2, PI } = Math
/** Where the exponent of `exp` changes, $(k + 1/2) \ln 2$. */
const exponentStep = ({ below }: Chance): number => (below(2100) - 1075 + 0.5) * LN2
/** Where the exponent of `log` changes: multiples of $\sqrt 2$ by powers of two, to the 20 bits that decide. */
const binadeStep = ({ below }: Chance): number => SQRT2 * 2 ** (below(2096) - 1074)
/** Twice as often small as not, since arguments of a network are small. */
const anyAngle = (c: Chance): number => inBinade(c, c.below(3) === 0 ? c.below(1024) : c.below(28))

/** At or near a zero of the sine or the cosine, or midway, where the quadrant changes. */
const angleStep = (c: Chance, { nearMultiple }: Reference): number => {
  const zero = nearMultiple(anyAngle(c))
  return c.below(4) === 0 ? zero + PI / 4 : zero
}

const EXP_SEAMS = [
  0, 1, -1, 709.78, 709.782712893384, 709.79, 710, -708.3964185322641, -745.1332191019412, -745.14,
]
const LOG_SEAMS = [1, 0.5, 2, Math.SQRT1_2, SQRT2, 2.2250738585072014e-308, 5e-324, Number.MAX_VALUE]
/** The double that is nearest to a multiple of $\pi/2$ relative to its size, $6381956970095103 \cdot 2^{797}$. */
const WORST_ANGLE = 6381956970095103 * 2 ** 797

const angles: Domain = {
  words: 'all angles',
  binades: [-1023, 1023],
  negative: true,
  intervals: [
    [-PI, PI],
    [-1000, 1000],
    [-1.7e6, 1.7e6],
  ],
  seams: [0, PI / 4, PI / 2, PI, 1.6e6, WORST_ANGLE, 2 ** 20 * (PI / 2), 1e22, Number.MAX_VALUE],
  recurring: angleStep,
}

export const domains: { readonly [N in Elementary]: Domain } = {
  exp: {
    words: '$[-746, 710]$',
    binades: [-1023, 9],
    negative: true,
    intervals: [
      [-746, 710],
      [-2, 2],
    ],
    seams: EXP_SEAMS,
    recurring: exponentStep,
  },
  expm1: {
    words: '$[-746, 710]$',
    binades: [-1023, 9],
    negative: true,
    intervals: [
      [-45, 45],
      [-1, 1],
      [40, 710],
      [-41, -35],
    ],
    seams: [...EXP_SEAMS, 40, -40, LN2 / 2, -LN2 / 2],
    recurring: exponentStep,
  },
  log: {
    words: '$x > 0$',
    binades: [-1023, 1023],
    negative: false,
    intervals: [
      [0.5, 2],
      [0.99, 1.01],
    ],
    seams: LOG_SEAMS,
    recurring: binadeStep,
  },
  log1p: {
    words: '$x > -1$',
    binades: [-1023, 1023],
    negative: true,
    intervals: [
      [-1, 2],
      [-0.3, 0.42],
      [-1, -0.99],
    ],
    seams: [0, 1, -0.5, -0.2928932188134524, 0.414213562373095, neighbour(-1, -1), 2 ** 53, 2 ** 54],
    recurring: (c) => binadeStep(c) - 1,
  },
  sin: angles,
  cos: angles,
  tanh: {
    words: 'all $x$',
    binades: [-1023, 1023],
    negative: true,
    intervals: [
      [-21, 21],
      [-1, 1],
      [0.4, 0.6],
      [1e-9, 1e-6],
    ],
    seams: [0, 1e-8, 0.5, 20, LN2 / 4],
    recurring: (c) => exponentStep(c) / 2,
  },
  sigmoid: {
    words: '$[-746, 710]$',
    binades: [-1023, 9],
    negative: true,
    intervals: [
      [-746, 40],
      [-3, 3],
    ],
    seams: EXP_SEAMS,
    recurring: exponentStep,
  },
  softplus: {
    words: 'all $x$',
    binades: [-1023, 1023],
    negative: true,
    intervals: [
      [-746, 746],
      [-3, 3],
      [20, 45],
    ],
    seams: [...EXP_SEAMS, 0.881373587019543],
    recurring: exponentStep,
  },
  sqrt: {
    words: '$x > 0$',
    binades: [-1023, 1023],
    negative: false,
    intervals: [[0.5, 2]],
    seams: LOG_SEAMS,
  },
  pow: {
    words: 'bases of all sizes',
    binades: [-1023, 1023],
    negative: false,
    intervals: [
      [0.5, 2],
      [0.999, 1.001],
      [1, 1000],
    ],
    seams: LOG_SEAMS,
    recurring: binadeStep,
  },
}

const places = (c: Chance): number => {
  const far = 2 ** c.below(20)
  return c.below(2 * far + 1) - far
}

/** An exponent for a base: any that leads into the range, one that people write, or an integer for a negative base. */
const withExponent = (c: Chance, x: number): Point => {
  const logarithm = Math.log(x)
  switch (c.below(6)) {
    case 0:
      return [x, (c.below(33) - 16) / 2]
    case 1:
      return [x, c.between(-8, 8)]
    case 2:
      return [-x, c.below(81) - 40]
    case 3:
      // At the ends of the range.
      return [x, (c.below(2) === 0 ? c.between(709, 710) : c.between(-746, -708)) / logarithm]
    default:
      return [x, c.between(-746, 710) / logarithm]
  }
}

/** Draws a point of the domain of a function. */
export const draw = (name: Elementary, c: Chance, reference: Reference): Point => {
  const { binades, negative, intervals, seams, recurring } = domains[name]
  const pick = <A>(from: ReadonlyArray<A>, none: A): A => from[c.below(from.length)] ?? none
  const argument = (): number => {
    switch (c.below(5)) {
      case 0:
      case 1: {
        const x = inBinade(c, binades[0] + c.below(binades[1] - binades[0] + 1))
        return negative && c.below(2) === 0 ? -x : x
      }
      case 2:
        return c.between(...pick(intervals, [0, 1]))
      case 3: {
        const seam = neighbour(pick(seams, 1), places(c))
        return negative && c.below(2) === 0 ? -seam : seam
      }
      default: {
        const x = recurring?.(c, reference) ?? c.between(...pick(intervals, [0, 1]))
        // Mostly the point itself and its neighbours.
        return neighbour(x, c.below(2) === 0 ? c.below(5) - 2 : places(c))
      }
    }
  }
  for (;;) {
    const x = argument()
    if (!Number.isFinite(x) || (!negative && x <= 0) || (name === 'log1p' && x <= -1)) continue
    return name === 'pow' ? withExponent(c, x) : [x, 0]
  }
}
