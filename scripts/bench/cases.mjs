// What is measured, against what, and what it may cost. The budgets are explained in docs/BENCH.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inTurns, jsonLines, pick } from './measure.mjs'
import { Stage } from './start.mjs'
import { HOME, PYTHON, TOP, bench, photo, released } from './tools.mjs'

/**
 * @typedef {{ who: string, samples: number[], unit?: string, against?: number[],
 *             budget?: { ratio?: number, p99?: number, median?: number } }} Result
 * @type {{ name: string, measure: (rounds: number) => Promise<Result[]> }[]}
 */
export const cases = [
  { name: 'cold start, 1,000 orders', measure: coldStart },
  { name: 'answer one item', measure: answer },
  { name: 'Today with 10,000 orders', measure: today },
  { name: 'the lead’s desk with 100,000 visits', measure: desk },
  { name: 'standards that ship', measure: standards },
  { name: 'bytes of 20 visits × 4 photos', measure: bytes },
  { name: '20 visits × 4 photos at 256 kbit/s, 200 ms', measure: slowLink },
  { name: 'ticket of 30 rows and 4 pictures, both copies', measure: ticket },
  { name: '12 MP photo', measure: takePhoto },
]

async function coldStart(rounds) {
  const stage = await Stage.open()
  try {
    stage.profile(bench('profile'), 1000)
    const empty = released('examples/empty_window')
    const first = '[data-testid="order-list"] li[data-index="0"] .name'
    // the app chooses plain buffers where there is no GPU; an empty window that is given them is the stricter yardstick
    const plain = { WEBKIT_DISABLE_DMABUF_RENDERER: '1' }
    const [ours, light, usual] = await inTurns(
      [
        await stage.contestant(released('doorstep'), first),
        await stage.contestant(empty, '#text', plain),
        await stage.contestant(empty, '#text'),
      ],
      rounds,
    )
    return [
      { who: 'Doorstep', samples: ours, against: usual, budget: { ratio: 1.25 } },
      { who: 'empty window as Tauri comes', samples: usual },
      { who: 'Doorstep, against the empty window with plain buffers', samples: ours, against: light },
      { who: 'empty window, plain buffers set beforehand', samples: light },
    ]
  } finally {
    await stage.close()
  }
}

async function answer(rounds) {
  const folder = mkdtempSync(join(HOME, 'answer-'))
  try {
    // the two take turns inside the program
    const lines = jsonLines(bench('answer'), [folder, String(rounds * 50)])
    const bare = pick(lines, { what: 'bare' })
    const ours = pick(lines, { what: 'act' })
    return [
      { who: 'App::act_durably', samples: ours, against: bare, budget: { ratio: 1.5 } },
      { who: 'one bare SQLCipher row commit', samples: bare },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function today(rounds) {
  const lines = jsonLines(bench('today'), [HOME, String(rounds * 10)])
  const questions = {
    first: 'first page',
    last: 'last page',
    search_one: 'search, 1 found',
    search_many: 'search, many found',
  }
  return Object.entries(questions).map(([what, who]) => ({
    who,
    samples: pick(lines, { what }),
    budget: { p99: 16 },
  }))
}

async function desk(rounds) {
  const lines = jsonLines(bench('desk'), [HOME, String(rounds * 5)])
  const questions = {
    first: 'first page: complaints and flags first',
    submitted: 'by submission',
    order: 'by order number',
    customer: 'by customer',
    technician: 'by technician',
    arrival: 'by arrival',
    minutes: 'by minutes inside',
    rating: 'by rating',
    history: 'all 98,000 judged ones, newest first',
    history_last: 'their last page',
    flagged: 'with flags, by customer',
    search_one: 'search in the history, 1 found',
    search_many: 'search in the history, many found',
    search_open: 'search in the queue',
  }
  const told = {
    search_char: 'search in the history, a single character',
    search_all: 'search in the history, what stands in every line',
    submit: 'one submission more, durable',
  }
  const measured = (what, who) => ({ who, samples: pick(lines, { what }) })
  return [
    ...Object.entries(questions).map(([what, who]) => ({
      ...measured(what, who),
      budget: { p99: 100 },
    })),
    ...Object.entries(told).map(([what, who]) => measured(what, who)),
  ]
}

async function standards(rounds) {
  const lines = jsonLines(bench('standards'), [String(rounds * 5)])
  const of = (what) => pick(lines, { what })
  return [
    { who: 'at the start: their heads', samples: of('heads'), budget: { p99: 20 } },
    {
      who: 'all with modules resolved and checked',
      samples: of('all'),
      budget: { median: 20 },
    },
    { who: 'the largest alone, when first needed', samples: of('largest'), budget: { p99: 20 } },
  ]
}

/** One run of a tablet's day over a link of `kind`: the app, the hub's process, a counting proxy between them. */
async function overLink(kind) {
  const visits = process.env.DOORSTEP_BENCH_VISITS ?? '20'
  const [line] = jsonLines(bench('link'), [released('doorstep-hub'), await photo(), kind, visits])
  return line
}

async function bytes() {
  const [clean, cut] = [await overLink('clean'), await overLink('cut')]
  const row = (who, { ratio }, most) => ({
    who,
    samples: [ratio],
    unit: '×',
    budget: { median: most },
  })
  const way = (who, bytes) => ({ who, samples: [bytes / 1e6], unit: 'MB' })
  return [
    row('clean link, both ways against the pictures alone', clean, 1.03),
    row(`cut every 250 KB (${cut.cuts} times)`, cut, 1.1),
    way('the pictures', clean.pictures),
    way('clean link, up', clean.up),
    way('clean link, down', clean.down),
    way('cut every 250 KB, up', cut.up),
    way('cut every 250 KB, down', cut.down),
  ]
}

async function slowLink() {
  const { records, records_ms: last, photo_ms: first } = await overLink('slow')
  return [
    {
      who: `all ${records} records stand at the hub`,
      samples: [last],
      against: [first],
      budget: { ratio: 1 },
    },
    { who: 'the first photo is through', samples: [first] },
  ]
}

async function ticket(rounds) {
  const folder = mkdtempSync(join(HOME, 'ticket-'))
  try {
    const program = bench('ticket')
    const [written] = pick(
      jsonLines(program, ['--runs', '1', '--write', folder]),
      { bench: 'ticket_bytes' },
      'overhead',
    )
    const script = join(TOP, 'crates/ticket/benches/reportlab_ticket.py')
    let theirBytes
    const [ours, theirs] = await inTurns(
      [
        () => pick(jsonLines(program, ['--runs', '2']), { bench: 'ticket' }),
        () => {
          const lines = jsonLines(PYTHON, [script, folder, '--runs', '2'])
          theirBytes = pick(lines, { bench: 'reportlab_bytes' }, 'overhead')
          return pick(lines, { bench: 'reportlab_ticket' })
        },
      ],
      rounds,
    )
    return [
      { who: 'doorstep-ticket', samples: ours, against: theirs, budget: { ratio: 0.12 } },
      { who: 'reportlab', samples: theirs },
      {
        who: 'bytes beside the JPEGs',
        samples: [written / 1000],
        unit: 'KB',
        budget: { median: 130 },
      },
      { who: 'reportlab’s', samples: theirBytes.map((bytes) => bytes / 1000), unit: 'KB' },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function takePhoto(rounds) {
  const path = await photo()
  const yardstick = join(TOP, 'crates/photo/benches/sharp.mjs')
  const [ours, theirs] = await inTurns(
    [
      () => pick(jsonLines(bench('intake'), [path, '2'])),
      () => pick(jsonLines(process.execPath, [yardstick, path, '2'])),
    ],
    rounds,
  )
  return [
    {
      who: 'doorstep-photo, all of its work',
      samples: ours,
      against: theirs,
      budget: { ratio: 1.1 },
    },
    { who: 'sharp: decode, upright, shrink, encode', samples: theirs },
  ]
}
