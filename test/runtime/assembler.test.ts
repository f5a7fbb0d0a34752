/** The assembler: numbers at the boundaries of their encodings, and every instruction run against what it means. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, test as once } from 'vitest'
import { Bytes } from '../../src/runtime/assembler/bytes.js'
import type { Code, Type } from '../../src/runtime/assembler/code.js'
import { Module } from '../../src/runtime/assembler/module.js'
import type {
  atomic as atomicOps,
  instructions,
  memory as memoryOps,
  simd,
} from '../../src/runtime/assembler/opcodes.js'
import { type Exported, type Memory, webAssembly } from '../../src/runtime/assembler/webassembly.js'

const api = webAssembly()
if (api === null) throw new Error('there is no WebAssembly here')

const page = (shared = false): Memory => new api.Memory({ initial: 1, maximum: 2, shared })

/** One function, made ready over a memory. */
const ready = (
  params: ReadonlyArray<Type>,
  results: ReadonlyArray<Type>,
  write: (code: Code) => void,
  memory: Memory = page(),
): Exported => {
  const module = new Module()
  module.function('f', params, results, write)
  const compiled = new api.Module(module.binary({ shared: false, maximum: 2 }))
  const { f } = new api.Instance(compiled, { env: { memory } }).exports
  if (f === undefined) throw new Error('no function f')
  return f
}

const encoded = (write: (out: Bytes) => void): ReadonlyArray<number> => {
  const out = new Bytes()
  write(out)
  return [...out.done()]
}

describe('LEB128', () => {
  once.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [16383, [0xff, 0x7f]],
    [16384, [0x80, 0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('of %d without a sign', (x, bytes) => expect(encoded((out) => out.unsigned(x))).toEqual(bytes))

  once.each([
    [0, [0]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [127, [0xff, 0x00]],
    [-123456, [0xc0, 0xbb, 0x78]],
    [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 0x07]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('of %d with a sign', (x, bytes) => {
    expect(encoded((out) => out.signed(x))).toEqual(bytes)
    expect(encoded((out) => out.signed64(BigInt(x)))).toEqual(bytes)
  })

  once('of the ends of 64 bits', () => {
    expect(encoded((out) => out.signed64(2n ** 63n - 1n))).toEqual([...Array(9).fill(0xff), 0x00])
    expect(encoded((out) => out.signed64(-(2n ** 63n)))).toEqual([...Array(9).fill(0x80), 0x7f])
  })

  const i32s = fc.oneof(
    fc.integer(),
    fc.integer({ min: -40, max: 40 }).map((x) => 2 ** Math.abs(x % 31) + x),
  )
  test.prop([i32s])('is read back by the machine, 32 bits', (x) => {
    expect(ready([], ['i32'], (code) => code.i32(x))()).toBe(x | 0)
  })

  test.prop([fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })])('is read back, 64 bits', (x) => {
    const f: (...given: ReadonlyArray<number>) => unknown = ready([], ['i64'], (code) => code.i64(x))
    expect(f()).toBe(x)
  })

  test.prop([fc.double()])('doubles are read back', (x) => {
    expect(ready([], ['f64'], (code) => code.f64(x))()).toBe(x)
  })
})

once('a buffer grows and keeps what it holds, and appends others', () => {
  const out = new Bytes()
  for (let i = 0; i < 1000; i += 1) out.byte(i % 251)
  const whole = new Bytes()
  whole.byte(9)
  whole.sized(out)
  const bytes = whole.done()
  expect(bytes.length).toBe(1003)
  expect([...bytes.subarray(0, 3)]).toEqual([9, 0xe8, 0x07])
  expect(bytes.subarray(3).every((b, i) => b === i % 251)).toBe(true)
})

type Named<Prefix extends string, Names> = Extract<Names, `${Prefix}.${string}`>
const bit = (b: boolean): number => (b ? 1 : 0)

describe('instructions on 32-bit integers compute', () => {
  const meanings: {
    readonly [N in Named<'i32', keyof typeof instructions>]: (x: number, y: number) => number
  } = {
    'i32.eqz': (x) => bit(x === 0),
    'i32.eq': (x, y) => bit(x === y),
    'i32.ne': (x, y) => bit(x !== y),
    'i32.lt_s': (x, y) => bit(x < y),
    'i32.lt_u': (x, y) => bit(x >>> 0 < y >>> 0),
    'i32.gt_s': (x, y) => bit(x > y),
    'i32.gt_u': (x, y) => bit(x >>> 0 > y >>> 0),
    'i32.le_s': (x, y) => bit(x <= y),
    'i32.le_u': (x, y) => bit(x >>> 0 <= y >>> 0),
    'i32.ge_s': (x, y) => bit(x >= y),
    'i32.ge_u': (x, y) => bit(x >>> 0 >= y >>> 0),
    'i32.add': (x, y) => (x + y) | 0,
    'i32.sub': (x, y) => (x - y) | 0,
    'i32.mul': (x, y) => Math.imul(x, y),
    'i32.div_u': (x, y) => ((x >>> 0) / (y >>> 0)) | 0,
    'i32.rem_u': (x, y) => ((x >>> 0) % (y >>> 0)) | 0,
    'i32.and': (x, y) => x & y,
    'i32.or': (x, y) => x | y,
    'i32.shl': (x, y) => x << y,
    'i32.shr_u': (x, y) => (x >>> y) | 0,
  }
  const word = fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 }))
  for (const name of Object.keys(meanings) as ReadonlyArray<keyof typeof meanings>) {
    const f = ready(['i32', 'i32'], ['i32'], (code) => {
      code.get(code.param(0))
      if (name !== 'i32.eqz') code.get(code.param(1))
      code.op(name)
    })
    test.prop([word, word])(name, (x, y) => {
      fc.pre(y !== 0 || !/div|rem/.test(name))
      expect(f(x, y)).toBe(meanings[name](x, y))
    })
  }
})

const special = [0, -0, 1, -1, 1.5, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const double = fc.oneof(fc.double(), fc.constantFrom(...special))

describe('instructions on doubles compute', () => {
  const meanings: {
    readonly [N in Named<'f64', keyof typeof instructions>]: (x: number, y: number) => number
  } = {
    'f64.eq': (x, y) => bit(x === y),
    'f64.ne': (x, y) => bit(x !== y),
    'f64.lt': (x, y) => bit(x < y),
    'f64.gt': (x, y) => bit(x > y),
    'f64.le': (x, y) => bit(x <= y),
    'f64.ge': (x, y) => bit(x >= y),
    'f64.abs': Math.abs,
    'f64.neg': (x) => -x,
    'f64.sqrt': Math.sqrt,
    'f64.add': (x, y) => x + y,
    'f64.sub': (x, y) => x - y,
    'f64.mul': (x, y) => x * y,
    'f64.div': (x, y) => x / y,
    'f64.min': (x, y) => Math.min(x, y),
    'f64.max': (x, y) => Math.max(x, y),
  }
  for (const name of Object.keys(meanings) as ReadonlyArray<keyof typeof meanings>) {
    const f = ready(['f64', 'f64'], [/\.([egln][eqt]|eq)$/.test(name) ? 'i32' : 'f64'], (code) => {
      code.get(code.param(0))
      if (!/abs|neg|sqrt/.test(name)) code.get(code.param(1))
      code.op(name)
    })
    test.prop([double, double])(name, (x, y) => {
      expect(f(x, y)).toBe(meanings[name](x, y))
    })
  }
})

/** A vector as its two lanes' bits. */
type Lanes = readonly [bigint, bigint]
const ALL = 2n ** 64n - 1n
const register = new DataView(new ArrayBuffer(8))
const bitsOf = (x: number): bigint => {
  register.setFloat64(0, x)
  return register.getBigUint64(0)
}
const doubleOf = (bits: bigint): number => {
  register.setBigUint64(0, bits)
  return register.getFloat64(0)
}

/** What vector instructions see: vectors at 0, 16 and 32, the result at 48. */
const vectors = (
  write: (code: Code, load: (i: 0 | 1 | 2) => void) => void,
): ((...given: ReadonlyArray<Lanes>) => Lanes) => {
  const memory = page()
  const f = ready(
    [],
    [],
    (code) => {
      code.i32(0)
      write(code, (i) => code.i32(0).memory('v128.load', 16 * i))
      code.memory('v128.store', 48)
    },
    memory,
  )
  const lanes = new BigUint64Array(memory.buffer, 0, 8)
  return (...given) => {
    lanes.set(given.flat())
    f()
    return [lanes[6] ?? 0n, lanes[7] ?? 0n]
  }
}

const bits64 = fc.bigInt({ min: 0n, max: ALL })
const lane = fc.oneof(double.map(bitsOf), bits64, fc.constantFrom(0n, 1n, ALL))
const vector = fc.tuple(lane, lane)

describe('instructions on vectors compute, lane by lane,', () => {
  const of1 =
    (f: (x: number) => number) =>
    (x: bigint): bigint =>
      bitsOf(f(doubleOf(x)))
  const of2 =
    (f: (x: number, y: number) => number) =>
    (x: bigint, y: bigint): bigint =>
      bitsOf(f(doubleOf(x), doubleOf(y)))
  const when =
    (f: (x: number, y: number) => boolean) =>
    (x: bigint, y: bigint): bigint =>
      f(doubleOf(x), doubleOf(y)) ? ALL : 0n
  type Plain = Exclude<
    keyof typeof simd,
    | 'f64x2.splat'
    | 'f64x2.relaxed_madd'
    | 'i64x2.shl'
    | 'i64x2.shr_s'
    | 'i64x2.shr_u'
    | 'v128.any_true'
    | 'i64x2.all_true'
    | 'i64x2.bitmask'
  >
  const meanings: { readonly [N in Plain]: (x: bigint, y: bigint, z: bigint) => bigint } = {
    'f64x2.eq': when((x, y) => x === y),
    'f64x2.ne': when((x, y) => x !== y),
    'f64x2.lt': when((x, y) => x < y),
    'f64x2.gt': when((x, y) => x > y),
    'f64x2.le': when((x, y) => x <= y),
    'f64x2.ge': when((x, y) => x >= y),
    'v128.not': (x) => x ^ ALL,
    'v128.and': (x, y) => x & y,
    'v128.andnot': (x, y) => x & (y ^ ALL),
    'v128.or': (x, y) => x | y,
    'v128.xor': (x, y) => x ^ y,
    'v128.bitselect': (x, y, z) => (x & z) | (y & (z ^ ALL)),
    'i64x2.add': (x, y) => (x + y) & ALL,
    'i64x2.sub': (x, y) => (x - y) & ALL,
    'i64x2.eq': (x, y) => (x === y ? ALL : 0n),
    'i64x2.ne': (x, y) => (x === y ? 0n : ALL),
    'f64x2.abs': of1(Math.abs),
    'f64x2.neg': of1((x) => -x),
    'f64x2.sqrt': of1(Math.sqrt),
    'f64x2.add': of2((x, y) => x + y),
    'f64x2.sub': of2((x, y) => x - y),
    'f64x2.mul': of2((x, y) => x * y),
    'f64x2.div': of2((x, y) => x / y),
    'f64x2.min': of2((x, y) => Math.min(x, y)),
    'f64x2.max': of2((x, y) => Math.max(x, y)),
    'f64x2.pmin': of2((x, y) => (y < x ? y : x)),
    'f64x2.pmax': of2((x, y) => (x < y ? y : x)),
  }
  // All NaN are one: the machine may set their bits as it likes.
  const same = (x: bigint, y: bigint): boolean =>
    x === y || (Number.isNaN(doubleOf(x)) && Number.isNaN(doubleOf(y)))
  for (const name of Object.keys(meanings) as ReadonlyArray<Plain>) {
    const operands =
      name === 'v128.bitselect' ? 3 : /not$|abs|neg|sqrt/.test(name) && name !== 'v128.andnot' ? 1 : 2
    const f = vectors((code, load) => {
      for (const i of [0, 1, 2] as const) if (i < operands) load(i)
      code.simd(name)
    })
    test.prop([vector, vector, vector])(name, (x, y, z) => {
      const found = f(x, y, z)
      for (const i of [0, 1] as const) {
        const expected = meanings[name](x[i], y[i], z[i])
        const exact = !name.startsWith('f64x2')
        if (exact ? found[i] !== expected : !same(found[i], expected))
          throw new Error(`lane ${i}: ${found[i]}, expected ${expected}`)
      }
    })
  }

  const shifts = {
    'i64x2.shl': (x: bigint, n: bigint) => (x << n) & ALL,
    'i64x2.shr_u': (x: bigint, n: bigint) => x >> n,
    'i64x2.shr_s': (x: bigint, n: bigint) => BigInt.asUintN(64, BigInt.asIntN(64, x) >> n),
  } as const
  for (const name of Object.keys(shifts) as ReadonlyArray<keyof typeof shifts>)
    test.prop([vector, fc.nat(63)])(name, (x, n) => {
      const f = vectors((code, load) => {
        load(0)
        code.i32(n).simd(name)
      })
      expect(f(x)).toEqual(x.map((v) => shifts[name](v, BigInt(n))))
    })

  const tests = {
    'v128.any_true': (x: bigint, y: bigint) => bit(x !== 0n || y !== 0n),
    'i64x2.all_true': (x: bigint, y: bigint) => bit(x !== 0n && y !== 0n),
    'i64x2.bitmask': (x: bigint, y: bigint) => Number(x >> 63n) + 2 * Number(y >> 63n),
  } as const
  for (const name of Object.keys(tests) as ReadonlyArray<keyof typeof tests>) {
    const memory = page()
    const f = ready([], ['i32'], (code) => code.i32(0).memory('v128.load').simd(name), memory)
    test.prop([vector])(name, (x) => {
      new BigUint64Array(memory.buffer, 0, 2).set(x)
      expect(f()).toBe(tests[name](...x))
    })
  }

  test.prop([vector, vector, fc.constantFrom(0, 1, 2, 3), fc.constantFrom(0, 1, 2, 3)])(
    'shuffle, splat and lanes',
    (x, y, a, b) => {
      const all = [...x, ...y]
      const shuffled = vectors((code, load) => {
        load(0)
        load(1)
        code.shuffle(a, b)
      })
      expect(shuffled(x, y)).toEqual([all[a], all[b]])
      const from = a < 2 ? 0 : 1
      const moved = vectors((code, load) => {
        load(0)
        load(1)
        code.lane('f64x2.extract_lane', from).lane('f64x2.replace_lane', 1)
      })
      expect(same(moved(x, y)[1], y[from])).toBe(true)
      expect(moved(x, y)[0]).toBe(x[0])
      const splat = vectors((code, load) => {
        load(0)
        code.lane('f64x2.extract_lane', from).simd('f64x2.splat')
      })
      expect(splat(x).every((v) => same(v, x[from]))).toBe(true)
    },
  )

  test.prop([double, bits64], { numRuns: 30 })('constants', (x, n) => {
    expect(vectors((code) => code.f64x2(x))()).toEqual([bitsOf(x), bitsOf(x)])
    expect(vectors((code) => code.i64x2(n))()).toEqual([n, n])
  })

  once('the relaxed product and sum is valid where the machine has relaxed vectors', () => {
    const module = new Module()
    module.function('f', [], [], (code) => {
      code.f64x2(2).f64x2(3).f64x2(4).simd('f64x2.relaxed_madd').op('drop')
    })
    const binary = module.binary({ shared: false })
    // i8x16.relaxed_swizzle of two zero vectors: the same proposal, encoded by hand.
    const zero = [0xfd, 0x0c, ...Array<number>(16).fill(0)]
    const body = [0x00, ...zero, ...zero, 0xfd, 0x80, 0x02, 0x1a, 0x0b]
    const probe = [
      0,
      0x61,
      0x73,
      0x6d,
      1,
      0,
      0,
      0,
      1,
      4,
      1,
      0x60,
      0,
      0,
      3,
      2,
      1,
      0,
      10,
      body.length + 2,
      1,
      body.length,
    ]
    expect(api.validate(binary)).toBe(api.validate(Uint8Array.from([...probe, ...body])))
  })
})

describe('loads and stores', () => {
  const cases: { readonly [N in keyof typeof memoryOps]: string } = {
    'i32.load': 'the first word',
    'f64.load': 'the first lane',
    'i32.store': 'one word, no more',
    'f64.store': 'one lane, no more',
    'v128.load': 'both lanes',
    'v128.load64_splat': 'the first lane twice',
    'v128.store': 'both lanes',
    'v128.load64_zero': 'the first lane and zero',
  }
  const vectorOf = (name: keyof typeof memoryOps, x: Lanes): Lanes => {
    const memory = page()
    // Not aligned, and behind an offset that takes two bytes.
    const f = ready(
      [],
      [],
      (code) => {
        code.i32(3)
        if (name === 'i32.store') code.i32(3).memory('i32.load', 200).memory(name, 400)
        else if (name === 'f64.store') code.i32(3).memory('f64.load', 200).memory(name, 400)
        else if (name === 'i32.load') code.i32(3).memory(name, 200).memory('i32.store', 400)
        else if (name === 'f64.load') code.i32(3).memory(name, 200).memory('f64.store', 400)
        else
          code
            .i32(3)
            .memory(name === 'v128.store' ? 'v128.load' : name, 200)
            .memory('v128.store', 400)
      },
      memory,
    )
    const view = new DataView(memory.buffer)
    x.forEach((v, i) => {
      view.setBigUint64(203 + 8 * i, v, true)
      view.setBigUint64(403 + 8 * i, ALL, true)
    })
    f()
    return [view.getBigUint64(403, true), view.getBigUint64(411, true)]
  }
  const word = (x: bigint): bigint => (x & 0xffffffffn) | 0xffffffff00000000n
  const meanings: { readonly [N in keyof typeof memoryOps]: (x: Lanes) => Lanes } = {
    'i32.load': ([x]) => [word(x), ALL],
    'i32.store': ([x]) => [word(x), ALL],
    'f64.load': ([x]) => [x, ALL],
    'f64.store': ([x]) => [x, ALL],
    'v128.load': (x) => x,
    'v128.store': (x) => x,
    'v128.load64_splat': ([x]) => [x, x],
    'v128.load64_zero': ([x]) => [x, 0n],
  }
  for (const name of Object.keys(cases) as ReadonlyArray<keyof typeof memoryOps>)
    test.prop([fc.tuple(bits64, bits64)], { numRuns: 20 })(`${name}: ${cases[name]}`, (x) => {
      expect(vectorOf(name, x)).toEqual(meanings[name](x))
    })

  test.prop([fc.tuple(bits64, bits64), fc.tuple(bits64, bits64), fc.constantFrom(0, 1)], { numRuns: 20 })(
    'of one lane leave the other',
    (x, y, i) => {
      const loaded = vectors((code, load) => {
        code.i32(16)
        load(0)
        code.loadLane(i)
      })(x, y)
      expect(loaded).toEqual(i === 0 ? [y[0], x[1]] : [x[0], y[0]])
      const memory = page()
      const all = new BigUint64Array(memory.buffer, 0, 4)
      all.set([...x, ...y])
      ready([], [], (code) => code.i32(0).i32(0).memory('v128.load').storeLane(i, 24), memory)()
      expect([...all]).toEqual([...x, y[0], x[i]])
    },
  )

  once('bytes are copied and set in bulk, overlaps too', () => {
    const memory = page()
    const bytes = new Uint8Array(memory.buffer)
    bytes.set([1, 2, 3, 4, 5], 10)
    ready(
      [],
      [],
      (code) => code.i32(12).i32(10).i32(5).copyBytes().i32(30).i32(7).i32(3).fillBytes(),
      memory,
    )()
    expect([...bytes.subarray(10, 18)]).toEqual([1, 2, 1, 2, 3, 4, 5, 0])
    expect([...bytes.subarray(29, 34)]).toEqual([0, 7, 7, 7, 0])
  })
})

describe('atomic instructions', () => {
  const meaning: { readonly [N in keyof typeof atomicOps]: string } = {
    'i32.atomic.load': 'the word',
    'i32.atomic.store': 'the word is another',
    'i32.atomic.rmw.add': 'the word before, and the sum in its place',
    'memory.atomic.notify': 'how many were woken',
  }
  /** What an instruction leaves on the stack and in the word at 300, which was `before`, when it is given `x`. */
  const done = (name: keyof typeof meaning, before: number, x: number): readonly [number, number] => {
    const memory = page(true)
    const words = new Int32Array(memory.buffer)
    words[75] = before
    const module = new Module()
    const given = name === 'i32.atomic.load' ? [] : [x]
    const results: ReadonlyArray<Type> = name === 'i32.atomic.store' ? [] : ['i32']
    module.function('f', [], results, (code) => {
      code.i32(0)
      for (const value of given) code.i32(value)
      // An offset that takes two bytes.
      code.atomic(name, 300)
    })
    const compiled = new api.Module(module.binary({ shared: true, maximum: 2 }))
    const { f } = new api.Instance(compiled, { env: { memory } }).exports
    return [f?.() ?? 0, words[75] ?? 0]
  }

  test.prop(
    [fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
    { numRuns: 30 },
  )('read, write and add', (before, x) => {
    expect(done('i32.atomic.load', before, x)).toEqual([before, before])
    expect(done('i32.atomic.store', before, x)).toEqual([0, x])
    expect(done('i32.atomic.rmw.add', before, x)).toEqual([before, (before + x) | 0])
    expect(done('memory.atomic.notify', before, x)).toEqual([0, before])
  })

  once.each(Object.keys(meaning) as ReadonlyArray<keyof typeof meaning>)(
    '%s wants an aligned address',
    (name) => {
      const module = new Module()
      module.function('f', [], [], (code) => {
        code.i32(2)
        if (name !== 'i32.atomic.load') code.i32(0)
        code.atomic(name)
        if (name !== 'i32.atomic.store') code.op('drop')
      })
      const compiled = new api.Module(module.binary({ shared: true, maximum: 2 }))
      const { f } = new api.Instance(compiled, { env: { memory: page(true) } }).exports
      expect(f).toThrow(/unaligned|alignment/)
    },
  )
})

describe('control flow', () => {
  test.prop([fc.nat(40)])('a loop goes again while it is told to', (n) => {
    const sum = ready(['i32'], ['i32'], (code) => {
      const total = code.local('i32')
      const left = code.param(0)
      code.get(left)
      code.when(() => {
        code.loop((again) => {
          code.get(total, left).op('i32.add').set(total)
          code.get(left).i32(1).op('i32.sub').tee(left)
          again()
        })
      })
      code.get(total)
    })
    expect(sum(n)).toBe((n * (n + 1)) / 2)
  })

  test.prop([fc.nat(5), fc.nat(5)])('a block is left from any depth', (x, y) => {
    const f = ready(['i32', 'i32'], ['i32'], (code) => {
      const [a, b] = [code.param(0), code.param(1)]
      const result = code.local('i32')
      code.i32(1).set(result)
      code.block((leaveOuter) => {
        code.block((leaveInner) => {
          code.get(a).i32(2).op('i32.lt_u')
          leaveInner()
          code.get(b).i32(3).op('i32.lt_u')
          code.when(
            () => {
              code.get(a, b).op('i32.eq')
              leaveOuter()
              code.i32(10).set(result)
            },
            () => {
              code.i32(20).set(result)
            },
          )
          code.i32(1)
          leaveOuter()
        })
        code.i32(30).set(result)
      })
      code.get(result)
    })
    expect(f(x, y)).toBe(x < 2 ? 30 : y < 3 ? (x === y ? 1 : 10) : 20)
  })

  once('return ends a function, unreachable traps', () => {
    const f = ready(['i32'], ['i32'], (code) => {
      code.get(code.param(0))
      code.when(() => {
        code.i32(5).op('return')
      })
      code.op('unreachable')
    })
    expect(f(1)).toBe(5)
    expect(() => f(0)).toThrow()
  })

  test.prop([fc.array(fc.constantFrom<Type>('i32', 'i64', 'f64', 'v128'), { maxLength: 200 })])(
    'locals of any types begin as zero',
    (kinds) => {
      const f = ready(['i32'], ['i32'], (code) => {
        const locals = kinds.map((type) => code.local(type))
        const zeros = code.local('i32')
        kinds.forEach((type, i) => {
          const local = locals[i]
          if (local === undefined || type === 'i64') return
          code.get(local)
          if (type === 'i32') code.op('i32.eqz')
          else if (type === 'f64') code.f64(0).op('f64.eq')
          else code.simd('v128.any_true').op('i32.eqz')
          code.get(zeros).op('i32.add').set(zeros)
        })
        code.get(zeros)
      })
      expect(f(0)).toBe(kinds.filter((type) => type !== 'i64').length)
    },
  )
})

describe('a module', () => {
  once('calls what it imports and what it defines, and exports by name', () => {
    const module = new Module()
    const half = module.import('half', ['f64'], ['f64'])
    const inner = module.function('inner', ['f64'], ['f64'], (code) =>
      code.get(code.param(0)).call(half).f64(1).op('f64.add'),
    )
    module.function('outer', ['f64'], ['f64'], (code) => code.get(code.param(0)).call(inner).call(inner))
    const memory = page(true)
    const binary = module.binary({ shared: true, maximum: 2 })
    expect(api.validate(binary)).toBe(true)
    const env = { memory, half: (x: number) => x / 2 }
    const { exports } = new api.Instance(new api.Module(binary), { env })
    expect(Object.keys(exports)).toEqual(['inner', 'outer'])
    expect(exports.outer?.(8)).toBe(3.5)
  })

  once('refuses an import behind a function, and a parameter that is not there', () => {
    const module = new Module()
    module.function('f', [], [], () => {})
    expect(() => module.import('g', [], [])).toThrow(/imports come before functions/)
    expect(() => module.function('h', ['i32'], [], (code) => code.get(code.param(1)))).toThrow(
      /no parameter 1/,
    )
  })

  once('has bodies and sections longer than two bytes of length', () => {
    const f = ready([], ['i32'], (code) => {
      code.i32(0)
      for (let i = 0; i < 30_000; i += 1) code.i32(1).op('i32.add')
    })
    expect(f()).toBe(30_000)
  })
})
