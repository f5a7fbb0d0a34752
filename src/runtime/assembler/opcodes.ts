/** Instructions without immediates. */
export const instructions = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b,
  'i32.le_s': 0x4c,
  'i32.le_u': 0x4d,
  'i32.ge_s': 0x4e,
  'i32.ge_u': 0x4f,
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'f64.ge': 0x66,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.div_u': 0x6e,
  'i32.rem_u': 0x70,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.shl': 0x74,
  'i32.shr_u': 0x76,
  'f64.abs': 0x99,
  'f64.neg': 0x9a,
  'f64.sqrt': 0x9f,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'f64.min': 0xa4,
  'f64.max': 0xa5,
} as const
export type Instruction = keyof typeof instructions

/** Vector instructions without immediates, behind the prefix 0xfd. */
export const simd = {
  'f64x2.splat': 0x14,
  'f64x2.eq': 0x47,
  'f64x2.ne': 0x48,
  'f64x2.lt': 0x49,
  'f64x2.gt': 0x4a,
  'f64x2.le': 0x4b,
  'f64x2.ge': 0x4c,
  'v128.not': 0x4d,
  'v128.and': 0x4e,
  'v128.andnot': 0x4f,
  'v128.or': 0x50,
  'v128.xor': 0x51,
  'v128.bitselect': 0x52,
  'v128.any_true': 0x53,
  'i64x2.all_true': 0xc3,
  'i64x2.bitmask': 0xc4,
  'i64x2.shl': 0xcb,
  'i64x2.shr_s': 0xcc,
  'i64x2.shr_u': 0xcd,
  'i64x2.add': 0xce,
  'i64x2.sub': 0xd1,
  'i64x2.eq': 0xd6,
  'i64x2.ne': 0xd7,
  'f64x2.abs': 0xec,
  'f64x2.neg': 0xed,
  'f64x2.sqrt': 0xef,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.mul': 0xf2,
  'f64x2.div': 0xf3,
  'f64x2.min': 0xf4,
  'f64x2.max': 0xf5,
  /** `b < a ? b : a`: one instruction, where `min` takes seven. */
  'f64x2.pmin': 0xf6,
  /** `a < b ? b : a`. */
  'f64x2.pmax': 0xf7,
  /** Relaxed: `a * b + c`, rounded once or twice as the machine likes. */
  'f64x2.relaxed_madd': 0x107,
} as const
export type Simd = keyof typeof simd

/** Loads and stores: prefix, opcode, and the alignment that is promised (its logarithm; a hint, never a trap). */
export const memory = {
  'i32.load': [0, 0x28, 2],
  'f64.load': [0, 0x2b, 3],
  'i32.store': [0, 0x36, 2],
  'f64.store': [0, 0x39, 3],
  'v128.load': [0xfd, 0x00, 3],
  'v128.load64_splat': [0xfd, 0x0a, 3],
  'v128.store': [0xfd, 0x0b, 3],
  'v128.load64_zero': [0xfd, 0x5d, 3],
} as const
export type Memory = keyof typeof memory

/** Instructions on 32-bit words that all threads see in one order, behind the prefix 0xfe. An address that is not aligned is a trap. */
export const atomic = {
  'memory.atomic.notify': 0x00,
  'i32.atomic.load': 0x10,
  'i32.atomic.store': 0x17,
  'i32.atomic.rmw.add': 0x1e,
} as const
export type Atomic = keyof typeof atomic
