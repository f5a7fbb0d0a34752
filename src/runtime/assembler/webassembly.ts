/** What this library uses of the global `WebAssembly`, whose types come with browsers and not with the language. */
export interface Memory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer
  grow(pages: number): number
}

/** A compiled module: it can be posted to a worker, with its machine code. */
export type CompiledModule = object

/** A kernel: addresses and counts in, nothing out but what it writes to memory. */
export type Exported = (...given: ReadonlyArray<number>) => number | undefined

interface Api {
  readonly Memory: new (limits: {
    readonly initial: number
    readonly maximum: number
    readonly shared: boolean
  }) => Memory
  readonly Module: new (binary: Uint8Array<ArrayBuffer>) => CompiledModule
  readonly Instance: new (
    module: CompiledModule,
    imports: { readonly env: { readonly [name: string]: unknown } },
  ) => { readonly exports: { readonly [name: string]: Exported } }
  readonly validate: (binary: Uint8Array<ArrayBuffer>) => boolean
}

/** Null where there is none, or none with vectors. */
export const webAssembly = (): Api | null => {
  const { WebAssembly: api } = globalThis as { readonly WebAssembly?: Api }
  return api ?? null
}
