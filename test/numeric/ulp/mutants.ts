/** Faults put into the sources of the elementary functions, for the measurement to find. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import ts from 'typescript'
import type { Elementary } from './reference.js'

export interface Mutant {
  readonly of: Elementary
  readonly file: string
  readonly from: string
  readonly to: string
}

const mutant = (of: Elementary, file: string, from: string, to: string): Mutant => ({ of, file, from, to })

/** Coefficients a little off, a part of a constant left out, a boundary moved, a correction forgotten. */
export const mutants: ReadonlyArray<Mutant> = [
  mutant('exp', 'exponential', '1 / 40320', '1 / 40319'),
  mutant('exp', 'exponential', 'LN2_LOW = 1.9082149292705877e-10', 'LN2_LOW = 1.90821493e-10'),
  mutant('exp', 'exponential', 'x <= 709.79', 'x <= 709.78'),
  mutant('exp', 'exponential', 'x < -745.14', 'x < -720'),
  mutant('exp', 'bits', 'const half = k >> 1', 'const half = Math.max(k, -1022)'),
  mutant('expm1', 'exponential', 'const difference = head - 1', 'const difference = head - 1 + tail'),
  mutant('expm1', 'exponential', 'x < -40', 'x < -36'),
  mutant('expm1', 'exponential', 'x === 0 ? x : x + beyondLinear(x)', 'exp(x) - 1'),
  mutant('log', 'logarithm', '0.22222198432149784', '0.2222219'),
  mutant('log', 'logarithm', '+ 54 : 1023)\n  const f', '+ 53 : 1023)\n  const f'),
  mutant('log', 'logarithm', 'f + beyondLinear(f, k * LN2_LOW)', 'f + beyondLinear(f, 0)'),
  mutant('log1p', 'logarithm', 'k > 53 ? 0', 'k > 0 ? 0'),
  mutant('log1p', 'logarithm', 'x < 0.414213562373095', 'x < 0.9'),
  mutant('sin', 'trigonometric', 'HALF_PI_4 = 8.4784276603689e-32', 'HALF_PI_4 = 0'),
  mutant('sin', 'trigonometric', 'LARGE = 1.6e6', 'LARGE = 1.6e8'),
  mutant('sin', 'trigonometric', '2.7557313707070068e-6', '2.7557313e-6'),
  mutant('cos', 'trigonometric', '1ff897ffde05980fef2f', '1ff897ffde05980fef3f'),
  mutant('cos', 'trigonometric', '-0.001388888888887411', '-0.0013888888888'),
  mutant('tanh', 'sigmoid', 'a < 1e-8', 'a < 1e-7'),
  mutant('tanh', 'sigmoid', 'a >= 0.5', 'a >= 0.1'),
  mutant('sigmoid', 'sigmoid', 'e / (1 + e)', '1 - 1 / (1 + e)'),
  mutant('softplus', 'sigmoid', 'x > 0 ? x + tail : tail', 'x > 30 ? x : x > 0 ? x + tail : tail'),
  mutant('pow', 'power', 'expOfSum(t.hi, t.lo)', 'expOfSum(t.hi, 0)'),
  mutant('pow', 'logarithm', 'hi: 1 / 3, lo: 1.850371707708594e-17', 'hi: 1 / 3, lo: 0'),
  mutant('pow', 'power', 'Math.sqrt(a)', 'positivePower(a, 0.5000000000000001)'),
]

const folder = join(import.meta.dirname, '../../../src/numeric')

/** The function with the fault, from the sources. */
export const mutated = ({ of, file, from, to }: Mutant): ((x: number, y: number) => number) => {
  const loaded = new Map<string, Record<string, unknown>>()
  const load = (name: string): Record<string, unknown> => {
    const known = loaded.get(name)
    if (known !== undefined) return known
    const text = readFileSync(join(folder, `${name}.ts`), 'utf8')
    if (name === file && text.split(from).length !== 2)
      throw new Error(`${name}.ts has ${text.split(from).length - 1} places with ${from}, expected one`)
    const { outputText } = ts.transpileModule(name === file ? text.replace(from, to) : text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    })
    const exported: Record<string, unknown> = {}
    loaded.set(name, exported)
    const require = (path: string): unknown => load(path.replace(/^\.\/|\.js$/g, ''))
    compileFunction(outputText, ['require', 'exports'])(require, exported)
    return exported
  }
  const f = load('index')[of]
  if (typeof f !== 'function') throw new Error(`there is no ${of}`)
  return (x, y) => Number(f(x, y))
}
