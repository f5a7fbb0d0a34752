import fc from 'fast-check'
import * as N from '../../../src/numeric/index.js'
import { between, type Case, drawn, dyadic, type Of, type Reference, type Site, shapes } from './reference.js'

type None = Readonly<Record<never, never>>

const at = <P>(site: Site<P>, input: number, i: number): number => site.inputs[input]?.values[i] ?? Number.NaN

type Draw = (unit: () => number) => number

/** Elements of each input from a draw of its own; equal shapes. */
const cases = <P>(params: fc.Arbitrary<P>, draws: ReadonlyArray<Draw>): fc.Arbitrary<Case<P>> =>
  shapes.chain((shape) =>
    fc
      .tuple(params, ...draws.map((draw) => drawn(shape, draw)))
      .map(([p, ...inputs]) => ({ params: p, inputs })),
  )

/** One input: the function, its slope from the input and the result, and where it is tried. */
const unary = (
  f: (x: number) => number,
  slope: (x: number, y: number) => number,
  roundings: number,
  draw: Draw = between(-2, 2),
): Reference<None> => ({
  cases: cases<None>(fc.constant({}), [draw]),
  value: (site) => site.output.values.map((_, i) => f(at(site, 0, i))),
  slopes: (site) => (i) => [
    { input: 0, at: i, slope: slope(at(site, 0, i), site.output.values[i] ?? Number.NaN) },
  ],
  roundings,
})

const binary = (
  f: (x: number, y: number) => number,
  slopes: (x: number, y: number, out: number) => readonly [number, number],
  roundings: number,
  draws: readonly [Draw, Draw] = [dyadic, dyadic],
): Reference<None> => ({
  cases: cases<None>(fc.constant({}), draws),
  value: (site) => site.output.values.map((_, i) => f(at(site, 0, i), at(site, 1, i))),
  slopes: (site) => (i) =>
    slopes(at(site, 0, i), at(site, 1, i), site.output.values[i] ?? Number.NaN).map((slope, input) => ({
      input,
      at: i,
      slope,
    })),
  roundings,
})

const positive = between(0.25, 4)
/** Few different numbers, so that there are ties. */
const tied: Draw = (unit) => Math.round(3 * unit())
/** Away from zero, of both signs. */
const nonzero: Draw = (unit) => (unit() < 0.5 ? -1 : 1) * positive(unit)

const extreme =
  (before: (x: number, y: number) => boolean) =>
  (x: number, y: number): readonly [number, number] =>
    x === y ? [0.5, 0.5] : before(x, y) ? [1, 0] : [0, 1]

const exponents = fc.constantFrom(-3, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 2.5, 3)
const whole = fc.constantFrom(0, 1, 2, 3)

export const elementwise = {
  abs: unary(Math.abs, Math.sign, 0, dyadic),
  add: binary(
    (x, y) => x + y,
    () => [1, 1],
    0,
  ),
  cos: unary(N.cos, (x) => -N.sin(x), 2),
  div: binary(
    (x, y) => x / y,
    (_, y, out) => [1 / y, -(out / y)],
    3,
    [dyadic, nonzero],
  ),
  equal: binary(
    (x, y) => (x === y ? 1 : 0),
    () => [0, 0],
    0,
    [tied, tied],
  ),
  exp: unary(N.exp, (_, y) => y, 0),
  expm1: unary(N.expm1, N.exp, 2),
  identity: unary(
    (x) => x,
    () => 1,
    0,
    dyadic,
  ),
  less: binary(
    (x, y) => (x < y ? 1 : 0),
    () => [0, 0],
    0,
    [tied, tied],
  ),
  lessEqual: binary(
    (x, y) => (x <= y ? 1 : 0),
    () => [0, 0],
    0,
    [tied, tied],
  ),
  log: unary(N.log, (x) => 1 / x, 1, positive),
  log1p: unary(N.log1p, (x) => 1 / (1 + x), 2, between(-0.75, 3)),
  maximum: binary(
    Math.max,
    extreme((x, y) => x > y),
    0,
    [tied, tied],
  ),
  minimum: binary(
    Math.min,
    extreme((x, y) => x < y),
    0,
    [tied, tied],
  ),
  mul: binary(
    (x, y) => x * y,
    (x, y) => [y, x],
    0,
  ),
  neg: unary(
    (x) => -x,
    () => -1,
    0,
    dyadic,
  ),
  power: binary(N.pow, (x, y, out) => [y === 0 ? 0 : y * N.pow(x, y - 1), x === 0 ? 0 : out * N.log(x)], 6, [
    positive,
    between(-2, 2),
  ]),
  relu: unary(
    (x) => Math.max(x, 0),
    (x) => (x > 0 ? 1 : 0),
    0,
    dyadic,
  ),
  // As they follow from the results, whose own rounding they do not see.
  sigmoid: unary(N.sigmoid, (x, y) => y * N.sigmoid(-x), 3),
  sign: unary(Math.sign, () => 0, 0, dyadic),
  sin: unary(N.sin, N.cos, 2),
  softplus: unary(N.softplus, N.sigmoid, 2),
  sqrt: unary(Math.sqrt, (_, y) => 0.5 / y, 2, positive),
  stop: unary(
    (x) => x,
    () => 0,
    0,
    dyadic,
  ),
  sub: binary(
    (x, y) => x - y,
    () => [1, -1],
    0,
  ),
  tanh: unary(N.tanh, (_, y) => (1 - y) * (1 + y), 3, between(-1.5, 1.5)),
  pow: {
    cases: fc.oneof(
      cases<Of<'pow'>>(
        exponents.map((exponent) => ({ exponent })),
        [positive],
      ),
      cases<Of<'pow'>>(
        whole.map((exponent) => ({ exponent })),
        [dyadic],
      ),
    ),
    value: (site) => site.output.values.map((_, i) => N.pow(at(site, 0, i), site.params.exponent)),
    slopes: (site) => (i) => {
      const { exponent } = site.params
      const slope = exponent === 0 ? 0 : exponent * N.pow(at(site, 0, i), exponent - 1)
      return [{ input: 0, at: i, slope }]
    },
    roundings: 3,
  } satisfies Reference<Of<'pow'>>,
  select: {
    cases: cases<Of<'select'>>(fc.constant({}), [(unit) => Math.round(unit()), dyadic, dyadic]),
    value: (site) => site.output.values.map((_, i) => at(site, at(site, 0, i) === 0 ? 2 : 1, i)),
    slopes: (site) => (i) => [{ input: at(site, 0, i) === 0 ? 2 : 1, at: i, slope: 1 }],
    roundings: 0,
  } satisfies Reference<Of<'select'>>,
}
