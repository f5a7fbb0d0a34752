import fc from 'fast-check'
import type { PhiFamily, RayCase } from '../conformance/case.js'
import { rayArbitrary } from './arbitrary/ray.js'

/** Whether a rule marked (D) may answer on a ray (the standard, chapter Rays). */
export const descends = ({ value, slope }: RayCase): boolean =>
  Number.isFinite(value) && Number.isFinite(slope) && slope < 0

/** The lower bound that a ray declares: 0 unless it says. */
export const lowerBound = ({ lowerBound: bound = 0 }: RayCase): number | null => bound

/** The gap to the lower bound; null where none is declared. */
export const gap = (ray: RayCase): number | null => {
  const bound = lowerBound(ray)
  return bound === null || Number.isNaN(bound) ? null : ray.value - bound
}

/** An upper bound of the relative error of `m` roundings: $m u / (1 - m u)$ with $u = 2^{-53}$. */
export const gamma = (m: number): number => (m * 2 ** -53) / (1 - m * 2 ** -53)

const few = (): fc.Arbitrary<number> => fc.integer({ min: 1, max: 64 }).map((n) => n / 16)

/**
 * Descending parabolas with curvature above zero and a bound below their minimum, over many scales: rays on which theory
 * says what a search or a Polyak step does.
 */
export const parabola = (): fc.Arbitrary<RayCase> =>
  fc
    .record({
      slope: few(),
      curvature: few(),
      scale: fc.integer({ min: -6, max: 10 }),
      above: fc.oneof(few(), fc.constant(0)),
      value: fc.integer({ min: -64, max: 64 }),
    })
    .map(({ slope, curvature: q, scale, above, value }) => {
      const curvature = q * 2 ** scale
      const lowest = value - (slope * slope) / (2 * curvature)
      // The bound is rounded down: it lies below the minimum in exact arithmetic too.
      return {
        value,
        slope: -slope,
        lowerBound: lowest - above - 2 ** -30,
        phi: { family: 'quadratic', curvature },
      }
    })

/** A parabola that is no number beyond some step. */
const broken = (): fc.Arbitrary<RayCase> =>
  fc
    .tuple(parabola(), fc.integer({ min: -4, max: 2 }), fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY))
    .map(([ray, e, value]) => ({
      ...ray,
      phi: { family: 'quadratic', ...ray.phi, beyond: { step: 2 ** e, value } },
    }))

/** Rays of every sort, with more parabolas, whole and broken, than others: what searches are tried on. */
export const searched = (): fc.Arbitrary<RayCase> => fc.oneof(parabola(), broken(), rayArbitrary())

/** Parabolas, rays without a gap, and rays uphill, in turn: a Polyak step on them is positive, 0, and a failure. */
export const uneven = (): fc.Arbitrary<ReadonlyArray<RayCase>> =>
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: parabola() },
      parabola().map((ray) => ({ ...ray, lowerBound: ray.value })),
      parabola().map((ray) => ({ ...ray, slope: -ray.slope })),
    ),
    { minLength: 2, maxLength: 5 },
  )

const numbers = (u: unknown): ReadonlyArray<number> =>
  typeof u === 'number' ? [u] : typeof u === 'object' && u !== null ? Object.values(u).flatMap(numbers) : []

/** Whether no number of a ray is so large or small that squares of its multiples overflow or underflow. */
export const tame = (ray: RayCase): boolean =>
  numbers({ ...ray, k: 0 }).every(
    (x) => x === 0 || !Number.isFinite(x) || (Math.abs(x) > 2 ** -60 && Math.abs(x) < 2 ** 60),
  )

const stretched = (phi: PhiFamily, size: number, units: number): PhiFamily => {
  const square = size * size
  const beyond =
    phi.beyond === undefined
      ? {}
      : {
          beyond: {
            ...phi.beyond,
            step: phi.beyond.step / size,
            value: units * phi.beyond.value,
            ...(phi.beyond.slope === undefined ? {} : { slope: units * size * phi.beyond.slope }),
          },
        }
  switch (phi.family) {
    case 'quadratic':
      return { ...phi, ...beyond, curvature: units * square * (phi.curvature ?? 0) }
    case 'quartic':
      return {
        ...phi,
        ...beyond,
        curvature: units * square * (phi.curvature ?? 0),
        quartic: units * square * square * (phi.quartic ?? 0),
      }
    case 'exponential':
      return { ...phi, ...beyond, weight: units * phi.weight, rate: size * phi.rate }
  }
}

const map = <A>(x: A | null, f: (x: A) => A): A | null => (x === null ? null : f(x))

/**
 * The same ray in other units: losses are multiplied by `units`, the direction by `size`, the gradient by `units`. With powers of
 * two nothing is rounded, unless it underflows.
 */
export const inUnits = (
  ray: RayCase,
  { size, units }: { readonly size: number; readonly units: number },
): RayCase => {
  const {
    value,
    slope,
    phi,
    lowerBound: bound,
    solutionValue,
    executed,
    gg,
    dd,
    secant,
    alignment,
    ...rest
  } = ray
  const loss = (x: number | null): number | null => map(x, (v) => units * v)
  return {
    ...rest,
    value: units * value,
    slope: units * size * slope,
    ...(phi === undefined ? {} : { phi: stretched(phi, size, units) }),
    ...(bound === undefined ? {} : { lowerBound: loss(bound) }),
    ...(solutionValue === undefined ? {} : { solutionValue: loss(solutionValue) }),
    ...(executed === undefined ? {} : { executed: map(executed, (a) => a / size) }),
    gg: units * units * (gg ?? -slope),
    dd: size * size * (dd ?? -slope),
    ...(secant === undefined
      ? {}
      : { secant: map(secant, ([ss, sy, yy]) => [ss, units * sy, units * units * yy] as const) }),
    ...(alignment === undefined ? {} : { alignment: units * alignment }),
  }
}
