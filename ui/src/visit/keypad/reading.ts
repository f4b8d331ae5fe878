import type { Sign } from '@/backend'

/** A reading while it is typed: the digits without their sign, so a keypad needs no minus. */
export interface Typed {
  digits: string
  negative: boolean
}

/** Longest figure a meter shows, in digits. */
const MOST_DIGITS = 7

/** What stands on the keys. */
export type Key =
  '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | 'dot' | 'back' | 'clear' | 'sign'

/** An empty figure with the sign that the standard fixes. */
export function blank(sign: Sign): Typed {
  return { digits: '', negative: sign === 'negative' }
}

/** A stored value, e.g. `-21.6`, ready to be typed over. */
export function fromValue(value: string | null, sign: Sign): Typed {
  if (value === null) return blank(sign)
  const negative = value.startsWith('-')
  return { digits: negative ? value.slice(1) : value, negative }
}

/** The value to send, or null while nothing that is a number was typed. */
export function toValue(typed: Typed): string | null {
  const digits = typed.digits.replace(/\.$/, '')
  if (!/^\d+(\.\d+)?$/.test(digits)) return null
  const plain = digits.replace(/^0+(?=\d)/, '')
  const zero = /^0(\.0+)?$/.test(plain)
  return typed.negative && !zero ? `-${plain}` : plain
}

/** One key pressed. Keys that make no sense (a second dot, too many decimals) change nothing. */
export function press(typed: Typed, key: Key, sign: Sign, decimals: number): Typed {
  switch (key) {
    case 'clear':
      return blank(sign)
    case 'back':
      return { ...typed, digits: typed.digits.slice(0, -1) }
    case 'sign':
      return sign === 'any' ? { ...typed, negative: !typed.negative } : typed
    case 'dot':
      if (decimals === 0 || typed.digits.includes('.')) return typed
      return { ...typed, digits: `${typed.digits || '0'}.` }
    default:
      return digit(typed, key, decimals)
  }
}

function digit(typed: Typed, key: string, decimals: number): Typed {
  const [, fraction] = typed.digits.split('.')
  if (fraction !== undefined && fraction.length >= decimals) return typed
  if (typed.digits.replace('.', '').length >= MOST_DIGITS) return typed
  return { ...typed, digits: typed.digits === '0' ? key : typed.digits + key }
}

/** Text that came from a real keyboard or a meter that types, brought into the same form. */
export function fromText(text: string, sign: Sign, decimals: number): Typed {
  const half = text.normalize('NFKC').replace(/[−–]/g, '-')
  let typed = blank(sign)
  if (sign === 'any' && half.includes('-')) typed.negative = true
  for (const c of half) {
    if (c === '.' || c === '。') typed = press(typed, 'dot', sign, decimals)
    else if (c >= '0' && c <= '9') typed = press(typed, c as Key, sign, decimals)
  }
  return typed
}

/** Inside the limits? Null where there are none or there is no value. */
export function within(
  value: string | null,
  min: string | null,
  max: string | null,
): boolean | null {
  if (value === null || (min === null && max === null)) return null
  const v = Number(value)
  return (min === null || v >= Number(min)) && (max === null || v <= Number(max))
}

/** Places on the limit bar in percent of its width; `from` to `to` is the part inside the limits. */
export interface Gauge {
  from: number
  to: number
  mark: number | null
}

const LOW = 13
const HIGH = 85

/** Lays the limits and the value on a bar; values far outside stop at its ends. */
export function gauge(
  value: string | null,
  min: string | null,
  max: string | null,
  contract: number | null,
): Gauge | null {
  if (min === null && max === null) return null
  const [low, high] = span(min, max, contract)
  const at = (v: number) => LOW + ((HIGH - LOW) * (v - low)) / (high - low || 1)
  const clamp = (percent: number) => Math.min(Math.max(percent, 1), 99)
  return {
    from: min === null ? 0 : clamp(at(Number(min))),
    to: max === null ? 100 : clamp(at(Number(max))),
    mark: value === null ? null : clamp(at(Number(value))),
  }
}

/** The values that stand at 13 % and 85 % of the bar. */
function span(min: string | null, max: string | null, contract: number | null): [number, number] {
  if (min !== null && max !== null) return [Number(min), Number(max)]
  if (min !== null) {
    const low = Number(min)
    // a speed is read against what was sold, so that has a place on the bar too
    return [low - Math.abs(low), contract ?? low + Math.abs(low)]
  }
  const high = Number(max)
  return [high - Math.abs(high), high]
}
