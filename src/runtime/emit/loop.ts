import type { Code, Local } from '../assembler/code.js'

// Loops are tested at the bottom and count in addresses, so that one addition serves as step and as counter.

/** Sets `target` to `base + count * bytes`. */
export const place = (c: Code, target: Local, base: Local, count: Local, bytes: number): void => {
  c.get(base, count).i32(bytes).op('i32.mul').op('i32.add').set(target)
}

/** Moves an address on by a fixed number of bytes. */
export const advance = (c: Code, address: Local, bytes: number): void => {
  c.get(address).i32(bytes).op('i32.add').set(address)
}

/** A new local that begins as a copy of another. */
export const copyOf = (c: Code, source: Local): Local => {
  const local = c.local('i32')
  c.get(source).set(local)
  return local
}

/** Does `body` for every address from where `address` stands, `step` bytes apart, until it is exactly `end`. */
export const sweep = (c: Code, address: Local, end: Local, step: number, body: () => void): void => {
  c.get(address, end)
    .op('i32.ne')
    .when(() => {
      c.loop((again) => {
        body()
        c.get(address).i32(step).op('i32.add').tee(address).get(end).op('i32.ne')
        again()
      })
    })
}

/** Does `body` as often as `count` says, which is zero afterwards. */
export const repeat = (c: Code, count: Local, body: () => void): void => {
  c.get(count).when(() => {
    c.loop((again) => {
      body()
      c.get(count).i32(1).op('i32.sub').tee(count)
      again()
    })
  })
}

/** Sets `part` to the smaller of `count` and `limit`, as counts. */
export const atMost = (c: Code, part: Local, count: Local, limit: number): void => {
  c.get(count).set(part)
  c.get(count)
    .i32(limit)
    .op('i32.gt_u')
    .when(() => {
      c.i32(limit).set(part)
    })
}

/** Sets `part` to the smaller of two counts. */
export const least = (c: Code, part: Local, count: Local, limit: Local): void => {
  c.get(count).set(part)
  c.get(part, limit)
    .op('i32.gt_u')
    .when(() => {
      c.get(limit).set(part)
    })
}

/** Does `body` when `count` has the bit `bit`. */
export const whenBit = (c: Code, count: Local, bit: number, body: () => void): void => {
  c.get(count).i32(bit).op('i32.and').when(body)
}

/** Sets `target` to `count` rounded down to a multiple of `unit`, a power of two. */
export const whole = (c: Code, target: Local, count: Local, unit: number): void => {
  c.get(count).i32(-unit).op('i32.and').set(target)
}
