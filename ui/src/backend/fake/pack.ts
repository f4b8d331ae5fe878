// A made-up standard: enough phases and kinds of evidence to show every screen.
import type {
  ChipView,
  EvidenceView,
  ItemView,
  KitView,
  PhaseView,
  QuestionView,
  ReadingView,
} from '../types'

const chip = (id: string, text: string, not_ours = false): ChipView => ({
  id,
  text,
  customer: null,
  not_ours,
})

interface More {
  note?: string
  required?: boolean
  mismatch?: boolean
  photos?: [number, string]
  na?: ChipView[]
  clauses?: string[]
}

function item(id: string, text: string, evidence: EvidenceView, more: More = {}): ItemView {
  return {
    id,
    text,
    note: more.note ?? null,
    evidence,
    required: more.required ?? true,
    mismatch: more.mismatch ?? false,
    status: 'open',
    blocked_by: null,
    frozen: false,
    answer: null,
    at: null,
    late: null,
    photos: [],
    photo_rule: more.photos ? { min: more.photos[0], of: more.photos[1] } : null,
    na_reasons: more.na ?? [],
    clauses: more.clauses ?? [],
  }
}

const tick: EvidenceView = { kind: 'tick' }

function phase(
  id: string,
  name: string,
  stage: PhaseView['stage'],
  items: ItemView[],
  more: Partial<Pick<PhaseView, 'hint' | 'say' | 'dont' | 'remind' | 'questions'>> = {},
): PhaseView {
  return {
    id,
    name,
    hint: null,
    stage,
    done: 0,
    total: 0,
    items,
    questions: [],
    say: [],
    dont: [],
    remind: [],
    tickable: 0,
    ...more,
  }
}

function question(id: string, text: string, required = false): QuestionView {
  return { id, text, required, value: null }
}

const optical: ReadingView = {
  unit: 'dBm',
  sign: 'negative',
  decimals: 2,
  min: '-27',
  max: '-8',
  contract: null,
  point: '光猫入口',
  wavelength_nm: 1490,
  slots: [
    { id: 'before', name: '装前', required: false, value: null, reason: null, within: null },
    { id: 'after', name: '装后', required: true, value: null, reason: null, within: null },
  ],
}

const speed: ReadingView = {
  unit: 'Mbps',
  sign: 'positive',
  decimals: 1,
  min: '900',
  max: null,
  contract: 1000,
  point: null,
  wavelength_nm: null,
  slots: [{ id: 'down', name: '下行', required: true, value: null, reason: null, within: null }],
}

/** What must come first, by item id. */
export const AFTER: Record<string, string[]> = {
  consent: ['badge-shown'],
  entered: ['badge-shown', 'consent', 'covers-on'],
  'mat-laid': ['form-shown'],
  cabling: ['form-shown', 'mat-laid'],
}

/** Rows that a question switches on. */
export const WHEN: Record<string, string> = { 'moved-consent': 'moved' }

function doorPhase(): PhaseView {
  return phase(
    'door',
    '进门',
    'door',
    [
      item('badge-shown', '出示带「中国移动」标志的工号牌', tick, { clauses: ['S37-20'] }),
      item('introduced', '自我介绍：问好、身份、姓名', tick, { clauses: ['S37-21'] }),
      item('verified', '核对姓名、地址和业务', tick, { mismatch: true, clauses: ['S07-10'] }),
      item('consent', '客户同意后再进门', tick, { note: '必须在进屋之前', clauses: ['S37-22'] }),
      item('covers-on', '在门外穿好鞋套', tick, { clauses: ['S37-25', 'S07-12'] }),
      item('entered', '进门', { kind: 'auto_milestone', milestone: 'entered' }),
      item('prior-damage', '门口、墙面原有损伤，先拍照留底', tick, {
        note: '没有损伤就直接打勾',
        photos: [0, '原有损伤'],
      }),
    ],
    {
      hint: '出示证件，说明来意',
      say: ['您好，我是中国移动宽带安装维护员周建国，来给您装宽带，很高兴见到您。现在方便进门吗？'],
      dont: ['长按门铃、重敲门', '没得到同意就进屋'],
      remind: ['比约定早 5–10 分钟到', '见面微笑、点头'],
    },
  )
}

function workPhase(): PhaseView {
  return phase(
    'work',
    '施工',
    'inside',
    [
      item('form-shown', '把记录表给客户看，请客户监督', tick, { note: '必须在动手之前' }),
      item('fees', '收费：先说明，客户同意再做', { kind: 'rows', list: 'fees', min: 0 }),
      item('mat-laid', '先铺垫布，再放工具', tick, { photos: [0, '铺好的垫布'] }),
      item('moved-consent', '挪东西之前，客户点了头', tick),
      item('cabling', '走线整齐，尽量走暗管', { kind: 'photo' }, { photos: [1, '布好的线'] }),
      item(
        'devices',
        '设备登记',
        { kind: 'rows', list: 'devices', min: 1 },
        { photos: [1, '设备标签'] },
      ),
      item(
        'materials',
        '用了哪些材料',
        { kind: 'rows', list: 'materials', min: 0 },
        { required: false },
      ),
    ],
    {
      hint: '先说明，再动手',
      questions: [question('moved', '要挪动客户的东西吗？')],
      say: ['这是服务质量记录表，我做的每一步都在上面，请您监督。'],
      dont: ['没把握的事当场答应'],
    },
  )
}

function testPhase(): PhaseView {
  return phase(
    'test',
    '测试演示',
    'inside',
    [
      item('optical', '光功率', { kind: 'reading', spec: optical }, { photos: [1, '仪表读数'] }),
      item('speed', '有线测速', { kind: 'reading', spec: speed }, { photos: [1, '测速结果'] }),
      item('wifi', '无线覆盖', {
        kind: 'choice',
        options: [chip('full', '全屋满格'), chip('weak', '有弱点'), chip('none', '没测')],
      }),
      item('demo', '当面演示上网，客户亲眼看到', tick, { note: '打开网页、测速页各一次' }),
    ],
    { hint: '读数记准，客户亲眼看到', say: ['宽带已经通了，请您自己打开网页试试。'] },
  )
}

/** The phases of a fresh visit. */
export function phases(): PhaseView[] {
  return structuredClone([
    phase(
      'appointment',
      '预约',
      'appointment',
      [
        item('call', '打电话预约，说清上门做什么', { kind: 'auto_call' }),
        item('time-agreed', '时间由客户定', { kind: 'auto_appointment' }),
      ],
      { hint: '先打电话，时间听客户的' },
    ),
    phase(
      'depart',
      '出发前',
      'depart',
      [
        item('kit-five-ones', '五个一带齐', { kind: 'auto_kit', kit: 'five-ones' }),
        item('dressed', '戴好工号牌，穿好统一工作服', tick),
      ],
      { hint: '带齐、穿好，再出发', dont: ['上门前喝酒'] },
    ),
    doorPhase(),
    workPhase(),
    testPhase(),
    phase(
      'cleanup',
      '清场',
      'inside',
      [
        item('tidy', '垃圾带走，东西归位', tick),
        item(
          'sockets',
          '插座、面板装回原样',
          { kind: 'tick_or_na' },
          { na: [chip('untouched', '没有动过')] },
        ),
      ],
      { hint: '东西归位，垃圾带走', questions: [question('damage', '有没有碰坏东西？', true)] },
    ),
    phase('teach', '讲解', 'inside', [
      item('usage', '讲清怎么用、怎么报修', tick),
      item(
        'advice',
        '客户还想知道什么',
        { kind: 'text', hint: '例：路由器放哪里信号好' },
        { required: false },
      ),
    ]),
    phase('sign', '签字', 'sign_off', [
      item('feedback', '客户评价', { kind: 'feedback' }),
      item('customer-signature', '客户签字', { kind: 'customer_signature' }),
      item('technician-signature', '师傅签字', { kind: 'technician_signature' }),
    ]),
  ])
}

/** 五个一 as it stands in the morning. */
export function fiveOnes(checked_at: KitView['checked_at']): KitView {
  const names: Record<string, string> = {
    'shoe-covers': '一双鞋套',
    mat: '一块垫布',
    rag: '一块抹布',
    'rubbish-bag': '一个垃圾袋',
    'record-form': '一张服务记录表',
  }
  return {
    pack: 'cmcc-broadband',
    kit: 'five-ones',
    name: '五个一',
    members: Object.entries(names).map(([id, name]) => ({
      id,
      name,
      present: checked_at ? true : null,
      used: false,
    })),
    checked_at,
    reason: null,
    settled: checked_at !== null,
    reasons: [
      chip('stock', '班组没有货'),
      chip('on-site', '客户家有'),
      chip('urgent', '抢修，来不及领'),
    ],
  }
}

/** What may be charged. */
export const PRICES = [{ id: 'extra-cable', name: '加长皮线', unit: '米', unit_price: '5.00' }]

/** Reasons as chips. */
export const REASONS = {
  suspend: [
    chip('duct', '管道不通', true),
    chip('no-port', '无端口', true),
    chip('property', '物业不许', true),
    chip('customer', '客户原因', true),
    chip('material', '缺料'),
  ],
  returned: [chip('withdrawn', '客户不装了', true), chip('no-resource', '没有资源', true)],
  change: [
    chip('customer-time', '客户时间有变', true),
    chip('previous', '上一单拖延'),
    chip('material', '缺料'),
    chip('weather', '天气', true),
  ],
  unsigned: [
    { ...chip('absent', '人已离开'), customer: '我现在有事要走' },
    { ...chip('hand', '手不方便'), customer: '我写字不方便' },
    chip('unwilling', '不愿意签'),
  ],
  reading: [
    chip('outside', '外线衰减大', true),
    chip('splitter', '分光器问题', true),
    chip('meter', '仪表偏差'),
  ],
}

/** What the customer is asked. */
export const SURVEY = [
  {
    id: 'proper',
    text: '操作是否规范',
    options: [chip('yes', '规范'), chip('partly', '基本规范'), chip('no', '不规范')],
  },
  { id: 'manners', text: '行为举止是否得当', options: [chip('yes', '得当'), chip('no', '不得当')] },
  {
    id: 'content',
    text: '满意程度',
    options: [
      chip('very', '很满意'),
      chip('good', '满意'),
      chip('fair', '一般'),
      chip('bad', '不满意'),
    ],
  },
]
