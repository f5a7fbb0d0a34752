import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Blas } from '../fast/machine.js'
import { builtin } from './builtin.js'

/** What this library uses of the package `koffi`, which is there or not. */
interface Koffi {
  readonly load: (path: string) => {
    readonly func: (prototype: string) => (...given: ReadonlyArray<unknown>) => unknown
  }
}

const koffi = (): E.Either<string, Koffi> => {
  const module = builtin('node:module')
  if (module === null) return E.left('there is no Node here')
  return E.tryCatch(
    (): Koffi => module.createRequire(import.meta.url)('koffi'),
    () => 'the package koffi is not installed',
  )
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const [ROWS, NO, YES] = [101, 111, 112]

const PROTOTYPE =
  'void cblas_dgemm(int order, int ta, int tb, int m, int n, int k, double alpha, void *a, int lda, void *b, int ldb, double beta, void *c, int ldc)'

/** A library that has the function, told to have one thread: there are threads enough. */
const load = (foreign: Koffi, path: string): Blas => {
  const library = foreign.load(path)
  const dgemm = library.func(PROTOTYPE)
  try {
    library.func('void openblas_set_num_threads(int n)')(1)
  } catch {
    // Not OpenBLAS: others have no such function.
  }
  return {
    path,
    over: (memory) => {
      // The memory may have grown since the last call.
      const at = (address: number): Uint8Array => new Uint8Array(memory.buffer, address >>> 0)
      return (ta, tb, m, n, k, a, lda, b, ldb, onward, c, ldc) => {
        const [left, right] = [ta === 0 ? NO : YES, tb === 0 ? NO : YES]
        const beta = onward === 0 ? 0 : 1
        dgemm(ROWS, left, right, m, n, k, 1, at(a), lda, at(b), ldb, beta, at(c), ldc)
      }
    },
  }
}

const open =
  (path: string) =>
  (foreign: Koffi): E.Either<string, Blas> =>
    E.tryCatch(() => load(foreign, path), messageOf)

/** A library by its path, or by a name that the system knows; or why there is none. */
export const openBlas = (path: string): E.Either<string, Blas> => pipe(koffi(), E.chain(open(path)))

/** Where OpenBLAS is found mostly. */
const USUAL: ReadonlyArray<string> = [
  'libopenblas.so.0',
  '/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0',
  '/usr/lib/aarch64-linux-gnu/openblas-pthread/libopenblas.so.0',
  'libopenblas.so',
  '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
  '/System/Library/Frameworks/Accelerate.framework/Accelerate',
  'libopenblas.dll',
  'libcblas.so.3',
  'libblas.so.3',
]

/** The first of the usual libraries that is there; or why there is none. */
export const findBlas = (): E.Either<string, Blas> =>
  pipe(
    koffi(),
    E.chain((foreign): E.Either<string, Blas> => {
      for (const path of USUAL) {
        const library = open(path)(foreign)
        if (E.isRight(library)) return library
      }
      return E.left('there is no library in the usual places')
    }),
  )
