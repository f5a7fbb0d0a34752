import type { Domain } from './series.js'

const power = (exponent: number): number => Number(`1e${exponent}`)

/** The exponent of the leading decimal digit. */
const decade = (x: number): number => Number(x.toExponential().split('e')[1] ?? 0)

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

/** Beyond these no picture needs to be exact, and double precision no longer is. */
const smallest = 1e-300
const largest = 1e300

/**
 * From the smallest to the largest of the positive finite values, leaving out those above `ceiling`; where there are
 * values beyond, with some room above, so that lines are seen to go there. Values that are nearly the same get a domain
 * in which they look so.
 */
export const logDomain = (values: ReadonlyArray<number>, ceiling = largest): Domain => {
  const top = Math.min(ceiling, largest)
  const shown = values.filter((x) => x >= smallest && x <= top)
  if (shown.length === 0) return { low: 0.1, high: 10 }
  const low = shown.reduce((a, b) => Math.min(a, b))
  const most = shown.reduce((a, b) => Math.max(a, b))
  const high = values.some((x) => !(x <= top)) ? Math.min(top, 2 * most) : most
  return high > 1.05 * low ? { low, high } : { low: low / 2, high: high * 2 }
}

/** Round numbers at even distances, about `count` of them. */
export const linearTicks = ({ low, high }: Domain, count = 5): ReadonlyArray<number> => {
  const raw = (high - low) / count
  if (!(raw > 0) || !Number.isFinite(raw)) return [low]
  const unit = power(decade(raw))
  const step = [1, 2, 5, 10].map((m) => m * unit).find((s) => s >= raw) ?? raw
  return range(Math.ceil(low / step), Math.floor(high / step)).map((i) => Number((i * step).toPrecision(12)))
}

/** Powers of ten, thinned or refined until there are about three to `count`. */
export const logTicks = (domain: Domain, count = 7): ReadonlyArray<number> => {
  const { low, high } = domain
  const exponents = range(decade(low), decade(high))
  const among = (mantissas: ReadonlyArray<number>): ReadonlyArray<number> =>
    exponents
      .flatMap((e) => mantissas.map((m) => Number(`${m}e${e}`)))
      .filter((x) => x > 0 && x >= low && x <= high)
  const powers = among([1])
  if (powers.length >= 3) {
    const stride = Math.ceil(powers.length / count)
    return powers.filter((x) => decade(x) % stride === 0)
  }
  const candidates = [among([1, 3]), among([1, 2, 5]), among([1, 2, 3, 4, 5, 6, 7, 8, 9])]
  return candidates.find((ticks) => ticks.length >= 3) ?? linearTicks(domain, 4)
}
