import type { DeviceAction, Moment, RowData, RowList } from '@/backend'

/** A row while it is typed: everything is text until it can be sent. */
export interface RowDraft {
  name: string
  sn: string
  mac: string
  action: DeviceAction
  quantity: string
  unit: string
  price: string
  told_at: Moment | null
  agreed_at: Moment | null
  channel: string
  /** Id of the pack's price that a fee follows; empty: none. */
  priceId: string
}

/** An empty form, or one filled from a row. */
export function draftOf(row: RowData | null): RowDraft {
  const empty: RowDraft = {
    name: '',
    sn: '',
    mac: '',
    action: 'installed',
    quantity: '1',
    unit: '',
    price: '',
    told_at: null,
    agreed_at: null,
    channel: '',
    priceId: '',
  }
  switch (row?.list) {
    case 'devices':
      return { ...empty, name: row.name, sn: row.sn, mac: row.mac, action: row.action }
    case 'materials':
      return { ...empty, name: row.name, quantity: row.quantity, unit: row.unit }
    case 'fees':
      return {
        ...empty,
        name: row.name,
        price: row.unit_price,
        quantity: row.quantity,
        told_at: row.told_at,
        agreed_at: row.agreed_at,
        channel: row.channel ?? '',
        priceId: row.price ?? '',
        unit: row.unit ?? '',
      }
    default:
      return empty
  }
}

/** `48db2a7c1907` and `48-DB-…` as `48:DB:2A:7C:19:07`; anything else only tidied. */
export function tidyMac(text: string): string {
  const hex = text
    .normalize('NFKC')
    .replace(/[\s:.-]/g, '')
    .toUpperCase()
  return /^[0-9A-F]{12}$/.test(hex) ? (hex.match(/../g) ?? []).join(':') : text.trim().toUpperCase()
}

/** A scanned or typed serial number: no blanks, upper case, without a scanner's `SN:` in front. */
export function tidySn(text: string): string {
  return text
    .normalize('NFKC')
    .trim()
    .replace(/^S\/?N\s*[:：]?\s*/i, '')
    .replace(/\s+/g, '')
    .toUpperCase()
}

/** A MAC address may be left out, but not half typed. */
const macFits = (text: string) => {
  const tidy = tidyMac(text)
  return tidy === '' || /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(tidy)
}

/** A decimal number above zero as text, or null. */
export function tidyNumber(text: string): string | null {
  const plain = text.normalize('NFKC').trim().replace('。', '.')
  if (!/^\d{1,9}(\.\d{1,4})?$/.test(plain)) return null
  return Number(plain) > 0 ? plain.replace(/^0+(?=\d)/, '') : null
}

/** A number as so many ten-thousandths. */
function tenThousandths(text: string): bigint | null {
  const [whole = '0', rest = ''] = tidyNumber(text)?.split('.') ?? []
  return tidyNumber(text) === null ? null : BigInt(whole + rest.padEnd(4, '0'))
}

/** Price times quantity in yuan, rounded to the cent as on the ticket; null while one is no number. */
export function amountOf(price: string, quantity: string): string | null {
  const [each, much] = [tenThousandths(price), tenThousandths(quantity)]
  if (each === null || much === null) return null
  const cents = ((each * much + 500_000n) / 1_000_000n).toString().padStart(3, '0')
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`
}

/** A field that a row cannot do without. */
export type Wanting = 'name' | 'sn' | 'mac' | 'price' | 'quantity' | 'unit' | 'told' | 'agreed'

/** The fields that still keep a draft from being sent, first one first. */
export function wanting(list: RowList, draft: RowDraft): Wanting[] {
  const fields: Wanting[] = []
  if (!draft.name.trim()) fields.push('name')
  if (list === 'devices' && !tidySn(draft.sn)) fields.push('sn')
  if (list === 'devices' && !macFits(draft.mac)) fields.push('mac')
  if (list === 'fees' && tidyNumber(draft.price) === null) fields.push('price')
  if (list !== 'devices' && tidyNumber(draft.quantity) === null) fields.push('quantity')
  if (list === 'materials' && !draft.unit.trim()) fields.push('unit')
  if (list === 'fees' && !draft.told_at) fields.push('told')
  if (list === 'fees' && !draft.agreed_at) fields.push('agreed')
  return fields
}

/** The row to send, or null while something is wanting. */
export function rowOf(list: RowList, draft: RowDraft): RowData | null {
  if (wanting(list, draft).length > 0) return null
  const name = draft.name.trim()
  const quantity = tidyNumber(draft.quantity) ?? '1'
  if (list === 'devices')
    return { list, name, sn: tidySn(draft.sn), mac: tidyMac(draft.mac), action: draft.action }
  if (list === 'materials') return { list, name, quantity, unit: draft.unit.trim() }
  return {
    list,
    name,
    unit_price: tidyNumber(draft.price) ?? '0',
    quantity,
    // plain values: a form's reactive ones do not cross the bridge
    told_at: draft.told_at && { ...draft.told_at },
    agreed_at: draft.agreed_at && { ...draft.agreed_at },
    channel: draft.channel.trim() || null,
    ...(draft.priceId ? { price: draft.priceId, unit: draft.unit } : {}),
  }
}

/** Things handed out for the order, as names to tap: `光猫 G-2101 ×1、皮线 20 m` → both. */
export function suppliesOf(words: string | null): string[] {
  if (!words) return []
  const parts = words
    .split(/[、，,；;\n]/)
    .map((part) => part.replace(/\s*[×x*]\s*\d+\s*\S?$/i, '').trim())
  return [...new Set(parts.filter((part) => part.length > 0 && part.length <= 40))]
}
