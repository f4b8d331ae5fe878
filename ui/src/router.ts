// The pages. Which may be opened depends only on where the app stands. Today nearly always comes first, so it
// comes with the program; the others are read when they are opened.
import {
  createRouter,
  createWebHashHistory,
  type RouteComponent,
  type Router,
  type RouterHistory,
} from 'vue-router'
import { withWords } from '@/i18n'
import TodayPage from '@/today/TodayPage.vue'
import type { Session } from '@/session'

const pages = import.meta.glob<RouteComponent>(
  './{visit,start,import,settings,order,desk,assess,follow,packs}/*Page.vue',
  { import: 'default' },
)

/** Pages that only a lead opens. */
const FOR_LEADS = new Set(['desk', 'assessments', 'assess', 'score-sheet', 'staff', 'staff-card'])

function page(path: string): () => Promise<RouteComponent> {
  const load = pages[`./${path}.vue`]
  if (!load) throw new Error(`no page ${path}`)
  return () => withWords(load())
}

/**
 * The router of the window: a lead's opens at the desk, any other at Today. When the tablet is still in the
 * customer's hands after a crash or a restart, the first page is theirs.
 */
export function createPages(
  session: Session,
  history: RouterHistory = createWebHashHistory(),
): Router {
  let asked = false
  const isLead = (): boolean => session.boot.value?.role === 'lead'
  const home = () => ({ name: isLead() ? 'desk' : 'today' })
  const router = createRouter({
    history,
    routes: [
      { path: '/', redirect: home },
      { path: '/start', name: 'start', component: page('start/StartPage') },
      { path: '/unlock', name: 'unlock', component: page('start/UnlockPage') },
      { path: '/desk', name: 'desk', component: page('desk/DeskPage') },
      { path: '/assessments', name: 'assessments', component: page('assess/AssessListPage') },
      {
        path: '/assess/:id(.*)/sheet',
        name: 'score-sheet',
        component: page('assess/ScoreSheetPage'),
      },
      { path: '/assess/:id(.*)', name: 'assess', component: page('assess/AssessPage') },
      { path: '/staff', name: 'staff', component: page('assess/StaffPage') },
      { path: '/staff/:no', name: 'staff-card', component: page('assess/StaffCardPage') },
      { path: '/today', name: 'today', component: TodayPage },
      { path: '/order/:id(.*)', name: 'order', component: page('order/OrderPage') },
      { path: '/new-order', name: 'new-order', component: page('order/NewOrderPage') },
      { path: '/import', name: 'import', component: page('import/ImportPage') },
      { path: '/settings', name: 'settings', component: page('settings/SettingsPage') },
      { path: '/packs', name: 'packs', component: page('packs/PacksPage') },
      { path: '/preview/:id', name: 'preview', component: page('packs/PreviewPage') },
      { path: '/follow', name: 'follow', component: page('follow/FollowPage') },
      { path: '/visit/:id/missing', name: 'missing', component: page('visit/MissingPage') },
      { path: '/visit/:id/handover', name: 'handover', component: page('visit/HandoverPage') },
      { path: '/visit/:id/ticket', name: 'ticket', component: page('visit/TicketPage') },
      { path: '/visit/:id/:phase?', name: 'visit', component: page('visit/VisitPage') },
      { path: '/:rest(.*)*', redirect: home },
    ],
  })
  router.beforeEach((to) => {
    const state = session.boot.value?.state
    if (state === 'first_start') return to.name === 'start' || { name: 'start' }
    if (state === 'locked') return to.name === 'unlock' || { name: 'unlock' }
    if (!asked) {
      asked = true
      const visit = session.boot.value?.handover
      if (visit) return { name: 'handover', params: { id: visit } }
    }
    if (FOR_LEADS.has(String(to.name)) && !isLead()) return { name: 'today' }
    return to.name === 'start' || to.name === 'unlock' ? home() : true
  })
  return router
}
