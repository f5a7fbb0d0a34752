// One loop per function: a loop shared by all would call its function through one polymorphic site.

type Loop1 = (out: Float64Array, x: Float64Array) => void
type Loop2 = (out: Float64Array, x: Float64Array, y: Float64Array) => void

export const map =
  (f: (x: number) => number): Loop1 =>
  (out, x) => {
    for (let i = 0; i < out.length; i += 1) out[i] = f(x[i] as number)
  }

export const zip =
  (f: (x: number, y: number) => number): Loop2 =>
  (out, x, y) => {
    for (let i = 0; i < out.length; i += 1) out[i] = f(x[i] as number, y[i] as number)
  }

export const add: Loop2 = (out, x, y) => {
  for (let i = 0; i < out.length; i += 1) out[i] = (x[i] as number) + (y[i] as number)
}

export const sub: Loop2 = (out, x, y) => {
  for (let i = 0; i < out.length; i += 1) out[i] = (x[i] as number) - (y[i] as number)
}

export const mul: Loop2 = (out, x, y) => {
  for (let i = 0; i < out.length; i += 1) out[i] = (x[i] as number) * (y[i] as number)
}

export const div: Loop2 = (out, x, y) => {
  for (let i = 0; i < out.length; i += 1) out[i] = (x[i] as number) / (y[i] as number)
}

export const neg: Loop1 = (out, x) => {
  for (let i = 0; i < out.length; i += 1) out[i] = -(x[i] as number)
}

export const select = (out: Float64Array, mask: Float64Array, x: Float64Array, y: Float64Array): void => {
  for (let i = 0; i < out.length; i += 1) out[i] = (mask[i] === 0 ? y[i] : x[i]) as number
}
