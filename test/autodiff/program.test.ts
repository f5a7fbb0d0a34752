import { fc, test } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect } from 'vitest'
import { showInvalid } from '../../spec/vocabulary/invalid.js'
import * as ad from '../../src/entry/autodiff.js'
import { interpret } from '../../src/runtime/interpret.js'
import { holds, sides } from './adjoint.js'
import { difference } from './derivative.js'
import { reordered } from './reordered.js'

const f64 = (...shape: number[]): ad.ValueType => ({ shape, type: 'f64' })
const i32 = (...shape: number[]): ad.ValueType => ({ shape, type: 'i32' })
const size = (shape: ReadonlyArray<number>): number => shape.reduce((n, s) => n * s, 1)

const cell = (xs: ReadonlyArray<ad.Tensor>, i: number): ad.Tensor => {
  const x = xs[i % xs.length]
  if (x === undefined) throw new Error('no tensor')
  return x
}

/**
 * Random programs over matrices 3 by 3, vectors of 3 and scalars. Every operation is smooth and keeps values moderate, so
 * that differences are accurate.
 */
interface Recipe {
  readonly op: number
  readonly a: number
  readonly b: number
}
const recipes = fc.array(fc.record({ op: fc.nat(24), a: fc.nat(30), b: fc.nat(30) }), {
  minLength: 1,
  maxLength: 14,
})
const numbers = (n: number) =>
  fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n, maxLength: n })

const eye = (value: number) => ad.matrix(3, 3, [value, 0, 0, 0, value, 0, 0, 0, value])
/** Positive definite, and so well that nothing grows: eigenvalues from 3. */
const positive = (m: ad.Tensor) => ad.add(ad.matmul(ad.tanh(m), ad.transpose(ad.tanh(m))), eye(3))
const image = (m: ad.Tensor) => ad.reshape(m, [1, 3, 3, 1])

const cook =
  (recipe: ReadonlyArray<Recipe>) =>
  (...inputs: ReadonlyArray<ad.Tensor>): ad.Tensor => {
    const made: ad.Tensor[] = inputs.filter((x) => x.type === 'f64')
    const rows = inputs.filter((x) => x.type === 'i32')
    const matrices = () => made.filter((t) => t.shape.join() === '3,3')
    for (const { op, a, b } of recipe) {
      const x = cell(made, a)
      const y = cell(made, b)
      const m = cell(matrices(), a)
      const n = cell(matrices(), b)
      const r = cell(rows, a)
      const next = [
        () => ad.tanh(ad.add(x, y)),
        () => ad.sub(x, ad.mul(0.5, y)),
        () => ad.tanh(ad.mul(x, y)),
        () => ad.div(x, ad.add(2, ad.square(ad.sin(y)))),
        () => ad.sigmoid(x),
        () => ad.softplus(ad.neg(x)),
        () => ad.cos(x),
        () => ad.log1p(ad.square(x)),
        () => ad.sqrt(ad.add(1, ad.square(x))),
        () => ad.pow(ad.add(1, ad.square(x)), -1.5),
        () => ad.tanh(ad.matmul(m, n)),
        () => ad.tanh(ad.matmul(ad.transpose(m), n)),
        () => ad.mean(m, { axes: 0 }),
        () => ad.tanh(ad.sum(x)),
        () => ad.logSumExp(m),
        () => ad.gather(m, r),
        () => ad.reshape(ad.slice(m, [0, 0], [3, 1]), [3]),
        () => ad.softmax(m, 0),
        () => ad.power(ad.add(1, ad.square(x)), ad.tanh(y)),
        () => ad.reshape(ad.conv2d(image(m), ad.reshape(n, [3, 3, 1, 1]), { padding: 'same' }), [3, 3]),
        () =>
          ad.tanh(
            ad.sum(
              ad.patches(
                ad.reshape(
                  ad.pad(m, [
                    [1, 0],
                    [0, 1],
                  ]),
                  [1, 4, 4, 1],
                ),
                2,
              ),
              { axes: [0, 3] },
            ),
          ),
        () => ad.cholesky(positive(m)),
        () => ad.solvePositiveDefinite(positive(m), n),
        () =>
          ad.solveTriangular(ad.add(ad.tanh(m), eye(3)), n, { lower: b % 2 === 0, transpose: a % 2 === 0 }),
        () => ad.slice(ad.pad(ad.concat([m, n], -1), 1), [0, 0], [5, 8], [2, 3]),
      ][op]
      if (next !== undefined) made.push(next())
    }
    // Every leaf counts, so that no gradient is trivially zero.
    return made.reduce((s, t) => ad.add(s, ad.mean(t)), ad.mul(0, ad.sum(cell(made, 0))))
  }

const signature = [f64(3, 3), f64(3, 3), f64(3), f64(), i32(3)]
const rowsInput = Int32Array.of(2, 0, 2)
const split = (x: ReadonlyArray<number>): ReadonlyArray<Float64Array> => [
  Float64Array.from(x.slice(0, 9)),
  Float64Array.from(x.slice(9, 18)),
  Float64Array.from(x.slice(18, 21)),
  Float64Array.from(x.slice(21, 22)),
]
const D = 22

const typeAt = (ir: ad.IR, id: number): ad.ValueType => {
  const t = [...ir.inputs, ...ir.equations][id]
  if (t === undefined) throw new Error('no such value')
  return t
}

const outputsOf = (
  ir: ad.IR,
  inputs: ReadonlyArray<Float64Array | Int32Array>,
): ReadonlyArray<Float64Array> => {
  const out = ir.outputs.map((id) => new Float64Array(size(typeAt(ir, id).shape)))
  interpret(ir).run(inputs, out)
  return out
}

const valueOf = (recipe: ReadonlyArray<Recipe>, x: ReadonlyArray<number>): number =>
  outputsOf(ad.trace(cook(recipe), signature), [...split(x), rowsInput])[0]?.[0] ?? Number.NaN

const gradientProgram = (recipe: ReadonlyArray<Recipe>): ad.IR =>
  ad.pullback(ad.trace(cook(recipe), signature), [0, 1, 2, 3])

const gradientOf = (recipe: ReadonlyArray<Recipe>, x: ReadonlyArray<number>): ReadonlyArray<number> =>
  outputsOf(gradientProgram(recipe), [...split(x), rowsInput, Float64Array.of(1)])
    .slice(1)
    .flatMap((g) => [...g])

const inner = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  a.reduce((s, v, i) => s + v * (b[i] ?? 0), 0)
const move = (x: ReadonlyArray<number>, u: ReadonlyArray<number>, h: number): ReadonlyArray<number> =>
  x.map((v, i) => v + h * (u[i] ?? 0))
const magnitude = (a: ReadonlyArray<number>): number => a.reduce((s, v) => s + Math.abs(v), 0)

describe('random programs', () => {
  test.prop([recipes, numbers(D), numbers(D)])('the gradient is the slope of the value', (recipe, x, u) => {
    const left = difference((h) => valueOf(recipe, move(x, u, h)))
    const gradient = gradientOf(recipe, x)
    // h^4 = 2^-40 times higher derivatives, which compositions of up to 14 operations can raise by some powers of two.
    expect(Math.abs(left - inner(gradient, u))).toBeLessThanOrEqual(2 ** -30 * (1 + magnitude(gradient)))
  })

  test.prop([recipes, numbers(D), numbers(D), numbers(D)])(
    'the Hessian is symmetric and the slope of the gradient',
    (recipe, x, u, v) => {
      const ir = ad.trace(
        (...inputs) => {
          const parameters = inputs.slice(0, 4)
          const rows = inputs.slice(8)
          const slope = (xs: ReadonlyArray<ad.Tensor>) => cook(recipe)(...xs, ...rows)
          const gradient = ad.grad<Record<string, Float64Array>>((p) => slope(Object.values(p)))
          const g = Object.values(gradient(Object.fromEntries(parameters.map((t, i) => [`p${i}`, t]))))
          return g.reduce(
            (s, t, i) => ad.add(s, ad.dot(t, cell(inputs, 4 + i))),
            ad.mul(0, ad.sum(cell(inputs, 3))),
          )
        },
        [...signature.slice(0, 4), ...signature.slice(0, 4), i32(3)],
      )
      const hessian = ad.pullback(ir, [0, 1, 2, 3])
      const times = (w: ReadonlyArray<number>) =>
        outputsOf(hessian, [...split(x), ...split(w), rowsInput, Float64Array.of(1)])
          .slice(1)
          .flatMap((g) => [...g])
      const hu = times(u)
      const hv = times(v)
      const scale = 1 + magnitude(hu) + magnitude(hv)
      expect(Math.abs(inner(hu, v) - inner(hv, u))).toBeLessThanOrEqual(2 ** -40 * scale)
      const left = difference((h) => inner(gradientOf(recipe, move(x, u, h)), v))
      expect(Math.abs(left - inner(hu, v))).toBeLessThanOrEqual(2 ** -27 * scale)
    },
  )

  test.prop([recipes, numbers(D), fc.integer()])(
    'the gradient is the transpose of the plain Jacobians, and so is the gradient of its program, to rounding',
    (recipe, x, seed) => {
      const inputs = [...split(x).map((a) => [...a]), [...rowsInput]]
      const first = sides({ ir: ad.trace(cook(recipe), signature), inputs }, seed)
      expect(holds(first)).toBe(true)
      expect(holds(sides(first.derivative, seed + 1))).toBe(true)
    },
  )

  test.prop([recipes, numbers(D), fc.integer({ min: -20, max: 20 })])(
    'the cotangent enters linearly: a power of two in front of it moves no bit',
    (recipe, x, power) => {
      const ir = gradientProgram(recipe)
      const at = (c: number) =>
        outputsOf(ir, [...split(x), rowsInput, Float64Array.of(c)])
          .slice(1)
          .flatMap((g) => [...g])
      const scale = 2 ** power
      const [once, scaled] = [at(1), at(scale)]
      // Where nothing underflows: below 2^-900 products of slopes may have lost digits.
      scaled.forEach((g, i) => {
        const expected = scale * (once[i] ?? Number.NaN)
        if (Math.abs(expected) > 2 ** -900) expect(g).toBe(expected)
      })
    },
  )

  test.prop([recipes, recipes, numbers(D), fc.integer()])(
    'the chain rule: back through one program and then the other is back through both, bit for bit',
    (inner, outer, x, seed) => {
      // The inner program makes a matrix out of all there is, the outer one a scalar out of the matrix.
      const g = (...inputs: ReadonlyArray<ad.Tensor>) =>
        ad.add(ad.mul(cook(inner)(...inputs), 0.25), cell(inputs, 0))
      const f = (m: ad.Tensor, rows: ad.Tensor) => cook(outer)(m, rows)
      const both = ad.pullback(
        ad.trace((...inputs) => f(g(...inputs), cell(inputs, 4)), signature),
        [0, 1, 2, 3],
      )
      const c = Float64Array.of(((seed % 16) + 16.5) / 8)
      const inputs = [...split(x), rowsInput]
      const [, ...together] = outputsOf(both, [...inputs, c])
      const [m] = outputsOf(ad.trace(g, signature), inputs)
      const back = ad.pullback(
        ad.trace((...[t, rows]) => f(t ?? fail(), rows ?? fail()), [f64(3, 3), i32(3)]),
        [0],
      )
      const [, cotangent] = outputsOf(back, [m ?? new Float64Array(), rowsInput, c])
      const [, ...apart] = outputsOf(ad.pullback(ad.trace(g, signature), [0, 1, 2, 3]), [
        ...inputs,
        cotangent ?? new Float64Array(),
      ])
      expect(together).toEqual(apart)
    },
  )

  test.prop([recipes, numbers(D), fc.array(fc.nat(), { minLength: 1, maxLength: 400 })])(
    'the order of equations that do not need each other is nothing to the result',
    (recipe, x, picks) => {
      const ir = gradientProgram(recipe)
      const moved = reordered(ir, picks)
      expect(E.isRight(ad.verify(moved))).toBe(true)
      const inputs = [...split(x), rowsInput, Float64Array.of(1)]
      expect(outputsOf(moved, inputs)).toEqual(outputsOf(ir, inputs))
    },
  )

  test.prop([recipes, numbers(D)])('simplifying moves no bit, and every stage verifies', (recipe, x) => {
    const ir = gradientProgram(recipe)
    const simple = ad.simplify(ir)
    expect(E.isRight(ad.verify(ir))).toBe(true)
    expect(E.isRight(ad.verify(simple))).toBe(true)
    expect(simple.equations.length).toBeLessThanOrEqual(ir.equations.length)
    const inputs = [...split(x), rowsInput, Float64Array.of(1)]
    expect(outputsOf(simple, inputs)).toEqual(outputsOf(ir, inputs))
    expect(ad.simplify(simple)).toEqual(simple)
  })

  test.prop([recipes])('a program is plain data: it survives a structured clone, its hash too', (recipe) => {
    const ir = gradientProgram(recipe)
    expect(structuredClone(ir)).toEqual(ir)
    expect(ad.hash(structuredClone(ir))).toBe(ad.hash(gradientProgram(recipe)))
    expect(ad.hash(ir)).not.toBe(ad.hash({ ...ir, outputs: ir.outputs.slice(1) }))
  })
})

describe('text', () => {
  const loss = (...[A, labels, W]: ReadonlyArray<ad.Tensor>): ad.Tensor => {
    if (A === undefined || labels === undefined || W === undefined) throw new Error('three inputs')
    const z = ad.matmul(A, W)
    return ad.mean(ad.sub(ad.logSumExp(z), ad.pick(z, labels)))
  }
  const program = ad.trace(loss, [f64(5, 3), i32(5), f64(3, 2)])

  test('softmax regression as it is traced', () => {
    expect(ad.show(program)).toMatchInlineSnapshot(`
      "(a: f64[5,3], b: i32[5], c: f64[3,2]) =>
        d: f64[5,2] = matmul(a, c)
        e: f64[5] = logSumExp(d; axis=1)
        f: f64[5] = pick(d, b)
        g: f64[5] = sub(e, f)
        h: f64[] = sum(g; axes=[0])
        i: f64[] = constant(value=5)
        j: f64[] = div(h, i)
        return j"
    `)
  })

  test('its gradient: two products, no transpose copied, one softmax', () => {
    expect(ad.show(ad.simplify(ad.pullback(program, [2])))).toMatchInlineSnapshot(`
      "(a: f64[5,3], b: i32[5], c: f64[3,2], d: f64[]) =>
        e: f64[5,2] = matmul(a, c)
        f: f64[5] = logSumExp(e; axis=1)
        g: f64[5] = pick(e, b)
        h: f64[5] = sub(f, g)
        i: f64[] = sum(h; axes=[0])
        j: f64[] = constant(value=5)
        k: f64[] = div(i, j)
        l: f64[] = div(d, j)
        m: f64[1] = reshape(l)
        n: f64[5] = broadcastTo(m)
        o: f64[5] = neg(n)
        p: f64[5,2] = place(o, b; columns=2)
        q: f64[5,1] = reshape(n)
        r: f64[5,2] = broadcastTo(q)
        s: f64[5,1] = reshape(f)
        t: f64[5,2] = broadcastTo(s)
        u: f64[5,2] = sub(e, t)
        v: f64[5,2] = exp(u)
        w: f64[5,2] = mul(r, v)
        x: f64[5,2] = add(p, w)
        y: f64[3,2] = matmul(a, x; transposeX)
        return k, y"
    `)
  })

  test('logistic regression on a batch: rows are gathered inside', () => {
    const logistic = ad.trace(
      (...[A, y, rows, x]) => {
        if (A === undefined || y === undefined || rows === undefined || x === undefined)
          throw new Error('four')
        return ad.mean(ad.softplus(ad.neg(ad.mul(ad.gather(y, rows), ad.matmul(ad.gather(A, rows), x)))))
      },
      [f64(100, 3), f64(100), i32(4), f64(3)],
    )
    expect(ad.show(ad.simplify(ad.pullback(logistic, [3])))).toMatchInlineSnapshot(`
      "(a: f64[100,3], b: f64[100], c: i32[4], d: f64[3], e: f64[]) =>
        f: f64[4] = gather(b, c)
        g: f64[4,3] = gather(a, c)
        h: f64[3,1] = reshape(d)
        i: f64[4,1] = matmul(g, h)
        j: f64[4] = reshape(i)
        k: f64[4] = mul(f, j)
        l: f64[4] = neg(k)
        m: f64[4] = softplus(l)
        n: f64[] = sum(m; axes=[0])
        o: f64[] = constant(value=4)
        p: f64[] = div(n, o)
        q: f64[] = div(e, o)
        r: f64[1] = reshape(q)
        s: f64[4] = broadcastTo(r)
        t: f64[4] = sigmoid(l)
        u: f64[4] = mul(s, t)
        v: f64[4] = neg(u)
        w: f64[4] = mul(v, f)
        x: f64[4,1] = reshape(w)
        y: f64[3,1] = matmul(g, x; transposeX)
        z: f64[3] = reshape(y)
        return p, z"
    `)
  })

  test('hashes tell -0 from 0 and long constants apart', () => {
    const constant = (v: number) => ad.trace((...[x]) => ad.full(x ?? fail(), v, []), [f64()])
    expect(ad.hash(constant(0))).not.toBe(ad.hash(constant(-0)))
    const literal = (last: number) =>
      ad.trace((...[x]) => ad.add(x ?? fail(), ad.vector([...Array(20).fill(1), last])), [f64()])
    expect(ad.hash(literal(1))).not.toBe(ad.hash(literal(2)))
    expect(ad.show(literal(1))).toContain('literal(values=[1,1,1,1,1,1,1,1,...] type=f64)')
  })
})

const fail = (): never => {
  throw new Error('unreachable')
}

describe('simplify', () => {
  const count = (f: (x: ad.Tensor, y: ad.Tensor) => ad.Tensor): number =>
    ad.simplify(ad.trace((...[x, y]) => f(x ?? fail(), y ?? fail()), [f64(2, 2), f64(2, 2)])).equations.length

  test('identities that hold for every double, NaN and -0 included', () => {
    expect(count((x) => ad.neg(ad.neg(x)))).toBe(0)
    expect(count((x) => ad.mul(x, 1))).toBe(0)
    expect(count((x) => ad.div(x, 1))).toBe(0)
    expect(count((x) => ad.sub(x, 0))).toBe(0)
    expect(count((x) => ad.transpose(ad.transpose(x)))).toBe(0)
    expect(count((x) => ad.reshape(ad.reshape(x, [4]), [2, 2]))).toBe(0)
    expect(count((x, y) => ad.add(x, ad.neg(y)))).toBe(1)
    expect(count((x, y) => ad.matmul(ad.transpose(x), ad.transpose(y)))).toBe(1)
    expect(count((x) => ad.mul(ad.exp(x), ad.exp(x)))).toBe(2)
    expect(count((x) => ad.pow(x, 2))).toBe(1)
    expect(count((x) => ad.add(x, ad.exp(ad.full(x, 0, []))))).toBe(2)
  })

  test('identities that do not are left alone', () => {
    expect(count((x) => ad.add(x, 0))).toBe(2)
    expect(count((x) => ad.mul(x, 0))).toBe(2)
    expect(count((x, y) => ad.sub(ad.add(x, y), y))).toBe(2)
    expect(count((x) => ad.div(ad.mul(x, 3), 3))).toBe(3)
  })
})

describe('errors at trace time', () => {
  const traced =
    (f: (x: ad.Tensor, y: ad.Tensor) => ad.Tensor | number, ...types: ad.ValueType[]) =>
    () =>
      ad.trace((...[x, y]) => f(x ?? fail(), y ?? x ?? fail()), types)

  test('name the operation and both shapes', () => {
    expect(traced(ad.add, f64(3), f64(4))).toThrow('add: shapes [3] and [4] do not broadcast')
    expect(traced(ad.matmul, f64(3, 4), f64(5, 2))).toThrow(
      'matmul: inner sizes differ, f64[3,4] and f64[5,2]',
    )
    expect(traced(ad.matmul, f64(3, 4, 5), f64(5))).toThrow(
      'matmul: expected matrices or vectors, got f64[3,4,5]',
    )
    expect(traced((x) => ad.sum(x, { axes: 2 }), f64(3))).toThrow('sum: f64[3] has no axis 2')
    expect(traced((x) => ad.reshape(x, [4]), f64(3))).toThrow('reshape: f64[3] has 3 elements, [4] has 4')
    expect(traced((x) => ad.broadcastTo(x, [4]), f64(3))).toThrow(
      'broadcastTo: f64[3] does not broadcast to [4]',
    )
    expect(traced(ad.gather, f64(3), f64(4))).toThrow('gather: expected i32, got f64[4]')
    expect(traced(ad.pick, f64(3, 2), i32(4))).toThrow('pick: expected a matrix and one label for each row')
    expect(traced(ad.exp, i32(3))).toThrow('exp: expected f64, got i32[3]')
    expect(traced((x) => ad.concat([x, x], 2), f64(3))).toThrow('concat: f64[3] has no axis 2')
    expect(() => ad.grad((x) => x)(Float64Array.of(1, 2))).toThrow(
      'the function must return a scalar, it returned f64[2]',
    )
  })

  test('two traces do not mix, and a tensor does not outlive its trace', () => {
    let kept: ad.Tensor | undefined
    ad.trace(
      (...[x]) => {
        kept = x
        return x ?? fail()
      },
      [f64(2)],
    )
    expect(traced((x) => ad.add(x, kept ?? fail()), f64(2))).toThrow(
      'add: the operand f64[2] belongs to another trace',
    )
    expect(() => ad.exp(kept ?? fail())).toThrow(
      'exp: a Tensor was used after the traced function had returned',
    )
    expect(traced(() => kept ?? fail(), f64(2))).toThrow('the output f64[2] belongs to another trace')
  })

  test('operators of the language are refused', () => {
    expect(traced((x) => Number(x) * 2, f64())).toThrow(
      'a Tensor is not a number: write mul(x, 2), not x * 2',
    )
    expect(() => ad.add(1, 2)).toThrow('add: at least one operand must be a Tensor')
  })
})

describe('the verifier', () => {
  const program = ad.trace(
    (...[x, y]) => ad.sum(ad.mul(ad.exp(x ?? fail()), y ?? fail()), { axes: 0 }),
    [f64(2, 3), f64(3)],
  )
  const errors = (ir: ad.IR): string =>
    E.match(
      (invalids: ReadonlyArray<Parameters<typeof showInvalid>[0]>) => invalids.map(showInvalid).join('\n'),
      () => 'valid',
    )(ad.verify(ir))
  const patched = (k: number, change: (e: ad.Equation) => object): ad.IR => {
    const equations: unknown = program.equations.map((e, i) => (i === k ? { ...e, ...change(e) } : e))
    return { ...program, equations: equations as ad.IR['equations'] }
  }

  test('accepts what trace wrote', () => {
    expect(errors(program)).toBe('valid')
  })

  const mutants: ReadonlyArray<readonly [string, ad.IR, string]> = [
    ['a value read before it is defined', patched(0, () => ({ inputs: [3] })), 'equations[0].inputs'],
    ['a value that reads itself', patched(1, () => ({ inputs: [3] })), 'equations[1].inputs'],
    ['a value that does not exist', patched(0, () => ({ inputs: [-1] })), 'equations[0].inputs'],
    ['a fractional value', patched(0, () => ({ inputs: [0.5] })), 'equations[0].inputs'],
    ['too few inputs', patched(2, (e) => ({ inputs: e.inputs.slice(1) })), 'equations[2].inputs'],
    ['a wrong shape', patched(0, () => ({ shape: [3, 2] })), 'exp gives f64[2,3]'],
    ['a negative size', patched(0, () => ({ shape: [-2, 3] })), 'a shape of integers >= 0'],
    ['a wrong element type', patched(0, () => ({ type: 'i32' })), 'exp gives f64[2,3]'],
    ['an unknown element type', patched(0, () => ({ type: 'f32' })), 'a type f64 or i32'],
    ['an unknown primitive', patched(0, () => ({ primitive: 'expp' })), 'a known primitive'],
    ['a primitive inherited from Object', patched(0, () => ({ primitive: 'toString' })), 'a known primitive'],
    ['a missing parameter', patched(3, () => ({ params: {} })), 'equations[3].params.axes'],
    ['an unknown parameter', patched(0, () => ({ params: { axes: [0] } })), 'equations[0].params.axes'],
    ['an axis that does not exist', patched(3, () => ({ params: { axes: [2] } })), 'has no axes [2]'],
    ['axes that repeat', patched(3, () => ({ params: { axes: [0, 0] } })), 'has no axes [0,0]'],
    ['an output that does not exist', { ...program, outputs: [99] }, 'outputs[0]'],
    ['an input without a shape', { ...program, inputs: [f64(2, 3), f64(1.5)] }, 'inputs[1]'],
  ]
  for (const [what, ir, where] of mutants)
    test(`refuses ${what}`, () => {
      expect(errors(ir)).toContain(where)
    })
})
