/** The rows of rays in the table of power (power.ts). */
import fc from 'fast-check'
import { phi } from 'steplaw'
import { type RaySort, rayArbitrary, raysArbitrary } from 'steplaw/laws'
import type { RayCase } from 'steplaw/spec'
import { type Measured, rowsOf, type Statement, same } from './powerRow.js'

const along = (ray: RayCase): ((a: number) => number) => phi(ray, ray.phi)

const curvatureOf = ({ phi: family }: RayCase): number =>
  family === undefined || family.family === 'exponential' ? 0 : (family.curvature ?? 0)

const powers = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => 2 ** (from + (to < from ? -i : i)))

/** Armijo's inequality at a step, in doubles; what is not finite is not accepted. */
const accepts = (ray: RayCase, a: number, c = 0.1): boolean => {
  const v = along(ray)(a)
  return Number.isFinite(v) && v <= ray.value + c * a * ray.slope
}

const doubleRays: fc.Arbitrary<RayCase> = fc.record({
  value: fc.double(),
  slope: fc.double(),
  phi: fc.record({ family: fc.constant('quadratic' as const), curvature: fc.double() }),
})

type RayStatement = Statement<RayCase>

type Unmeasured = Omit<RayStatement, 'share' | 'double'>

const horner: Unmeasured = {
  statement: '$\\varphi(0.7) = v + 0.7\\,(s + 0.7\\,\\kappa / 2)$, bit for bit',
  reason: 'two ways to write one parabola',
  holds: (ray) => same(along(ray)(0.7), ray.value + 0.7 * (ray.slope + (0.7 * curvatureOf(ray)) / 2)),
}

const descends: Unmeasured = {
  statement: 'the slope is below zero',
  reason: 'a direction taken for a descent',
  holds: ({ slope }) => slope < 0,
}

const acceptsNaN: Unmeasured = {
  statement: 'the first of $8, 4, 2, \\dots$ that is not worse has a finite value',
  reason: 'accepting with `!(v > target)`, which NaN passes',
  holds: (ray) => {
    const at = along(ray)
    const taken = powers(3, -20).find((a) => !(at(a) > ray.value))
    return taken === undefined || Number.isFinite(at(taken))
  },
}

const fewHalvings = (halvings: number): Unmeasured => ({
  statement: `${halvings} halvings of the step 1 suffice for Armijo's inequality`,
  reason: 'a budget taken for granted, the last trial returned',
  holds: (ray) => !(ray.slope < 0) || powers(0, -halvings).some((a) => accepts(ray, a)),
})

const raysOf = (sort: RaySort, ...statements: ReadonlyArray<RayStatement>): ReadonlyArray<Measured> =>
  rowsOf(`rayArbitrary({ sorts: ['${sort}'] })`, rayArbitrary({ sorts: [sort] }), doubleRays, statements)

/** What rays refute, sort by sort and all together. */
export const rays: ReadonlyArray<Measured> = [
  ...raysOf(
    'dyadic',
    {
      statement: '$\\varphi(1/2) = v + \\frac12 (s + \\frac12 \\kappa / 2)$, bit for bit',
      reason: 'true: no rounding',
      holds: (ray) => same(along(ray)(0.5), ray.value + 0.5 * (ray.slope + (0.5 * curvatureOf(ray)) / 2)),
      share: 0,
      double: 0.004,
    },
    {
      statement: "the first of $8, 4, 2, \\dots$ that lowers the value satisfies Armijo's inequality",
      reason: 'plain decrease taken for sufficient decrease',
      holds: (ray) => {
        const taken = powers(3, -20).find((a) => along(ray)(a) < ray.value)
        return taken === undefined || accepts(ray, taken, 0.5)
      },
      share: 0.681,
      double: 0.076,
    },
  ),
  ...raysOf('oneBinade', { ...horner, share: 0.45, double: 0.013 }),
  ...raysOf('illScaled', {
    statement: 'the least of $\\varphi$, at $-s / \\kappa$, is below $v$',
    reason: 'a descent that drowns in the value: the point does not move, the search believes it did',
    holds: (ray) => {
      const a = -ray.slope / curvatureOf(ray)
      return !(ray.slope < 0 && a < Number.POSITIVE_INFINITY && a > 0) || along(ray)(a) < ray.value
    },
    share: 0.079,
    double: 0.107,
  }),
  ...raysOf('broken', { ...acceptsNaN, share: 0.688, double: 0.087 }),
  ...raysOf(
    'flat',
    { ...descends, share: 0.666, double: 0.506 },
    {
      statement: "a step that passes Armijo's inequality lowers the value",
      reason: 'a step accepted that goes nowhere, for ever',
      holds: (ray) => !accepts(ray, 1) || along(ray)(1) < ray.value,
      share: 0.112,
      double: 0.303,
    },
  ),
  ...raysOf(
    'concave',
    {
      statement: 'the Newton step $-s / \\kappa$ is positive',
      reason: 'a curvature taken for positive',
      holds: (ray) => -ray.slope / curvatureOf(ray) > 0,
      share: 0.666,
      double: 0.59,
    },
    {
      statement: "where a step satisfies Armijo's inequality, its half does",
      reason: 'the steps that are accepted taken for an interval from 0, as a search by bisection does',
      holds: (ray) => powers(-8, 8).every((a) => !accepts(ray, a) || accepts(ray, a / 2)),
      share: 0.098,
      double: 0.001,
    },
  ),
  ...raysOf(
    'stiff',
    { ...fewHalvings(10), share: 0.988, double: 0.092 },
    { ...fewHalvings(100), share: 0.152, double: 0.077 },
  ),
  ...rowsOf('rayArbitrary()', rayArbitrary(), doubleRays, [
    { ...descends, share: 0.159, double: 0.506 },
    { ...acceptsNaN, share: 0.104, double: 0.087 },
    { ...fewHalvings(10), share: 0.264, double: 0.092 },
  ]),
  ...rowsOf('raysArbitrary()', raysArbitrary(), fc.array(doubleRays, { minLength: 1, maxLength: 5 }), [
    {
      statement: 'the least value so far is the latest',
      reason: 'a running minimum that forgets',
      holds: (run) => {
        const values = run.map(({ value }) => value).filter((v) => !Number.isNaN(v))
        return values.length === 0 || Math.min(...values) === values[values.length - 1]
      },
      share: 0.531,
      double: 0.533,
    },
  ]),
]
