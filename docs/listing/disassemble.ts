/** WebAssembly as text, by the tools of the WebAssembly project, with the names that functions are exported under. */
import wabt from 'wabt'

export interface Disassembled {
  /** The lines of each function, by its name. */
  readonly functions: ReadonlyMap<string, ReadonlyArray<string>>
  /** What comes from outside, in the order of the imports. */
  readonly imports: ReadonlyArray<string>
}

/** A line of a function; calls bear the name of what they call. */
const named = (line: string, names: ReadonlyMap<number, string>): string =>
  line.replace(/\bcall (\d+)/, (call, number) => `${call} ;; ${names.get(Number(number)) ?? 'unknown'}`)

export const disassemble = async (binary: Uint8Array): Promise<Disassembled> => {
  const { readWasm } = await wabt()
  const module = readWasm(binary, { simd: true, threads: true, bulk_memory: true, relaxed_simd: true })
  const text = module.toText({ foldExprs: false, inlineExport: false })
  module.destroy()
  const lines = text.split('\n')
  const imports = lines.flatMap((line) => /^ {2}\(import "env" "(.*?)" \(func/.exec(line)?.[1] ?? [])
  const exported = lines.flatMap((line) => {
    const [, name = '', number = ''] = /^ {2}\(export "(.*?)" \(func (\d+)\)\)/.exec(line) ?? []
    return name === '' ? [] : [[Number(number), name] as const]
  })
  const names = new Map([...imports.entries(), ...exported])
  const functions = new Map<string, string[]>()
  let current: string[] = []
  for (const line of lines) {
    const number = /^ {2}\(func \(;(\d+);\)/.exec(line)?.[1]
    if (number !== undefined) {
      current = []
      functions.set(names.get(Number(number)) ?? number, current)
    } else if (line.startsWith('  (')) current = []
    current.push(named(line, names))
  }
  return { functions, imports }
}
