import { createApp } from 'vue'
import 'vant/lib/index.css'
import './theme/tokens.css'
import './theme/components.css'
import './theme/base.css'
import App from './App.vue'
import { withBackend, type Backend } from './backend'
import { tauriBackend } from './backend/tauri'
import { createPages } from './router'
import { createSession, withSession } from './session'

async function chooseBackend(): Promise<Backend> {
  // the made-up backend is for looking at screens in a browser; a release build drops this branch
  if (import.meta.env.DEV && new URLSearchParams(location.search).has('fake')) {
    return (await import('./backend/fake')).fakeFromQuery(location.search)
  }
  return tauriBackend
}

async function start(): Promise<void> {
  const backend = await chooseBackend()
  const session = createSession(backend)
  session.open(await backend.boot())
  createApp(App)
    .use(withBackend(backend))
    .use(withSession(session))
    .use(createPages(session))
    .mount('#app')
}

void start()
