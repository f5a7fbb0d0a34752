import type { Equation, IR } from './ir.js'
import { showType } from './shape.js'

/** `a` .. `z`, `aa`, `ab`, ... */
const nameOf = (id: number): string =>
  (id < 26 ? '' : nameOf(Math.floor(id / 26) - 1)) + String.fromCharCode(97 + (id % 26))

const showNumber = (x: number): string => (Object.is(x, -0) ? '-0' : String(x))

const showParam = (value: unknown, limit: number): string => {
  if (typeof value === 'number') return showNumber(value)
  if (!Array.isArray(value)) return String(value)
  const shown = value.slice(0, limit).map((v) => showParam(v, limit))
  return `[${shown.join(',')}${value.length > limit ? ',...' : ''}]`
}

/** Flags that are off and shapes that the result repeats are left out. */
const showParams = (e: Equation, limit: number): string =>
  Object.entries(e.params)
    .filter(([key, value]) => value !== false && key !== 'shape')
    .map(([key, value]) => (value === true ? key : `${key}=${showParam(value, limit)}`))
    .join(' ')

const showEquation = (e: Equation, name: (id: number) => string, limit: number): string => {
  const params = showParams(e, limit)
  const inputs = e.inputs.map(name).join(', ')
  return `${e.primitive}(${inputs}${params === '' ? '' : `${inputs === '' ? '' : '; '}${params}`})`
}

const render = (ir: IR, limit: number): string => {
  const n = ir.inputs.length
  return [
    `(${ir.inputs.map((x, i) => `${nameOf(i)}: ${showType(x)}`).join(', ')}) =>`,
    ...ir.equations.map((e, i) => `  ${nameOf(n + i)}: ${showType(e)} = ${showEquation(e, nameOf, limit)}`),
    `  return ${ir.outputs.map(nameOf).join(', ')}`,
  ].join('\n')
}

/**
 * A program as text, one equation a line.
 *
 * @example
 * ```ts
 * import { mul, show, sum, trace } from 'steplaw/autodiff'
 *
 * const program = trace((x) => sum(mul(x, 2)), [{ shape: [3], type: 'f64' }])
 * show(program).split('\n')[1] // => '  b: f64[3] = constant(value=2)'
 * ```
 * @category Program
 * @since 0.1.0
 */
export const show = (ir: IR): string => render(ir, 8)

/** Equations with the same key, and only they, compute the same value from the same inputs. */
export const equationKey = (e: Equation, inputs: ReadonlyArray<number>): string =>
  `${showType(e)}${showEquation({ ...e, inputs: [] }, nameOf, Number.POSITIVE_INFINITY)}${inputs.join(',')}`

/**
 * Sixteen hexadecimal digits of two 32-bit FNV-1a hashes over the whole text of a program. Equal programs have equal
 * hashes; it is a key for caches, not a defence against forgery.
 *
 * @example
 * ```ts
 * import { exp, hash, trace } from 'steplaw/autodiff'
 *
 * const program = () => trace((x) => exp(x), [{ shape: [], type: 'f64' }])
 * hash(program()) === hash(program()) // => true
 * ```
 * @category Program
 * @since 0.1.0
 */
export const hash = (ir: IR): string => {
  const text = render(ir, Number.POSITIVE_INFINITY)
  const digest = (seed: number): string => {
    let h = seed
    for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    return (h >>> 0).toString(16).padStart(8, '0')
  }
  return digest(0x811c9dc5) + digest(0x2b5d1f63)
}
