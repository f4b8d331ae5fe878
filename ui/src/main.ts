import { createApp } from 'vue'
import 'vant/es/style/base.css'
import './theme/tokens.css'
import './theme/components.css'
import './theme/base.css'
import App from './App.vue'
import { refusalOf, withBackend, type Backend } from './backend'
import { tauriBackend } from './backend/tauri'
import { lang, readWords } from './i18n'
import { afterPicture } from './lib/picture'
import { createPages } from './router'
import { createSession, withSession } from './session'
import BootFailed from './start/BootFailed.vue'

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
  try {
    session.open(await backend.boot())
  } catch (error) {
    session.stop()
    await readWords()
    // nothing can be opened, but the window must say why
    const failed = createApp(BootFailed, {
      refusal: refusalOf(error),
      onRetry: () => {
        failed.unmount()
        void start()
      },
    })
    failed.mount('#app')
    return
  }
  if (lang.value !== 'zh') await readWords()
  const pages = createPages(session)
  const app = createApp(App).use(withBackend(backend)).use(withSession(session)).use(pages)
  // one picture with the page in it, not an empty one before
  await pages.isReady()
  app.mount('#app')
  afterPicture(() => {
    document.documentElement.classList.add('painted')
    void readWords()
  })
}

void start()
