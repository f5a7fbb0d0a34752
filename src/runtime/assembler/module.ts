import { Bytes } from './bytes.js'
import { Code, type Func, type Type, types } from './code.js'

interface Signature {
  readonly params: ReadonlyArray<Type>
  readonly results: ReadonlyArray<Type>
}

interface Import extends Signature {
  readonly name: string
}

interface Defined extends Signature {
  readonly name: string
  readonly code: Code
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const PAGE_LIMIT = 65536

/** A WebAssembly module while it is written: functions over one imported memory, exported by name. */
export class Module {
  readonly #imports: Import[] = []
  readonly #functions: Defined[] = []
  /** Whether {@link Code.addProduct} may round once. */
  readonly fused: boolean

  /** Whether it is compiled where wide vectors are made of pairs. */
  readonly wide: boolean

  constructor({ fused = false, wide = false }: { readonly fused?: boolean; readonly wide?: boolean } = {}) {
    this.fused = fused
    this.wide = wide
  }

  /** A function that comes from outside, from `env`; all of them before the first of the module's own. */
  import(name: string, params: ReadonlyArray<Type>, results: ReadonlyArray<Type>): Func {
    if (this.#functions.length > 0) throw new RangeError('assembler: imports come before functions')
    this.#imports.push({ name, params, results })
    return (this.#imports.length - 1) as Func
  }

  /** A function of the module's own, exported under its name; `write` writes the body. */
  function(
    name: string,
    params: ReadonlyArray<Type>,
    results: ReadonlyArray<Type>,
    write: (code: Code) => void,
  ): Func {
    const code = new Code(params, this.fused)
    write(code)
    this.#functions.push({ name, params, results, code })
    return (this.#imports.length + this.#functions.length - 1) as Func
  }

  /**
   * The binary.
   *
   * @param memory - whether the memory `env.memory` is shared between threads, and its greatest size in pages of 64 KiB.
   */
  binary({
    shared,
    maximum = PAGE_LIMIT,
  }: {
    readonly shared: boolean
    readonly maximum?: number
  }): Uint8Array<ArrayBuffer> {
    const out = new Bytes()
    out.bytes(MAGIC)
    const section = (id: number, count: number, write: (content: Bytes) => void): void => {
      const content = new Bytes()
      content.unsigned(count)
      write(content)
      out.byte(id)
      out.sized(content)
    }
    const all: ReadonlyArray<Signature> = [...this.#imports, ...this.#functions]
    section(1, all.length, (s) => {
      for (const { params, results } of all) {
        s.byte(0x60)
        for (const list of [params, results]) {
          s.unsigned(list.length)
          for (const type of list) s.byte(types[type])
        }
      }
    })
    section(2, this.#imports.length + 1, (s) => {
      this.#imports.forEach(({ name }, i) => {
        s.name('env')
        s.name(name)
        s.byte(0x00)
        s.unsigned(i)
      })
      s.name('env')
      s.name('memory')
      s.bytes([0x02, shared ? 0x03 : 0x01])
      s.unsigned(0)
      s.unsigned(maximum)
    })
    section(3, this.#functions.length, (s) => {
      this.#functions.forEach((_, i) => {
        s.unsigned(this.#imports.length + i)
      })
    })
    section(7, this.#functions.length, (s) => {
      this.#functions.forEach(({ name }, i) => {
        s.name(name)
        s.byte(0x00)
        s.unsigned(this.#imports.length + i)
      })
    })
    section(10, this.#functions.length, (s) => {
      for (const { code } of this.#functions) s.sized(code.entry())
    })
    return out.done()
  }
}
