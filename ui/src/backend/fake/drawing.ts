// Made-up photos, drawn: enough to tell one from another on a screen. PNG without compression.
const W = 160
const H = 120

type Paint = [r: number, g: number, b: number]
type Box = [x: number, y: number, w: number, h: number, colour: Paint]

const WALL: Paint = [232, 228, 219]
const WOOD: Paint = [150, 116, 82]
const DARK: Paint = [52, 55, 59]
const LIGHT: Paint = [250, 250, 247]
const GREEN: Paint = [63, 150, 95]
const AMBER: Paint = [224, 163, 42]

/** What each kind of photo shows, as boxes from back to front. */
const SCENES: Readonly<Record<string, Box[]>> = {
  label: [
    [0, 0, W, H, DARK],
    [22, 26, 116, 74, LIGHT],
    ...Array.from({ length: 26 }, (_, i): Box => [30 + i * 3, 48, 1 + (i % 3), 18, DARK]),
    [30, 36, 60, 4, DARK],
    [30, 78, 84, 3, DARK],
  ],
  cabling: [
    [0, 0, W, H, WALL],
    [0, 76, W, 44, WOOD],
    [48, 56, 30, 20, LIGHT],
    [88, 60, 60, 16, DARK],
    ...[96, 106, 132, 142].map((x): Box => [x, 34, 3, 26, DARK]),
    [14, 0, 3, 66, LIGHT],
    [14, 66, 34, 3, LIGHT],
    [78, 68, 10, 2, AMBER],
  ],
  meter: [
    [0, 0, W, H, [200, 187, 166]],
    [52, 18, 60, 102, AMBER],
    [60, 28, 44, 24, [186, 206, 170]],
    ...Array.from({ length: 9 }, (_, i): Box => [
      61 + (i % 3) * 15,
      60 + Math.floor(i / 3) * 15,
      11,
      10,
      DARK,
    ]),
  ],
  speed: [
    [0, 0, W, H, [214, 212, 205]],
    [36, 10, 88, 104, DARK],
    [42, 18, 76, 80, LIGHT],
    [52, 40, 56, 10, GREEN],
    [52, 58, 38, 6, WOOD],
  ],
  frame: [
    [0, 0, W, H, WALL],
    [86, 0, 30, H, WOOD],
    [116, 0, 44, H, [76, 44, 24]],
    [94, 58, 12, 3, LIGHT],
    [98, 64, 3, 16, LIGHT],
  ],
  mat: [
    [0, 0, W, H, [205, 190, 165]],
    [20, 18, 120, 86, [47, 95, 85]],
    [36, 36, 26, 42, AMBER],
    [90, 44, 30, 6, LIGHT],
  ],
}

/** A darker, shifted picture for another order: alike, not the same. */
function shade(no: string): { shift: number; dim: number } {
  const n = [...no].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7)
  return { shift: n % 9, dim: 1 - (n % 5) * 0.05 }
}

function pixels(kind: string, no: string): Uint8Array {
  const { shift, dim } = shade(no)
  const raw = new Uint8Array(H * (1 + W * 3))
  for (const [x, y, w, h, colour] of SCENES[kind] ?? []) {
    const left = x === 0 ? 0 : x + shift
    for (let row = y; row < Math.min(y + h, H); row += 1) {
      for (let col = left; col < Math.min(left + w, W); col += 1) {
        const at = row * (1 + W * 3) + 1 + col * 3
        const light = dim * (1 - Math.abs(col - W / 2) / (W * 2.4))
        for (let c = 0; c < 3; c += 1) raw[at + c] = Math.round((colour[c] ?? 0) * light)
      }
    }
  }
  return raw
}

function crc(bytes: Uint8Array): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let k = 0; k < 8; k += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return ~sum >>> 0
}

function word(n: number): number[] {
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]
}

function chunk(name: string, data: ArrayLike<number>): number[] {
  const body = Uint8Array.from([...name].map((c) => c.charCodeAt(0)).concat(Array.from(data)))
  return [...word(data.length), ...body, ...word(crc(body))]
}

function adler(bytes: Uint8Array): number {
  let [a, b] = [1, 0]
  for (const byte of bytes) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return ((b << 16) | a) >>> 0
}

/** The picture named `pic-<kind>-<order>`; null for any other name. */
export function drawn(name: string): ArrayBuffer | null {
  const [, kind, no] = /^pic-(\w+)-(\w+)$/.exec(name) ?? []
  if (!kind || !no || !SCENES[kind]) return null
  const raw = pixels(kind, no)
  const size = [raw.length & 255, raw.length >> 8]
  const stored = [0x78, 1, 1, ...size, ...size.map((n) => ~n & 255), ...raw, ...word(adler(raw))]
  const png = [
    ...[137, 80, 78, 71, 13, 10, 26, 10],
    ...chunk('IHDR', [...word(W), ...word(H), 8, 2, 0, 0, 0]),
    ...chunk('IDAT', stored),
    ...chunk('IEND', []),
  ]
  return Uint8Array.from(png).buffer
}
