/** The modules of Node that this library asks for. */
export interface Builtins {
  readonly 'node:module': typeof import('node:module')
  readonly 'node:os': typeof import('node:os')
  readonly 'node:v8': typeof import('node:v8')
  readonly 'node:worker_threads': typeof import('node:worker_threads')
}

interface Here {
  readonly process?: {
    readonly getBuiltinModule?: <K extends keyof Builtins>(name: K) => Builtins[K] | undefined
    readonly versions?: { readonly v8?: string }
    readonly arch?: string
  }
}

const here = (): NonNullable<Here['process']> => (globalThis as Here).process ?? {}

/** A module of Node, asked for when it is wanted, so that the library loads where there are none; null there. */
export const builtin = <K extends keyof Builtins>(name: K): Builtins[K] | null =>
  here().getBuiltinModule?.(name) ?? null

/** The major version of V8 and the kind of processor; zero and nothing where that is not said. */
export const platform = (): { readonly v8: number; readonly arch: string } => {
  const { versions, arch = '' } = here()
  return { v8: Number.parseInt(versions?.v8 ?? '0', 10), arch }
}
