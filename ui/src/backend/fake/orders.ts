// Five made-up orders of one day.
import type { OrderCard } from '../types'
import { at } from './time'

/** An order with what only the call screen shows. */
export interface FakeOrder {
  card: OrderCard
  phone: string
  standard: string
}

function order(no: string, phone: string, card: Partial<OrderCard>): FakeOrder {
  return {
    phone,
    standard: 'cmcc-broadband',
    card: {
      stream: `order/${no}`,
      no: `20261122-${no}`,
      short_no: no,
      customer: '',
      phone_masked: `${phone.slice(0, 3)}****${phone.slice(-4)}`,
      alternate_contact: null,
      address: '',
      site_note: null,
      service: '中国移动宽带 新装 1000M',
      job: 'install',
      note: null,
      supplies: null,
      contracted_mbps: 1000,
      promised_start: at('14:00'),
      promised_end: null,
      deadline: null,
      cancelled: null,
      temporary: false,
      ...card,
    },
  }
}

/** The day as the mockup shows it. */
export function fiveOrders(): FakeOrder[] {
  return [
    order('0398', '13900010398', {
      customer: '何女士',
      address: '翠湖花园 2 幢 1 单元 302 室',
      service: '中国移动宽带 新装 500M',
      promised_start: at('08:30'),
    }),
    order('0405', '13700010405', {
      customer: '周先生',
      address: '锦绣路 88 号 3 幢 401 室',
      service: '中国移动宽带 移机 300M',
      job: 'move',
      promised_start: at('10:30'),
    }),
    order('0412', '13812341234', {
      customer: '林女士',
      alternate_contact: '邻居陈阿姨 13955550412',
      address: '翠湖花园 7 幢 2 单元 1203 室',
      site_note: '东门进，7 幢门禁呼 1203',
      service: '中国移动宽带 · 新装 1000M',
      note: '老人午睡，请轻敲门',
      supplies: '光猫 1 台、路由器 1 台、皮线 30 m',
      promised_start: at('14:00'),
      deadline: at('18:00', 1),
    }),
    order('0419', '13600010419', {
      customer: '吴先生',
      address: '梅园里 12 号',
      service: '中国移动宽带 修障',
      job: 'repair',
      promised_start: at('15:30'),
    }),
    order('0423', '13500010423', {
      customer: '郑女士',
      address: '滨江西路 206 号 2 幢 1802 室',
      service: '中国移动宽带 新装 1000M',
      promised_start: at('17:30'),
    }),
  ]
}

const FAMILIES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨'

/** Many orders, to try a long list. */
export function manyOrders(count: number): FakeOrder[] {
  return Array.from({ length: count }, (_, i) =>
    order(String(1000 + i), `138${String(10000000 + i)}`, {
      customer: `${FAMILIES[i % FAMILIES.length] ?? '王'}${i % 2 ? '先生' : '女士'}`,
      address:
        i % 7 === 0
          ? `滨江西路 ${i} 号滨江府邸东区 ${1 + (i % 30)} 幢 2 单元 1802 室（地下车库 B2 电梯直达）`
          : `梅园里 ${i} 号`,
      promised_start: at(`${8 + (i % 10)}:${i % 2 ? '30' : '00'}`, Math.floor(i / 40) + 1),
    }),
  )
}
